// The yardstick itself: the real client walks a trail straight to the scripted vendor, nothing of ours between.

using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Messages;

namespace Baltoro.Cli.Tests.EndToEnd;

public class YardstickTests
{
    [Fact]
    public async Task Claude_Code_walks_a_trail_against_the_scripted_Claude()
    {
        using var scratch = new Scratch();
        await using var claude = await Upstream.Start(new Claude(), Trail.Script());
        var client = await ClaudeCode.At(scratch, claude.Url);
        var trail = Trail.Of(30, client.Folder, forkEvery: 7);
        trail.Lay();

        var ending = await client.Run(trail.Task, "claude-opus-4-8", TimeSpan.FromMinutes(2));

        Assert.Empty(claude.Violations);
        Assert.Equal(Trail.Finished, ending.Result());
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Equal(trail.Thoughts, claude.Asked[^1].ThoughtsBeforeCalls());
    }
}
