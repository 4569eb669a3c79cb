// The promise of the product: the real Claude Code finishes a long task on any model, and on several in one conversation.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

public class ClaudeCodeThroughTheGatewayTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <remarks>300 calls over Kimi; over the others where someone asks for long runs.</remarks>
    [Theory, MemberData(nameof(Player.Aliases), MemberType = typeof(Player))]
    public async Task Finishes_a_long_task_with_every_thought_back_at_its_model(string alias)
    {
        int calls = alias == "kimi" || Survival.IsAsked($"claude-code {alias} in good health") ? 300 : 60;
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(calls, client.Folder, forkEvery: 7);
        trail.Lay();

        var ending = await client.Run(trail.Task, alias, Limit);

        Assert.Empty(cast.Violations);
        Assert.Equal(Trail.Finished, ending.Result());
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
        var asked = cast[alias].Asked;
        Assert.Equal(Player.Named(alias).ThoughtsOn(trail), asked[^1].ThoughtsBeforeCalls());
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{TimeProvider.System.GetElapsedTime(asked[0].Arrived, asked[^1].Arrived).TotalMilliseconds / (asked.Count - 1):F0} ms a step");
    }

    [Theory, MemberData(nameof(Player.Aliases), MemberType = typeof(Player))]
    public async Task Each_request_repeats_the_one_before_so_that_prefix_caches_hit(string alias)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(20, client.Folder, forkEvery: 7);
        trail.Lay();

        (await client.Run(trail.Task, alias, Limit)).Result();

        // Claude Code moves its cache marks from request to request; where they are understood they are passed on.
        Func<RecordedRequest, RecordedRequest, SharedPrefix> shared =
            Player.Named(alias).Format == "anthropic" ? SharedPrefix.InMeaningBetween : SharedPrefix.Between;
        var asked = cast[alias].Asked;
        Assert.All(asked.Zip(asked.Skip(1), shared), prefix => Assert.True(prefix.Whole, prefix.ToString()));
    }
}

public class ClaudeCodeBetweenModelsTests
{
    const int CallsPerModel = 10;
    static readonly string[] Relay = ["kimi", "claude", "glm", "deepseek", "kimi"];
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Switches_from_Kimi_to_Claude_to_GLM_to_DeepSeek_and_back_every_10_calls_without_a_single_refusal()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(CallsPerModel), Relay);
        await using var gateway = await GatewayProcess.Before(scratch, cast);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(CallsPerModel * Relay.Length, client.Folder);
        trail.Lay();

        var last = "";
        foreach (var (turn, model) in Relay.Index())
            last = (await client.Run(turn == 0 ? trail.Task : Trail.GoOn, model, Limit, goOn: turn > 0)).Result();

        Assert.Empty(cast.Violations);
        Assert.Equal(Trail.Finished, last);
        Assert.Equal(trail.Answer, await File.ReadAllTextAsync(trail.AnswerFile, TestContext.Current.CancellationToken));
        // Claude Code itself leaves out the thoughts of replies whose model is not the one it now asks for. What Kimi thought
        // before must be there in every request after the return, which it is only if replies name the model as it was asked for.
        var expected = trail.Thoughts.Select((thought, i) => Relay[i / CallsPerModel] == "kimi" ? thought : "").ToList();
        var afterTheReturn = cast["kimi"].Asked.Where(r => r.Conversation!.CallsSoFar >= CallsPerModel * (Relay.Length - 1)).ToList();
        Assert.Equal(CallsPerModel + 1, afterTheReturn.Count);
        Assert.All(afterTheReturn, r => Assert.Equal(expected.Take(r.Conversation!.CallsSoFar), r.ThoughtsBeforeCalls()));
    }

    [Fact]
    public async Task Keeps_the_thoughts_of_all_models_when_the_gateway_switches_behind_one_model_name()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(CallsPerModel), Relay);
        var trail = Trail.Of(CallsPerModel * Relay.Length, scratch.Folder("work"));
        trail.Lay();

        var last = "";
        foreach (var (turn, model) in Relay.Index())
        {
            await using var gateway = await GatewayProcess.Before(scratch, cast, standing: model);
            var client = await ClaudeCode.At(scratch, gateway.Url);
            last = (await client.Run(turn == 0 ? trail.Task : Trail.GoOn, "baltoro", Limit, goOn: turn > 0)).Result();
        }

        Assert.Empty(cast.Violations);
        Assert.Equal(Trail.Finished, last);
        // Claude Code asks for Claude's thinking without its text: a sealed thought says nothing to another model.
        Assert.Equal(trail.Thoughts.Select((thought, i) => Relay[i / CallsPerModel] == "claude" ? "" : thought),
            cast["kimi"].Asked[^1].ThoughtsBeforeCalls());
    }
}
