// One task from the laying of its folder to the check of what became of it, by the agent as it always is. It knows neither the right steps nor the screen.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Context;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sandbox;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.Worlds;

namespace Baltoro.Cli.Demo;

/// <param name="Differences">Between the folder and what it must be; empty when all is right.</param>
/// <param name="IsSaid">Whether the answer says what it must.</param>
/// <param name="Calls">That were made, whatever they came to.</param>
sealed record WorldOutcome(RunEnd End, Sequence<string> Differences, bool IsSaid, RunSummary Summary, int Calls)
{
    public bool IsSolved => End is RunEnd.Done && Differences.IsEmpty && IsSaid;
}

/// <summary>A model of narrow scope with its tools, in a folder of its own, without anything of the user's: no configuration, no key, no session among his.</summary>
static class WorldRun
{
    /// <param name="folder">Empty; the task's files go into <c>workspace</c> below it, the session beside them.</param>
    /// <param name="mostSteps">Replies after which the run is over, done or not.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="LogException">The log cannot be written.</exception>
    public static async Task<WorldOutcome> Of(World world, string folder, IChatModel model, Sampling sampling, int mostSteps, IRunOutput shown, Interruption interruption)
    {
        string project = WorkspaceIn(folder), scratch = Path.Combine(folder, "results");
        WorldFolder.Lay(world, project);
        using Session session = ((SessionOpening.Found)new SessionStore(Path.Combine(folder, "sessions"), TimeProvider.System)
            .Create(new("", project, model.Card.Id, SystemPrompt.Narrow))).Session;
        await using ToolSet set = ToolSet.Create(project, new() { Confinement = new Confinement.Open(), Scratch = scratch });
        AgentSetup setup = new()
        {
            Model = model,
            Tools = set.ForAgent,
            MainTools = NarrowTools.Of(set.ForAgent()),
            HasSubAgents = false,
            Gate = Gate.Unattended(new(new(project, scratch), Posture.Confined, [], [], [])),
            Budget = new() { Steps = mostSteps },
            Sampling = sampling,
            Live = shown.Live,
        };
        RunTally tally = new();
        int calls = 0;
        session.Listener = logged =>
        {
            tally.Add(logged);
            if (logged.Event is SessionEvent.CallEnded) calls++;
            shown.Logged(logged);
        };
        shown.Began(session, model.Card, new(AgentRun.ToolNames(setup), []));
        long began = TimeProvider.System.GetTimestamp();
        RunEnd end = await AgentRun.To(session, [new Block.Text(world.Request)], setup, interruption);
        RunSummary summary = tally.Of(session, end, Spending.None, TimeProvider.System.GetElapsedTime(began));
        shown.Ended(summary);
        return new(end, WorldFolder.Differences(world, project).ToSequence(), end.Text.Contains(world.Says, StringComparison.Ordinal), summary, calls);
    }

    public static string WorkspaceIn(string folder) => Path.Combine(folder, "workspace");
}
