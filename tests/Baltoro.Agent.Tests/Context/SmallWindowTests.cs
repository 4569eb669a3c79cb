// Results that are large for the window that there is: cut to a share of it, with the whole in a file.

using System.Text.Json.Nodes;
using Baltoro.Agent.Loop;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Agent.Tests.Context;

public class SmallWindowTests
{
    [Theory, InlineData(6_000, 1), InlineData(6_000, 3), InlineData(16_000, 3)]
    public async Task Files_larger_than_the_window_do_not_end_the_run(int window, int together)
    {
        string project = "";
        await using Scene scene = await Scene.Of(new Glm { Window = window }, "openai", "glm", (_, conversation) => conversation.Turns.OfType<Turn.Result>().Any()
            ? Reply.Of(new Part.Think("Seen."), new Part.Say("Done."))
            : Reply.Of([new Part.Think("All at once."), .. Enumerable.Range(0, together).Select(i => new Part.Call("Read", new JsonObject { ["file_path"] = Path.Combine(project, $"{i}.txt") }.ToJsonString()))]), window: window);
        project = scene.Project;
        string[] texts = [.. Enumerable.Range(0, together).Select(i => $"BEGIN {i}\n{string.Concat(Enumerable.Repeat("All the rest is words about nothing.\n", 1200))}END {i}")];
        for (int i = 0; i < together; i++) File.WriteAllText(Path.Combine(project, $"{i}.txt"), texts[i]);

        Assert.Equal(new RunEnd.Done("Done."), await scene.Run("Read them."));

        Assert.Empty(scene.Upstream.Violations);
        string[] results = [.. scene.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.Result>().Select(result => result.Text)];
        Assert.Equal(together, results.Length);
        for (int i = 0; i < together; i++)
        {
            Assert.InRange(results[i].Length, 500, 2500);
            Assert.Contains($"BEGIN {i}", results[i], StringComparison.Ordinal);
            Assert.EndsWith($"END {i}", results[i], StringComparison.Ordinal);
            string file = results[i].Split("the whole text is in ")[1].Split(", to be read")[0];
            Assert.Equal(texts[i], await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task What_a_window_holds_easily_is_shown_whole()
    {
        string project = "";
        await using Scene scene = await Scene.Of(new Glm { Window = 64_000 }, "openai", "glm", (_, conversation) => conversation.CallsSoFar > 0
            ? Reply.Of(new Part.Think("Seen."), new Part.Say("Done."))
            : Reply.Of(new Part.Think("Look."), new Part.Call("Read", new JsonObject { ["file_path"] = Path.Combine(project, "a.txt") }.ToJsonString())), window: 64_000);
        project = scene.Project;
        string text = string.Concat(Enumerable.Repeat("All of this is shown.\n", 1500));
        File.WriteAllText(Path.Combine(project, "a.txt"), text);
        Assert.Equal(new RunEnd.Done("Done."), await scene.Run("Read it."));
        Assert.Equal(text.Trim(), Assert.Single(scene.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.Result>()).Text.Trim());
    }
}
