// Whether someone has told the model that it repeats itself. It does not know who.

using System.Text.RegularExpressions;

namespace Baltoro.ScriptedUpstream;

static partial class Reminders
{
    /// <summary>A model that is never reminded stops at some time, lost.</summary>
    const int MostRepeats = 12;

    /// <summary>Whether the latest results remind, or the same call was made so often that no reminder will come.</summary>
    public static bool Reached(Conversation conversation)
    {
        var calls = conversation.Turns.OfType<Turn.Assistant>().SelectMany(a => a.Calls).Reverse().ToList();
        var repeats = calls.TakeWhile(c => c.Arguments == calls[0].Arguments).Count();
        // In a result, or behind it.
        var last = conversation.Turns.Reverse().TakeWhile(t => t is not Turn.Assistant).Select(t => t switch { Turn.Result r => r.Text, Turn.User u => u.Text, _ => "" });
        return calls.Count == 0 || repeats > MostRepeats || (repeats > 1 && last.Any(text => Words.IsMatch(text)));
    }

    [GeneratedRegex(@"\b(same|identical|repeat\w*)\b.*\b(call|times|result|arguments)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Words { get; }
}
