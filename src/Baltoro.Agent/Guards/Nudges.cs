// The guards that speak to the model: it repeats itself, it was cut off, it stopped with work left. They refuse to know what the work is.

using System.Globalization;
using Baltoro.Agent.Context;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Guards;

/// <summary>How the loop's words look to a model: not the user's.</summary>
static class Reminder
{
    public static string Of(string words) => $"<system-reminder>\n{words}\n</system-reminder>";
}

/// <summary>The same calls with the same results for the third, fifth and eighth time.</summary>
sealed class LoopNudge : IGuard
{
    static readonly (int Times, string Words)[] Levels =
    [
        (8, "The same tool calls have now returned the same results {0} times in a row. Stop calling them. Say in plain text what is done, what is not, "
            + "and what keeps you from going on, and end your turn. If the calls go on like this, the run is stopped."),
        (5, "The same tool calls have now returned the same results {0} times in a row. This is a loop, and repeating them will not change the outcome. "
            + "Question the assumption behind them and take a different approach."),
        (3, "The same tool calls with the same arguments have now returned the same results {0} times in a row. Before the next call, state in one sentence "
            + "what new information it is to bring. If it brings none, do something else."),
    ];

    public Move? Look(Situation now)
    {
        if (now.Standing is not Standing.ToAsk || !now.Heeds) return null;
        Repeats repeats = now.State.Repeats;
        foreach ((int times, string words) in Levels)
            if (repeats.Times >= times)
                return repeats.ToldAt >= times ? null : new Move.Tell(NudgeReason.Repeats, Reminder.Of(string.Format(CultureInfo.InvariantCulture, words, repeats.Times)));
        return null;
    }
}

/// <summary>A text that the output limit cut off is no answer.</summary>
sealed class CutAtLimit : IGuard
{
    const int Most = 3;

    public Move? Look(Situation now) =>
        now.Standing is Standing.Said { Reason: StopReason.OutputLimit or StopReason.WindowFull } && now.Heeds && now.State.NudgesInARow(NudgeReason.CutAtLimit) < Most
            ? new Move.Tell(NudgeReason.CutAtLimit, Reminder.Of("Your reply was cut off at the output limit. Go on exactly where it stopped; write long contents in several smaller tool calls."))
            : null;
}

/// <summary>A turn that ends while the model's own list says that there is more to do.</summary>
sealed class OpenTodos : IGuard
{
    /// <summary>Between two user messages. A list that nobody keeps up must not keep a finished run alive.</summary>
    const int Most = 10;

    public Move? Look(Situation now)
    {
        if (now.Standing is not Standing.Said { Reason: not StopReason.Refusal }) return null;
        if (now.State.NudgesInARow(NudgeReason.OpenTodos) > 0 || now.State.NudgesOfTurn(NudgeReason.OpenTodos) >= Most || now.State.DenialsInARow > 0) return null;
        Todo[] open = [.. now.State.Todos.Where(todo => todo.IsOpen)];
        return open.Length == 0 ? null : new Move.Tell(NudgeReason.OpenTodos, Reminder.Of(
            "You ended your turn, but your to-do list has open items:\n" + string.Join('\n', open.Select(todo => $"- {todo.Content} ({todo.Status})"))
            + "\nIf work is left, go on with it now. If all is done, or you cannot go on, bring the list up to date and give your final answer."));
    }
}
