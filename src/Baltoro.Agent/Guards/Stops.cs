// The guards that end a run: on demand, out of budget, blocked, in a loop. They refuse to know what the run was about.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;

namespace Baltoro.Agent.Guards;

/// <summary>Somebody asked to stop.</summary>
sealed class StopOnDemand : IGuard
{
    public Move? Look(Situation now) => now.IsStopAsked ? new Move.Finish(new RunEnd.Interrupted("Stopped on demand.")) : null;
}

/// <summary>A limit is reached and the model would have to be asked again.</summary>
sealed class BudgetStop : IGuard
{
    public Move? Look(Situation now) => now.Spent is { } over ? new Move.Finish(over) : null;
}

/// <summary>A model that runs against the permission rules again and again will not find a way by itself.</summary>
sealed class Denials : IGuard
{
    const int Most = 5;

    public Move? Look(Situation now) => now.State.DenialsInARow >= Most
        ? new Move.Finish(new RunEnd.Blocked($"The last {now.State.DenialsInARow} tool calls were refused by the permission rules."))
        : null;
}

/// <summary>The same calls with the same results, and no reminder has helped.</summary>
sealed class LoopStop : IGuard
{
    public const int Times = 12;

    public Move? Look(Situation now) => now.State.Repeats.Times >= Times
        ? new Move.Finish(new RunEnd.Looped($"The model made the same tool calls with the same results {now.State.Repeats.Times} times in a row."))
        : null;
}

/// <summary>Results are owed to the model before anything else.</summary>
sealed class PendingCalls : IGuard
{
    public Move? Look(Situation now) => now.Standing is Standing.Calling calling ? new Move.RunCalls(calling.Calls) : null;
}

/// <summary>The model ended its turn and no other guard has anything to say.</summary>
sealed class TurnEnd : IGuard
{
    public Move? Look(Situation now) => now.Standing is not Standing.Said said ? null : new Move.Finish(said.Reason switch
    {
        Chat.StopReason.Refusal => new RunEnd.Error($"The model declined to answer. {said.Text}".TrimEnd()),
        Chat.StopReason.OutputLimit => new RunEnd.Error("The model's answer was cut at its output limit again and again."),
        _ when now.State.DenialsInARow > 0 => new RunEnd.Blocked(said.Text),
        _ => new RunEnd.Done(said.Text),
    });
}
