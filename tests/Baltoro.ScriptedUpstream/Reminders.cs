// Whether someone has told the model that it repeats itself. It does not know who.

using System.Text.RegularExpressions;

namespace Baltoro.ScriptedUpstream;

static partial class Reminders
{
    /// <summary>A model that is never reminded stops at some time, lost.</summary>
    const int MostRepeats = 12;

    /// <summary>Whether the latest results remind, or the same was done so often that no reminder will come.</summary>
    /// <param name="period">How many calls are made in turn.</param>
    public static bool Reached(Conversation conversation, int period)
    {
        var calls = conversation.Turns.OfType<Turn.Assistant>().SelectMany(a => a.Calls).Reverse().ToList();
        var repeats = 1 + calls.Zip(calls.Skip(period)).TakeWhile(pair => pair.First.Arguments == pair.Second.Arguments).Count() / period;
        // In a result, or behind it.
        var last = conversation.Turns.Reverse().TakeWhile(t => t is not Turn.Assistant).Select(t => t switch { Turn.Result r => r.Text, Turn.User u => u.Text, _ => "" });
        return calls.Count == 0 || repeats > MostRepeats || (repeats > 1 && last.Any(text => Words.IsMatch(text)));
    }

    [GeneratedRegex(@"\b(same|identical|repeat\w*)\b.*\b(call|times|result|arguments)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Words { get; }
}
