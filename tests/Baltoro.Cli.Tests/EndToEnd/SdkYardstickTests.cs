// The yardstick itself: the official packages walk straight to the scripted vendors, nothing of ours between.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

public class SdkYardstickTests
{
    [Theory, InlineData("claude", true), InlineData("claude", false), InlineData("messages", true), InlineData("messages", false)]
    public async Task The_Anthropic_package_walks_against_each_server_of_Messages(string alias, bool streaming)
    {
        await using var cast = await Cast.Of(Trail.Script(), alias);
        var trail = Trail.Of(12, "anywhere", forkEvery: 4);

        var walk = await AnthropicSdk.Walk(trail, cast[alias].Url, _ => "any-model", streaming);

        Check(cast, alias, trail, walk);
    }

    [Theory]
    [InlineData("kimi", true), InlineData("kimi", false), InlineData("glm", true), InlineData("glm", false)]
    [InlineData("deepseek", true), InlineData("deepseek", false), InlineData("openrouter", true), InlineData("openrouter", false)]
    [InlineData("self-hosted", true), InlineData("self-hosted", false), InlineData("plain", true), InlineData("plain", false)]
    public async Task The_OpenAI_package_walks_against_each_dialect(string alias, bool streaming)
    {
        await using var cast = await Cast.Of(Trail.Script(), alias);
        var trail = Trail.Of(12, "anywhere", forkEvery: 4);

        var walk = await OpenAISdk.Walk(trail, cast[alias].Url, _ => "any-model", streaming);

        Check(cast, alias, trail, walk);
    }

    static void Check(Cast cast, string alias, Trail trail, Walk walk)
    {
        Assert.Empty(cast.Violations);
        Assert.Equal(Trail.Finished, walk.LastWords);
        Assert.Equal(trail.Answer, walk.Answer);
        Assert.Equal(Player.Named(alias).ThoughtsOn(trail), cast[alias].Asked[^1].ThoughtsBeforeCalls());
        var billed = cast[alias].Asked[^1].Billed!;
        Assert.Equal((billed.Prompt, billed.Output), (walk.Input, walk.Output));
    }
}
