// A second real client behind the gateway, over Chat Completions. Whatever the model's side does, its task goes on.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

/// <remarks>All faults in turn over the dialects; alone those of which clients of this format have died most.</remarks>
public class OpencodeUnderFaultsTests
{
    const int Every = 3;
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Theory]
    [InlineData("529"), InlineData("reset"), InlineData("cut in thinking"), InlineData("cut in a call"), InlineData("end in a call")]
    [InlineData("pings before the first event"), InlineData("empty reply"), InlineData("thinking only"), InlineData("length stop in thinking")]
    [InlineData("arguments cut off"), InlineData("repeated ids"), InlineData("stop beside a call"), InlineData("the same call again and again")]
    [InlineData("tokens in text, in a section"), InlineData("tokens in thinking, without a section")]
    public Task Finishes_60_calls_over_Kimi_with_the_fault_at_every_tenth_step(string fault) =>
        Finishes("kimi", calls: 60, FaultPlans.Every(10, Faults.At("kimi")[fault]), repeats: Faults.At("kimi")[fault] is Fault.SameCall);

    [Theory, InlineData("kimi"), InlineData("claude"), InlineData("glm"), InlineData("deepseek"), InlineData("plain")]
    public Task Finishes_a_task_with_another_fault_at_every_third_step(string alias)
    {
        var faults = Faults.At(alias).Values.ToList();
        return Finishes(alias, calls: (faults.Count + 1) * Every * 3 / 2, FaultPlans.InTurn(Every, faults), repeats: true, forkEvery: 2);
    }

    static async Task Finishes(string alias, int calls, FaultPlan plan, bool repeats, int forkEvery = 4)
    {
        Survival.OnlyWhenAsked();
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
        Survival.Check(gateway, Player.Named(alias));
    }
}
