// Whatever the model's side does, the task goes on: the real Claude Code behind the gateway. The client may not try again by itself and
// no failure may reach it: what is survived here the gateway survives.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

/// <remarks>
/// Over every dialect: all faults that it can have, in turn in one task, and all mixed at random in a long one. Each fault alone takes the
/// better part of an hour over all of them, and is run where someone asks for it.
/// </remarks>
static class ClaudeCodeUnderFaults
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    public static async Task Finishes(string alias, int calls, int forkEvery, FaultPlan plan, bool repeats)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), plan, alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast, patience: Patience.Short);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        var trail = Trail.Of(calls, client.Folder, forkEvery);
        trail.Lay();

        var ending = await client.Run(trail.Task, alias, Limit, settings: [("CLAUDE_CODE_MAX_RETRIES", "0")]);

        TestContext.Current.TestOutputHelper?.WriteLine($"{cast[alias].Asked.Count} requests for {trail.Thoughts.Count + 1} replies\n{string.Join('\n', gateway.Failures)}\n{string.Join('\n', cast.Violations.Take(3))}");
        Assert.Equal(Trail.Finished, ending.Result());
        Survival.Check(cast[alias], trail, repeats);
        Survival.Check(gateway);
    }
}

public class ClaudeCodeUnderOneFaultTests
{
    public static TheoryData<string, string> Rows
    {
        get
        {
            TheoryData<string, string> rows = [];
            foreach (var alias in Player.All.Select(p => p.Alias))
                foreach (var fault in Faults.At(alias).Keys) rows.Add(alias, fault);
            return rows;
        }
    }

    /// <summary>Merged calls need steps with two of them.</summary>
    [Theory, MemberData(nameof(Rows))]
    public async Task Finishes_60_calls_with_the_fault_at_every_tenth_step(string alias, string fault)
    {
        Survival.OnlyWhenAsked($"claude-code {alias} {fault}");
        var met = Faults.At(alias)[fault];
        await ClaudeCodeUnderFaults.Finishes(
            alias, calls: 60, forkEvery: met is Fault.MergedCalls or Fault.CallIds ? 5 : 4, FaultPlans.Every(10, met), repeats: met is Fault.SameCall);
    }
}

/// <summary>Behind a text, where a vendor cannot go on, a broken call is passed on: the client's history must not stay broken.</summary>
public class ClaudeCodeUnderBrokenArgumentsTests
{
    [Theory, InlineData("arguments that are no JSON"), InlineData("arguments cut off"), InlineData("arguments in a string"), InlineData("an unknown tool")]
    public Task Finishes_20_calls_over_DeepSeek_with_the_fault_behind_a_text_twice(string fault) => ClaudeCodeUnderFaults.Finishes(
        "deepseek", calls: 20, forkEvery: 4, FaultPlans.Every(10, Faults.At("deepseek")[fault]), repeats: false);
}

public abstract class ClaudeCodeUnderFaultsInTurn
{
    const int Every = 2;

    protected static Task Finishes(string alias)
    {
        var faults = Faults.At(alias).Values.ToList();
        return ClaudeCodeUnderFaults.Finishes(alias, calls: (faults.Count + 1) * Every * 3 / 2, forkEvery: 2, FaultPlans.InTurn(Every, faults), repeats: true);
    }
}

/// <remarks>In two classes, because most of the time is waiting for a silence to be long enough.</remarks>
public class ClaudeCodeUnderFaultsInTurnOverOpenVendorsTests : ClaudeCodeUnderFaultsInTurn
{
    [Theory, InlineData("kimi"), InlineData("glm"), InlineData("deepseek"), InlineData("self-hosted")]
    public Task Finishes_a_task_with_another_fault_at_every_second_step(string alias) => Finishes(alias);
}

public class ClaudeCodeUnderFaultsInTurnOverOtherVendorsTests : ClaudeCodeUnderFaultsInTurn
{
    [Theory, InlineData("claude"), InlineData("messages"), InlineData("openrouter"), InlineData("plain")]
    public Task Finishes_a_task_with_another_fault_at_every_second_step(string alias) => Finishes(alias);
}

public class ClaudeCodeUnderMixedFaultsTests
{
    const int Seed = 20261123;

    /// <summary>Enough for each fault some times; three times as many where someone asks for long runs.</summary>
    static int Calls => Survival.IsAsked("claude-code mixed") ? 300 : 100;

    public static TheoryData<string> Others => [.. Player.All.Select(p => p.Alias).Where(a => a != "kimi")];

    [Fact]
    public Task Finishes_a_long_task_over_Kimi_with_one_attempt_in_six_failing_at_random() => Finishes("kimi");

    [Theory, MemberData(nameof(Others))]
    public async Task Finishes_a_long_task_over_each_other_dialect_with_one_attempt_in_six_failing_at_random(string alias)
    {
        Survival.OnlyWhenAsked($"claude-code {alias} mixed");
        await Finishes(alias);
    }

    static Task Finishes(string alias) => ClaudeCodeUnderFaults.Finishes(
        alias, Calls, forkEvery: 7, FaultPlans.Mixed(Seed, oneIn: 6, [.. Faults.At(alias).Values]), repeats: true);
}
