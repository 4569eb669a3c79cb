// The guards in the order in which they are asked: the one place where it can be read what the loop does when. It refuses to know how.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;

namespace Baltoro.Agent.Guards;

static class Course
{
    static readonly IGuard[] InOrder =
    [
        // What ends a run whatever is pending.
        new StopOnDemand(),
        new Denials(),
        new LoopStop(),

        // No call of a reply stays without its result.
        new PendingCalls(),
        new LoopNudge(),

        // The model ended its turn: is it done?
        new CutAtLimit(),
        new OpenTodos(),
        new TurnEnd(),

        // It is to be asked: may it, can it, does it fit?
        new BudgetStop(),
        new Retrying(),
        new FullWindow(),
    ];

    /// <summary>The next move. The same state gives the same move, before and after a crash.</summary>
    public static Move Next(Situation now)
    {
        foreach (IGuard guard in InOrder)
            if (guard.Look(now) is { } move) return move;
        return now.Standing is Standing.Idle ? new Move.Finish(new RunEnd.Error("Nobody has asked for anything.")) : new Move.Ask();
    }
}
