// What follows a request that failed: wait, tell the model, or give up. It refuses to know how a request is sent.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;

namespace Baltoro.Agent.Guards;

/// <summary>Every failure of a request ends here; none of them ends a run that could go on, and none is repeated for ever.</summary>
sealed class Retrying : IGuard
{
    /// <summary>How often the model is told of the same mistake before it counts as unable.</summary>
    const int MostTold = 3;

    static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromMinutes(5);

    public Move? Look(Situation now)
    {
        if (now.Standing is not Standing.Failed { Failure: var failure }) return null;
        return failure.Trouble switch
        {
            Trouble.Passing => Again(now, failure),
            Trouble.Empty => Told(now, failure, NudgeReason.EmptyReply,
                "Your last reply was empty: it had neither text nor a tool call. Go on with the task: call the next tool, or give your final answer."),
            Trouble.OutOfRoom => Told(now, failure, NudgeReason.OutOfRoom,
                "You used up the whole output limit by thinking, before you said anything. Think briefly, and take the next step now."),
            Trouble.Looping => Told(now, failure, NudgeReason.Circles,
                "Your thinking repeated the same lines again and again and was cut off. Leave that line of thought; decide, and take the next step now."),
            Trouble.BrokenCall => Told(now, failure, NudgeReason.BrokenCall,
                $"Your last tool call could not be read and was not run. {failure.Message} Make the call again, with arguments that are one complete JSON object."),
            // Room is made by the guard of the window.
            Trouble.TooLong => null,
            _ => new Move.Finish(new RunEnd.Error($"{failure.Name}: {failure.Message}")),
        };
    }

    static Move Again(Situation now, SessionEvent.Failed failure)
    {
        TimeSpan pause = failure.RetryAfter ?? FirstPause * Math.Pow(2, Math.Min(now.State.FailuresInARow - 1, 16));
        if (failure.RetryAfter is null && pause > LongestPause) pause = LongestPause;
        TimeSpan failing = now.Now - now.State.FailingSince;
        return now.Patience is { } patience && failing + pause > patience
            ? new Move.Finish(new RunEnd.Error($"{failure.Name}: {failure.Message} It has failed {now.State.FailuresInARow} times in a row, for {failing:hh\\:mm\\:ss}."))
            : new Move.Ask(pause, $"{failure.Name}: {failure.Message}");
    }

    static Move Told(Situation now, SessionEvent.Failed failure, NudgeReason reason, string words)
    {
        if (!now.Heeds)
            return now.State.FailuresInARow <= MostTold ? new Move.Ask() : new Move.Finish(new RunEnd.Error($"{failure.Name}: {failure.Message} It came {now.State.FailuresInARow} times in a row."));
        if (now.State.NudgesInARow(reason) < MostTold) return new Move.Tell(reason, Reminder.Of(words));
        string message = $"{failure.Name}: {failure.Message} The model was told {MostTold} times.";
        return new Move.Finish(failure.Trouble == Trouble.Looping ? new RunEnd.Looped(message) : new RunEnd.Error(message));
    }
}
