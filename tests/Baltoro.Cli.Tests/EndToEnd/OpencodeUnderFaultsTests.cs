// A second real client behind the gateway, over Chat Completions. Whatever the model's side does, its task goes on.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

/// <remarks>All faults in turn over a dialect of either format; over a third, and each alone over Kimi, who can have all of them, where someone asks for it.</remarks>
public class OpencodeUnderFaultsTests
{
    const int Every = 2;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    public static TheoryData<string> Rows => [.. Faults.At("kimi").Keys];

    [Theory, MemberData(nameof(Rows))]
    public async Task Finishes_60_calls_over_Kimi_with_the_fault_at_every_tenth_step(string fault)
    {
        Survival.OnlyWhenAsked($"opencode kimi {fault}");
        await Finishes("kimi", calls: 60, FaultPlans.Every(10, Faults.At("kimi")[fault]), repeats: Faults.At("kimi")[fault] is Fault.SameCall);
    }

    [Theory, InlineData("kimi"), InlineData("claude"), InlineData("glm")]
    public Task Finishes_a_task_with_another_fault_at_every_second_step(string alias)
    {
        if (alias == "glm") Survival.OnlyWhenAsked($"opencode {alias} in turn");
        var faults = Faults.At(alias).Values.ToList();
        return Finishes(alias, calls: (faults.Count + 1) * Every * 3 / 2, FaultPlans.InTurn(Every, faults), repeats: true, forkEvery: 2);
    }

    static async Task Finishes(string alias, int calls, FaultPlan plan, bool repeats, int forkEvery = 4)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Trail.Script(), plan, alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast, patience: Patience.Short);
        var client = await Opencode.At(scratch, gateway.Url + "/v1");
        var trail = Trail.Of(calls, client.Folder, forkEvery);
        trail.Lay();

        var shown = await client.Run(trail.Task, alias, Limit);

        TestContext.Current.TestOutputHelper?.WriteLine($"{cast[alias].Asked.Count} requests for {trail.Thoughts.Count + 1} replies\n{string.Join('\n', gateway.Failures)}");
        Assert.Equal(Trail.Finished, shown.Result());
        Assert.DoesNotContain("<|", shown.Output);
        Survival.Check(cast[alias], trail, repeats);
        Survival.Check(gateway);
    }
}
