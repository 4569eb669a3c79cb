// Whatever the model's side does, the agent's task goes on: each fault by itself, and all of them mixed in a long task.

using System.Collections.Concurrent;
using Baltoro.Agent.Loop;
using Baltoro.Chat;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

/// <remarks>Most of the time is waiting, for a pause to be over or a silence to be long enough: so many runs go on at once, and in several classes.</remarks>
public class FaultTests
{
    const int AtOnce = 12;

    /// <summary>Chat Completions, Anthropic's own Messages, and where someone asks for it Messages as others speak it.</summary>
    [Theory, InlineData("kimi"), InlineData("claude"), InlineData("messages")]
    public async Task Every_fault_is_survived_six_times_in_sixty_steps(string alias)
    {
        if (alias == "messages") Survival.OnlyWhenAsked($"agent {alias}");
        ConcurrentDictionary<string, string> lost = [];
        await Parallel.ForEachAsync(FaultyTask.FaultsAt(alias), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (row, _) =>
        {
            // Steps are replies; merged calls and repeated ids need some with two calls.
            int forkEvery = row.Value is Fault.MergedCalls or Fault.CallIds ? 5 : 12;
            if (await FaultyTask.Problem(alias, 60 + 60 / forkEvery, forkEvery, FaultPlans.Every(10, row.Value), repeats: row.Value is Fault.SameCall or Fault.CallsInTurn) is { Length: > 0 } problem) lost[row.Key] = problem;
        });
        Assert.True(lost.IsEmpty, string.Join("\n\n", lost.Select(row => $"{row.Key}: {row.Value}")));
    }
}

public class RefusedConnectionTests
{
    [Theory, InlineData("kimi"), InlineData("claude")]
    public async Task An_upstream_that_is_gone_for_a_while_is_waited_for_six_times_in_sixty_steps(string alias) => Assert.Equal("", await FaultyTask.Refused(alias, calls: 60, every: 10));
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
        Problem(alias, calls: 1000, forkEvery: int.MaxValue, FaultPlans.Mixed(seed: 20261124, oneIn: 12, [.. FaultsAt(alias).Values]), repeats: true);

    public static IReadOnlyDictionary<string, Fault> FaultsAt(string alias) => Faults.At(alias).Concat(Faults.OfTasks).ToDictionary();

    /// <summary>The same, where the upstream is not there when it is asked, until it has been asked once more in vain.</summary>
    public static async Task<string> Refused(string alias, int calls, int every)
    {
        await using AgentScene scene = await AgentScene.Of(alias, Trail.Script());
        Trail trail = Trail.Of(calls, scene.Folder);
        trail.Lay();
        int replies = 0, refused = 0;
        bool isGone = false;
        RunEnd end = await scene.Run(trail.Task, step =>
        {
            if (step.Value is ReplyEvent.Finished && ++replies % every == 0)
            {
                scene.Upstream.GoAway();
                isGone = true;
            }
            if (step.Value is not ReplyEvent.Mended { What: Mend.Retried } || !isGone) return;
            refused++;
            scene.Upstream.ComeBack();
            isGone = false;
        });
        Assert.EndsWith(Trail.Finished, Assert.IsType<RunEnd.Done>(end).Answer, StringComparison.Ordinal);
        Assert.Equal(calls / every, refused);
        Survival.Check(scene.Upstream, trail);
        return "";
    }

    /// <summary>Empty when the task came to the right answer, nothing was run twice and no vendor had anything to complain of.</summary>
    public static async Task<string> Problem(string alias, int calls, int forkEvery, FaultPlan faults, bool repeats)
    {
        await using AgentScene scene = await AgentScene.Of(alias, Trail.Script(), faults);
        Trail trail = Trail.Of(calls, scene.Folder, forkEvery);
        trail.Lay();
        try
        {
            RunEnd end = await scene.Run(trail.Task);
            // What a cut text goes on with is its own rest.
            Assert.True(end is RunEnd.Done { Answer: var answer } && answer.EndsWith(Trail.Finished, StringComparison.Ordinal), $"{end}; {string.Join("; ", scene.Upstream.Violations)}");
            Survival.Check(scene.Upstream, trail, repeats);
            return "";
        }
        catch (Xunit.Sdk.XunitException e)
        {
            return e.Message;
        }
    }
}
