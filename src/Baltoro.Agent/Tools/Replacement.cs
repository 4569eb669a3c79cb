// Replaces text in a text, line ends aside, and says what is wrong when it cannot. It knows no files.

using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>What became of a wish to replace text.</summary>
abstract record Replacement
{
    Replacement() { }

    /// <param name="Lines">Where the replaced places began, counted from 0.</param>
    public sealed record Done(string Text, Sequence<int> Lines) : Replacement;

    /// <param name="Why">What was wrong and what to do about it, for the model.</param>
    public sealed record Refused(string Why) : Replacement;

    /// <summary>
    /// Replaces <paramref name="old"/> in <paramref name="text"/>. CR LF and LF are the same to the search; what is put in ends its lines
    /// as the place that it replaces does, or else as most of the text does.
    /// </summary>
    public static Replacement In(string text, string old, string replacement, bool everywhere)
    {
        if (old == replacement) return new Refused("old_string and new_string are the same.");
        if (old.Length == 0)
            return text.Length == 0 ? new Done(replacement, [0]) : new Refused("old_string is empty, and the file is not. Say which text to replace.");

        FoldedText folded = new(text);
        string wanted = LineEnds.Lf(old);
        List<int> places = [];
        for (int at = folded.Text.IndexOf(wanted, StringComparison.Ordinal); at >= 0; at = folded.Text.IndexOf(wanted, at + wanted.Length, StringComparison.Ordinal))
            places.Add(at);
        if (places.Count == 0) return new Refused(Missing(folded.Text, wanted));
        Sequence<int> lines = places.Select(place => folded.Text.AsSpan(0, place).Count('\n')).ToSequence();
        if (places.Count > 1 && !everywhere)
            return new Refused($"old_string stands there {places.Count} times (lines {string.Join(", ", lines.Take(10).Select(line => line + 1))}"
                + $"{(lines.Count > 10 ? " …" : "")}). Take in more of its neighbourhood, or set replace_all.");

        System.Text.StringBuilder result = new(text.Length);
        int copied = 0;
        foreach (int place in places)
        {
            int from = folded.Original(place), to = folded.Original(place + wanted.Length);
            result.Append(text, copied, from - copied).Append(Ended(replacement, text[from..to], folded.MostlyCrLf));
            copied = to;
        }
        return new Done(result.Append(text, copied, text.Length - copied).ToString(), lines);
    }

    static string Ended(string replacement, string replaced, bool mostlyCrLf)
    {
        bool crLf = replaced.Contains('\n', StringComparison.Ordinal) ? replaced.Contains("\r\n", StringComparison.Ordinal) : mostlyCrLf;
        return crLf ? LineEnds.CrLf(replacement) : LineEnds.Lf(replacement);
    }

    /// <summary>Why the text was not found, as far as that can be seen.</summary>
    static string Missing(string text, string wanted)
    {
        string[] wantedLines = wanted.Split('\n');
        if (wantedLines.All(line => line.Length == 0 || NumberEnd(line) > 0) && wantedLines.Any(line => line.Length > 0))
            return "old_string is not there. It begins its lines with the numbers that Read shows; leave these out.";

        string[] lines = text.Split('\n');
        string[] trimmed = [.. wantedLines.Select(line => line.Trim())];
        string first = trimmed.FirstOrDefault(line => line.Length > 0) ?? "";
        int skip = Array.IndexOf(trimmed, first);
        int best = -1, bestLength = 0;
        for (int i = 0; i < lines.Length; i++)
        {
            if (first.Length == 0 || lines[i].Trim() != first) continue;
            int same = 0;
            while (skip + same < trimmed.Length && i + same < lines.Length && lines[i + same].Trim() == trimmed[skip + same]) same++;
            if (same > bestLength) (best, bestLength) = (i, same);
        }
        if (best < 0) return "old_string is not there, nor a line like its first. Read the file again.";
        if (skip + bestLength == trimmed.Length)
            return $"old_string is not there exactly; lines {best + 1} to {best + bestLength} differ from it in white space only. Copy them as they are.";
        return $"old_string is not there. It fits at line {best + 1} but not from line {best + bestLength + 1}, which is: {(best + bestLength < lines.Length ? lines[best + bestLength] : "(the end of the file)")}";
    }

    /// <summary>Where the number ends that Read puts before a line; 0 where there is none.</summary>
    static int NumberEnd(string line)
    {
        int at = 0;
        while (at < line.Length && line[at] == ' ') at++;
        int digits = at;
        while (at < line.Length && char.IsAsciiDigit(line[at])) at++;
        return at > digits && at < line.Length && line[at] is '\t' or '→' ? at + 1 : 0;
    }

    /// <summary>A text with its CR LFs as LFs, and the way back to where each character stood.</summary>
    sealed class FoldedText
    {
        /// <summary>Where in the folded text a CR was left out; in order.</summary>
        readonly List<int> _left = [];

        public FoldedText(string text)
        {
            int ends = text.AsSpan().Count('\n');
            if (!text.Contains("\r\n", StringComparison.Ordinal))
            {
                Text = text;
                return;
            }
            System.Text.StringBuilder folded = new(text.Length);
            for (int i = 0; i < text.Length; i++)
            {
                if (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n') _left.Add(folded.Length);
                else folded.Append(text[i]);
            }
            Text = folded.ToString();
            MostlyCrLf = _left.Count * 2 > ends;
        }

        public string Text { get; }

        public bool MostlyCrLf { get; }

        /// <summary>The place in the original of a place in the folded text; before the CR of a line's end.</summary>
        public int Original(int place)
        {
            int at = _left.BinarySearch(place);
            return place + (at >= 0 ? at : ~at);
        }
    }
}
