// The yardstick itself: the real opencode walks a trail straight to a scripted vendor, nothing of ours between.

using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.EndToEnd;

public class OpencodeYardstickTests
{
    [Fact]
    public async Task Opencode_walks_a_trail_against_the_scripted_DeepSeek()
    {
        using var scratch = new Scratch();
        await using var upstream = await Upstream.Start(new DeepSeek(), Trail.Script());
        var client = await Opencode.At(scratch, upstream.Url);
        var trail = Trail.Of(20, client.Folder, forkEvery: 7);
        trail.Lay();

        var shown = await client.Run(trail.Task, "any-model", TimeSpan.FromMinutes(2));

        Assert.Empty(upstream.Violations);
        Assert.Equal(Trail.Finished, shown.Result());
        Survival.Check(upstream, trail);
    }
}
