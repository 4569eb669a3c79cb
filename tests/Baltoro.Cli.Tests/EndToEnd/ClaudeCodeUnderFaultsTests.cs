// Whatever the model's side does, the task goes on: the real Claude Code behind the gateway, each fault alone every ten steps.
// It may not try again itself: what is survived here is survived by the gateway.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

public class ClaudeCodeUnderFaultsTests
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static TheoryData<string, string> Rows => [.. Faults.At("kimi").Keys.Select(fault => ("kimi", fault))];

    [Theory, MemberData(nameof(Rows))]
    public async Task Finishes_60_calls_with_the_fault_at_every_tenth_step(string alias, string name)
    {
        var fault = Faults.At(alias)[name];
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), FaultPlans.Every(10, fault), alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast, patience: Patience.Short);
        var client = await ClaudeCode.At(scratch, gateway.Url);
        // Merged calls need steps with two of them.
        var trail = Trail.Of(60, client.Folder, forkEvery: fault is Fault.MergedCalls ? 5 : 4);
        trail.Lay();

        var ending = await client.Run(trail.Task, alias, Limit, settings: ("CLAUDE_CODE_MAX_RETRIES", "0"));

        TestContext.Current.TestOutputHelper?.WriteLine(Survival.Effort(cast[alias], trail));
        Assert.Equal(Trail.Finished, ending.Result());
        Survival.Check(cast[alias], trail, repeats: fault is Fault.SameCall);
    }
}
