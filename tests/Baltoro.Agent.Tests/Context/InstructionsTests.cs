// AGENTS.md and CLAUDE.md in folders of the project: told when their folder is touched, once, also to a session that is resumed.

using System.Text.Json.Nodes;
using Baltoro.Agent.Context;
using Baltoro.Agent.Loop;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Agent.Tests.Context;

public class InstructionsTests
{
    [Fact]
    public async Task Those_of_a_folder_below_are_told_behind_the_first_result_that_touches_it_and_never_again()
    {
        string project = "";
        string[] order = ["top.txt", "sub/a.txt", "sub/deep/b.txt", "sub/c.txt", "sub/deep/d.txt"];
        await using Scene scene = await Scene.Of(new Kimi(), "openai", "kimi", (_, conversation) => conversation.CallsSoFar < order.Length
            ? Reply.Of(new Part.Think("On."), new Part.Call("Read", new JsonObject { ["file_path"] = Path.Combine(project, order[conversation.CallsSoFar]) }.ToJsonString()))
            : Reply.Of(new Part.Think("All."), new Part.Say("Done.")));
        project = scene.Project;
        foreach (string file in order) Write(file, $"text of {file}");
        Write("AGENTS.md", "top rules");
        Write("sub/AGENTS.md", "sub rules");
        Write("sub/CLAUDE.md", "sub rules for Claude");
        Write("sub/deep/CLAUDE.md", "deep rules");
        Write("other/AGENTS.md", "other rules");

        Assert.IsType<RunEnd.OutOfBudget>(await scene.Run("Read.", scene.Setup with { Budget = new() { Steps = 3 } }));
        Assert.Equal(new RunEnd.Done("Done."), await scene.Resume());

        string[] results = [.. scene.Upstream.Asked[^1].Conversation!.Turns.OfType<Turn.Result>().Select(result => result.Text)];
        Assert.Equal(order.Length, results.Length);
        Assert.Equal(
            ["", "sub/AGENTS.md sub/CLAUDE.md", "sub/deep/CLAUDE.md", "", ""],
            results.Select(text => string.Join(' ', ((string[])["AGENTS.md", "sub/AGENTS.md", "sub/CLAUDE.md", "sub/deep/CLAUDE.md", "other/AGENTS.md"])
                .Where(file => text.Contains($"from {Path.Combine(project, file)}:\n", StringComparison.Ordinal)))));
        Assert.Contains("sub rules for Claude", results[1], StringComparison.Ordinal);
        Assert.Contains("deep rules", results[2], StringComparison.Ordinal);

        void Write(string file, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(project, file))!);
            File.WriteAllText(Path.Combine(project, file), text);
        }
    }

    [Fact]
    public void The_projects_own_are_part_of_the_standing_instructions_and_a_link_out_of_the_project_is_not_followed()
    {
        using Scratch scratch = new();
        string project = scratch.Folder("project"), secret = Path.Combine(scratch.Path, "secret");
        File.WriteAllText(secret, "a secret");
        File.WriteAllText(Path.Combine(project, "AGENTS.md"), "top rules");
        File.CreateSymbolicLink(Path.Combine(project, "CLAUDE.md"), secret);
        Assert.Equal($"Instructions for work in this folder, from {Path.Combine(project, "AGENTS.md")}:\ntop rules", Instructions.Of(project));
        File.Delete(Path.Combine(project, "CLAUDE.md"));
        File.CreateSymbolicLink(Path.Combine(project, "CLAUDE.md"), "AGENTS.md");
        Assert.Equal($"Instructions for work in this folder, from {Path.Combine(project, "AGENTS.md")}:\ntop rules", Instructions.Of(project));
    }
}
