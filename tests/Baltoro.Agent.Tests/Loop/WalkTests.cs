// A long task from its beginning to its end, over both wire formats.

using Baltoro.Agent.Loop;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;

namespace Baltoro.Agent.Tests.Loop;

public class WalkTests
{
    [Fact]
    public Task Sixty_calls_over_Chat_end_with_the_answer() => Walk(new Kimi(), "openai", "kimi");

    [Fact]
    public Task Sixty_calls_over_Messages_end_with_the_answer() => Walk(new Claude(), "anthropic", "claude");

    static async Task Walk(Vendor vendor, string format, string dialect)
    {
        await using Scene scene = await Scene.Of(vendor, format, dialect, Trail.Script());
        Trail trail = Trail.Of(60, scene.Project, forkEvery: 4);
        trail.Lay();

        RunEnd end = await scene.Run(trail.Task);

        Assert.Equal(new RunEnd.Done(Trail.Finished), end);
        Assert.Empty(scene.Upstream.Violations);
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
        Assert.Equal(60, scene.Diary.Done.Count);
        Assert.Equal([.. trail.Files.Keys.Order().Select(path => $"Read {path}"), $"Write {trail.AnswerFile}"], scene.Diary.Done.Order());
        Assert.All(scene.Upstream.Asked.Zip(scene.Upstream.Asked.Skip(1)), pair => Assert.True(SharedPrefix.InMeaningBetween(pair.First, pair.Second).Whole));
    }
}
