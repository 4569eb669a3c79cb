// `baltoro claude` with the real Claude Code: it believes the model's true window, and makes room before it is full.

using System.Collections.Concurrent;
using System.Text.Json;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.EndToEnd;

public class ClaudeCodeLaunchedTests
{
    const int Window = 262_144;

    /// <summary>Each token counts for so many: a short conversation fills the window.</summary>
    const int Weight = 12;

    const string Summary = "The files were read; nothing else was found.";

    [Fact]
    public async Task It_sees_the_models_window_and_compacts_before_it_is_full()
    {
        using var scratch = new Scratch();
        var prompts = new ConcurrentQueue<(int Tokens, bool Compacts)>();
        var files = 0;
        await using var kimi = await Upstream.Start(new Kimi(), (_, conversation) => Answer(conversation, scratch, ref files), claim: (usage, conversation) =>
        {
            prompts.Enqueue((usage.Prompt * Weight, IsAskedToCompact(conversation)));
            return usage with { Prompt = usage.Prompt * Weight, Cached = 0 };
        });
        var launched = new Launched(scratch) { Environment = { ["NOVITA_API_KEY"] = "sk-novita", ["DISABLE_TELEMETRY"] = "1", ["DISABLE_AUTOUPDATER"] = "1", ["CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC"] = "1" } };
        launched.Install("claude", await ClaudeCode.Program());
        var config = Path.Combine(scratch.Path, "config.json");
        await File.WriteAllTextAsync(config, $$"""{ "upstreams": { "novita": { "url": "{{kimi.Url}}" } } }""", TestContext.Current.CancellationToken);

        var (code, output, errors) = await launched.Run("claude", "--model", "kimi", "--config", config, "--",
            "-p", "Read the files, one after another.", "--output-format", "json", "--permission-mode", "acceptEdits", "--allowedTools", "Read");

        Assert.True(code == 0, $"{code}: {output} {errors}");
        using var ending = JsonDocument.Parse(output);
        Assert.Equal("All read.", ending.RootElement.GetProperty("result").GetString());
        var used = ending.RootElement.GetProperty("modelUsage").GetProperty("kimi");
        Assert.Equal(Window, used.GetProperty("contextWindow").GetInt32());
        var compaction = prompts.ToList().FindIndex(prompt => prompt.Compacts);
        Assert.True(compaction > 0, string.Join(' ', prompts));
        Assert.InRange(prompts.Take(compaction).Max(prompt => prompt.Tokens), Window / 2, Window);
        Assert.All(prompts, prompt => Assert.InRange(prompt.Tokens, 1, Window));
    }

    static Reply Answer(Conversation conversation, Scratch scratch, ref int files)
    {
        if (IsAskedToCompact(conversation)) return Reply.Of(new Part.Think("To be short."), new Part.Say($"<summary>{Summary}</summary>"));
        if (conversation.Turns.OfType<Turn.User>().Any(turn => turn.Text.Contains(Summary, StringComparison.Ordinal))) return Reply.Of(new Part.Think("Enough."), new Part.Say("All read."));
        if (!conversation.Tools.Contains("Read")) return Reply.Of(new Part.Say("Files"));
        var file = Path.Combine(scratch.Path, "work", $"{Interlocked.Increment(ref files)}.txt");
        File.WriteAllText(file, string.Concat(Enumerable.Range(0, 150).Select(i => $"{i} is the number of this line of a file.\n")));
        return Reply.Of(new Part.Think("The next one."), new Part.Call("Read", JsonSerializer.Serialize(new Dictionary<string, string> { ["file_path"] = file })));
    }

    static bool IsAskedToCompact(Conversation conversation) =>
        conversation.Turns.OfType<Turn.User>().LastOrDefault()?.Text.Contains("TEXT ONLY", StringComparison.Ordinal) == true;
}
