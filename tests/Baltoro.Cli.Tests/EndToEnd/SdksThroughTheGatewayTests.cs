// The official packages as clients of the gateway: their accumulators must accept whatever it sends.

using Baltoro.ScriptedUpstream;
using OpenAI.Chat;

#pragma warning disable OPENAI001 // Efforts are declared experimental.

namespace Baltoro.Cli.Tests.EndToEnd;

public class SdksThroughTheGatewayTests
{
    const int Calls = 12;
    static readonly string[] Relay = ["kimi", "claude", "glm", "deepseek", "kimi"];

    public static TheoryData<string, bool> AliasesBothWays => [.. Player.All.SelectMany(p => ((string, bool)[])[(p.Alias, true), (p.Alias, false)])];

    [Theory, MemberData(nameof(AliasesBothWays))]
    public async Task The_Anthropic_package_walks_a_trail(string alias, bool streaming)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var trail = Trail.Of(Calls, "anywhere", forkEvery: 4);

        var walk = await AnthropicSdk.Walk(trail, gateway.Url, _ => alias, streaming);

        Check(cast, alias, trail, walk);
    }

    [Theory, MemberData(nameof(AliasesBothWays))]
    public async Task The_OpenAI_package_walks_a_trail(string alias, bool streaming)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var trail = Trail.Of(Calls, "anywhere", forkEvery: 4);

        // Claude thinks only when asked to.
        var walk = await OpenAISdk.Walk(trail, gateway.Url + "/v1", _ => alias, streaming, ChatReasoningEffortLevel.High);

        Check(cast, alias, trail, walk);
    }

    /// <summary>Harder than any client's own switch: in the middle of the tool loop, with no text between.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task The_Anthropic_package_switches_models_inside_a_tool_loop_and_loses_no_thought_that_may_be_kept(bool streaming)
    {
        const int CallsPerModel = 10;
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), Relay);
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var trail = Trail.Of(CallsPerModel * Relay.Length, "anywhere");

        var walk = await AnthropicSdk.Walk(trail, gateway.Url, reply => Relay[Math.Min(reply / CallsPerModel, Relay.Length - 1)], streaming);

        Assert.Empty(cast.Violations);
        Assert.Equal(Trail.Finished, walk.LastWords);
        Assert.Equal(trail.Answer, walk.Answer);
        // Claude showed its thinking here, so that Kimi can read it too.
        Assert.Equal(trail.Thoughts, cast["kimi"].Asked[^1].ThoughtsBeforeCalls());
        // Claude takes back its own thoughts only.
        Assert.Equal(trail.Thoughts.Take(2 * CallsPerModel - 1).Select((thought, i) => i < CallsPerModel ? null : thought),
            cast["claude"].Asked[^1].ThoughtsBeforeCalls());
    }

    static void Check(Cast cast, string alias, Trail trail, Walk walk)
    {
        Assert.Empty(cast.Violations);
        Assert.Equal(Trail.Finished, walk.LastWords);
        Assert.Equal(trail.Answer, walk.Answer);
        Assert.Equal(Player.Named(alias).ThoughtsOn(trail), cast[alias].Asked[^1].ThoughtsBeforeCalls());
        var billed = cast[alias].Asked[^1].Billed!;
        Assert.Equal((billed.Prompt, billed.Output), (walk.Input, walk.Output));
        // Claude caches only what is marked; neither client marks anything.
        Assert.Equal(alias == "claude" ? 0 : billed.Cached, walk.FromCache);
    }
}
