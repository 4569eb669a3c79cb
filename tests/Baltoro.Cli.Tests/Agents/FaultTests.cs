// Whatever the model's side does, the agent's task goes on: each fault by itself, and all of them mixed in a long task.

using System.Collections.Concurrent;
using Baltoro.Agent.Loop;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

/// <remarks>Most of the time is waiting, for a pause to be over or a silence to be long enough: so many runs go on at once, and in several classes.</remarks>
public class FaultTests
{
    const int AtOnce = 12;

    [Theory, InlineData("kimi"), InlineData("claude")]
    public async Task Every_fault_is_survived_six_times_in_sixty_steps(string alias)
    {
        ConcurrentDictionary<string, string> lost = [];
        await Parallel.ForEachAsync(Faults.At(alias), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (row, _) =>
        {
            // Steps are replies; merged calls and repeated ids need some with two calls.
            int forkEvery = row.Value is Fault.MergedCalls or Fault.CallIds ? 5 : 12;
            if (await FaultyTask.Problem(alias, 60 + 60 / forkEvery, forkEvery, FaultPlans.Every(10, row.Value), repeats: row.Value is Fault.SameCall) is { Length: > 0 } problem) lost[row.Key] = problem;
        });
        Assert.True(lost.IsEmpty, string.Join("\n\n", lost.Select(row => $"{row.Key}: {row.Value}")));
    }
}

public class MixedFaultsOverChatTests
{
    [Fact]
    public async Task All_faults_mixed_are_survived_for_a_thousand_steps() => Assert.Equal("", await FaultyTask.Mixed("kimi"));
}

public class MixedFaultsOverMessagesTests
{
    [Fact]
    public async Task All_faults_mixed_are_survived_for_a_thousand_steps() => Assert.Equal("", await FaultyTask.Mixed("claude"));
}

static class FaultyTask
{
    public static Task<string> Mixed(string alias) =>
        Problem(alias, calls: 1000, forkEvery: int.MaxValue, FaultPlans.Mixed(seed: 20261124, oneIn: 12, [.. Faults.At(alias).Values]), repeats: true);

    /// <summary>Empty when the task came to the right answer, nothing was run twice and no vendor had anything to complain of.</summary>
    public static async Task<string> Problem(string alias, int calls, int forkEvery, FaultPlan faults, bool repeats)
    {
        await using AgentScene scene = await AgentScene.Of(alias, Trail.Script(), faults);
        Trail trail = Trail.Of(calls, scene.Folder, forkEvery);
        trail.Lay();
        try
        {
            // What a cut text goes on with is its own rest.
            Assert.EndsWith(Trail.Finished, Assert.IsType<RunEnd.Done>(await scene.Run(trail.Task)).Answer, StringComparison.Ordinal);
            Survival.Check(scene.Upstream, trail, repeats);
            return "";
        }
        catch (Xunit.Sdk.XunitException e)
        {
            return e.Message;
        }
    }
}
