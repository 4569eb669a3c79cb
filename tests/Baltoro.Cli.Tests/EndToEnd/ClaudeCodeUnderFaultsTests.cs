// Whatever the model's side does, the task goes on: the real Claude Code behind the gateway. Where the vendor can go on with a
// begun text, the client may not try again by itself and no failure may reach it: what is survived there the gateway survives.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

/// <remarks>
/// What is covered where, so that all of it takes minutes and not hours: each fault alone over Kimi, who can have all of them;
/// over every other dialect all faults that it can have, in turn in one task; all mixed at random over five dialects.
/// </remarks>
static class ClaudeCodeUnderFaults
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static Task FinishesWhenAsked(string alias, int calls, int forkEvery, FaultPlan plan, bool repeats)
    {
        Survival.OnlyWhenAsked();
        return Finishes(alias, calls, forkEvery, plan, repeats);
    }

    public static async Task Finishes(string alias, int calls, int forkEvery, FaultPlan plan, bool repeats)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), plan, alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast, patience: Patience.Short);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(calls, client.Folder, forkEvery);
        trail.Lay();

        var alone = Player.Named(alias).GoesOn;
        var ending = await client.Run(trail.Task, alias, Limit, settings: alone ? [("CLAUDE_CODE_MAX_RETRIES", "0")] : []);

        TestContext.Current.TestOutputHelper?.WriteLine($"{cast[alias].Asked.Count} requests for {trail.Thoughts.Count + 1} replies\n{string.Join('\n', gateway.Failures)}\n{string.Join('\n', cast.Violations.Take(3))}");
        Assert.Equal(Trail.Finished, ending.Result());
        Survival.Check(cast[alias], trail, repeats);
        Survival.Check(gateway, Player.Named(alias));
    }
}

public class ClaudeCodeUnderOneFaultTests
{
    public static TheoryData<string> Rows => [.. Faults.At("kimi").Keys];

    /// <summary>Merged calls need steps with two of them.</summary>
    [Theory, MemberData(nameof(Rows))]
    public Task Finishes_60_calls_over_Kimi_with_the_fault_at_every_tenth_step(string fault) => ClaudeCodeUnderFaults.FinishesWhenAsked(
        "kimi", calls: 60, forkEvery: Faults.At("kimi")[fault] is Fault.MergedCalls ? 5 : 4,
        FaultPlans.Every(10, Faults.At("kimi")[fault]), repeats: Faults.At("kimi")[fault] is Fault.SameCall);
}

/// <summary>Behind a text, where a vendor cannot go on, a broken call is passed on: the client's history must not stay broken.</summary>
public class ClaudeCodeUnderBrokenArgumentsTests
{
    [Theory, InlineData("arguments that are no JSON"), InlineData("arguments cut off"), InlineData("arguments in a string"), InlineData("an unknown tool")]
    public Task Finishes_40_calls_over_DeepSeek_with_the_fault_behind_a_text(string fault) => ClaudeCodeUnderFaults.Finishes(
        "deepseek", calls: 40, forkEvery: 4, FaultPlans.Every(10, Faults.At("deepseek")[fault]), repeats: false);
}

public class ClaudeCodeUnderFaultsInTurnTests
{
    const int Every = 3;

    public static TheoryData<string> Rows => [.. Player.All.Select(p => p.Alias).Where(a => a != "kimi")];

    [Theory, MemberData(nameof(Rows))]
    public Task Finishes_a_task_over_each_other_dialect_with_a_fault_at_every_third_step(string alias)
    {
        var faults = Faults.At(alias).Values.ToList();
        return ClaudeCodeUnderFaults.FinishesWhenAsked(alias, calls: (faults.Count + 1) * Every * 3 / 2, forkEvery: 2, FaultPlans.InTurn(Every, faults), repeats: true);
    }
}

public class ClaudeCodeUnderMixedFaultsTests
{
    [Theory, InlineData("kimi"), InlineData("claude"), InlineData("glm"), InlineData("deepseek"), InlineData("openrouter")]
    public Task Finishes_300_calls_with_one_attempt_in_six_failing_at_random(string alias) => ClaudeCodeUnderFaults.FinishesWhenAsked(
        alias, calls: 300, forkEvery: 7, FaultPlans.Mixed(seed: 20261123, oneIn: 6, [.. Faults.At(alias).Values]), repeats: true);
}
