// How people ask for things: requests put together from interchangeable parts, some of which training never sees. It knows no task.

namespace Baltoro.Worlds;

/// <summary>Parts in square brackets stand for one of the alternatives between bars; the whole, before names are put in, decides by its hash whether training sees it.</summary>
static class Asking
{
    public static string Draw(Draw draw, Split split, string[] forms, params ReadOnlySpan<(string Name, string Value)> values)
    {
        while (true)
        {
            string words = Expand(draw, draw.Of<string>(forms));
            string before = draw.Chance(0.3) ? draw.Of("Please ", "please ", "Hi! ", "Hello. ", "Task: ", "Now ", "Next job: ") : "";
            string behind = draw.Chance(0.25) ? draw.Of(" Thanks.", " Thank you!", " Take your time.", " That is all.", " Be careful.", " Go.") : draw.Chance(0.5) ? "." : "";
            if (before.Length > 0 && !before.EndsWith(". ", StringComparison.Ordinal) && !before.EndsWith("! ", StringComparison.Ordinal)) words = char.ToLowerInvariant(words[0]) + words[1..];
            // A full stop behind a name would look like part of it.
            string asked = before + words + (behind == "." && words[^1] is '}' or '?' ? "" : behind);
            if (!Held.Fits(asked, split)) continue;
            foreach ((string name, string value) in values) asked = asked.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            return asked;
        }
    }

    /// <summary>The form with one alternative of each bracket.</summary>
    public static string Expand(Draw draw, string form)
    {
        while (form.IndexOf('[', StringComparison.Ordinal) is >= 0 and int open)
        {
            int close = form.IndexOf(']', open);
            form = form[..open] + draw.Of<string>(form[(open + 1)..close].Split('|')) + form[(close + 1)..];
        }
        return form;
    }
}
