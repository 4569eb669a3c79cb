// The stream of `run --output stream-json` beside that of the real Claude Code on the same task: the same lines in the same order, and no member that it lacks.

using System.Text.Json;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

public class ClaudeSchemaTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    const string Task = "Read what is there, and write the rest.";

    /// <summary>Our own, which a wrapper passes over.</summary>
    static readonly string[] Ours = ["result/success.ended"];

    /// <summary>Lines of theirs that tell of the client, not of the task.</summary>
    static readonly string[] Theirs = ["system/thinking_tokens"];

    [Fact]
    public async Task The_lines_of_a_task_are_those_of_Claude_Code_in_its_order_and_with_no_member_that_it_lacks()
    {
        using Scratch scratch = new();
        string folder = "";
        await using Cast cast = await Cast.Of((number, conversation) => Said(folder, conversation), "claude");
        ClaudeCode client = await ClaudeCode.At(scratch, cast["claude"].Url);
        folder = client.Folder;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.txt"), "one\n", TestContext.Current.CancellationToken);
        Ending ending = await client.Stream(Task, Player.Named("claude").Model, Limit);
        Assert.True(ending.Code == 0, ending.Output + ending.Errors);
        JsonElement[] theirs = Lines(ending.Output);

        await using BuiltAgent agent = await BuiltAgent.Before((number, conversation) => Said(folder, conversation), alias: "claude");
        folder = agent.Project;
        agent.Write("a.txt", "one\n");
        (int code, string output, string errors) = await agent.Run(Task, "--output", "stream-json", "--no-sandbox");
        Assert.True(code == 0, errors);
        JsonElement[] ours = Lines(output);

        Assert.Equal(theirs.Select(Kind).Where(kind => !Theirs.Contains(kind)), ours.Select(Kind));
        Dictionary<string, HashSet<JsonValueKind>> known = Members(theirs);
        Dictionary<string, HashSet<JsonValueKind>> written = Members(ours);
        Assert.Empty(written.Keys.Except(Ours).Except(known.Keys));
        Assert.Empty(written.Where(member => known.TryGetValue(member.Key, out HashSet<JsonValueKind>? kinds) && !member.Value.IsSubsetOf(kinds))
            .Select(member => $"{member.Key}: {string.Join(',', member.Value)} for {string.Join(',', known[member.Key])}"));
        TestContext.Current.TestOutputHelper?.WriteLine($"Only theirs: {string.Join(", ", known.Keys.Except(written.Keys).Order(StringComparer.Ordinal))}");
    }

    /// <summary>A file that is there, one that is not, and one that is made: what else a client asks about beside the task is answered in a word.</summary>
    static Reply Said(string folder, Conversation conversation)
    {
        if (!conversation.Turns.OfType<Turn.User>().Any(turn => turn.Text.Contains(Task, StringComparison.Ordinal))) return Reply.Of(new Part.Say("Yes."));
        string At(string name) => Path.Combine(folder, name);
        return conversation.Turns.OfType<Turn.Result>().Count() switch
        {
            0 => Reply.Of(new Part.Think("There is a."), CallScript.Read(At("a.txt"))),
            1 => Reply.Of(new Part.Think("There may be b."), new Part.Say("And now b."), CallScript.Read(At("b.txt"))),
            2 => Reply.Of(new Part.Think("There was none."), CallScript.Write(At("b.txt"), "two\n")),
            _ => Reply.Of(new Part.Think("All is there."), new Part.Say("Both are there.")),
        };
    }

    static JsonElement[] Lines(string stream) => [.. stream.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    static string TypeOf(JsonElement line) => line.GetProperty("type").GetString() + (line.TryGetProperty("subtype", out JsonElement subtype) ? $"/{subtype.GetString()}" : "");

    /// <summary>What a line is: its type, the blocks that it brings, and of a result its form and whether it is an error.</summary>
    static string Kind(JsonElement line) => !line.TryGetProperty("message", out JsonElement message) ? TypeOf(line)
        : $"{TypeOf(line)} {string.Join(' ', message.GetProperty("content").EnumerateArray().Select(block =>
            block.GetProperty("type").GetString() + (block.TryGetProperty("content", out JsonElement content) ? $" in a {content.ValueKind}{(block.TryGetProperty("is_error", out JsonElement error) ? $", error {error}" : "")}" : "")))}";

    /// <summary>Paths from the kind of line to each member, lists passed through, with the kinds of value seen there.</summary>
    static Dictionary<string, HashSet<JsonValueKind>> Members(JsonElement[] lines)
    {
        Dictionary<string, HashSet<JsonValueKind>> members = new(StringComparer.Ordinal);
        foreach (JsonElement line in lines) Walk(line, TypeOf(line));
        return members;

        void Walk(JsonElement json, string path)
        {
            if (json.ValueKind == JsonValueKind.Array)
                foreach (JsonElement item in json.EnumerateArray()) Walk(item, item.ValueKind == JsonValueKind.Object && item.TryGetProperty("type", out JsonElement type) ? $"{path}[{type}]" : $"{path}[]");
            if (json.ValueKind != JsonValueKind.Object) return;
            foreach (JsonProperty member in json.EnumerateObject())
            {
                // Names of models, and what a tool is given, are theirs to choose.
                string at = path.EndsWith(".modelUsage", StringComparison.Ordinal) ? $"{path}.*" : $"{path}.{member.Name}";
                if (at.EndsWith("[tool_use].input", StringComparison.Ordinal)) continue;
                if (!members.TryGetValue(at, out HashSet<JsonValueKind>? kinds)) members[at] = kinds = [];
                kinds.Add(member.Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? JsonValueKind.True : member.Value.ValueKind);
                Walk(member.Value, at);
            }
        }
    }
}
