// Makes room before a prompt stops fitting, and notices when making room does not help. It refuses to know how room is made.

using Baltoro.Agent.Context;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;

namespace Baltoro.Agent.Guards;

/// <summary>Looks before every step, not only when the user speaks: an unattended run has no turns.</summary>
sealed class FullWindow : IGuard
{
    const int MostFailures = 3;

    /// <summary>Steps after which a compaction that changed nothing is tried again, while there is still room.</summary>
    const int StepsBetweenTries = 5;

    public Move? Look(Situation now)
    {
        bool refused = now.Standing is Standing.Failed { Failure.Trouble: Trouble.TooLong };
        long used = now.State.Meter.Used(now.Window.Standing);
        if (!refused && used < now.Window.Trigger) return null;

        bool isFull = refused || used >= now.Window.Most;
        if (now.State.FailedCompactionsInARow >= MostFailures && isFull)
            return new Move.Finish(new RunEnd.Error(
                $"The window is full ({used} of {now.Window.Tokens} tokens), and making room failed {now.State.FailedCompactionsInARow} times in a row."));
        bool triedLately = now.State.FailedCompactionsInARow > 0 && now.State.StepsAtCompaction is { } steps && now.State.Steps - steps < StepsBetweenTries;
        return triedLately && !isFull ? null : new Move.MakeRoom();
    }
}
