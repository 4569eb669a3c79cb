// Where texts can be quoted from: at which words a quotation begins and ends. Knows no grammar and no messages.

using System.Text;
using Baltoro.Engine.Constraint.Automata;

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>What a quotation may be.</summary>
public enum SpanKind
{
    /// <summary>One word without blanks and quotes, such as a path or an identifier, without the marks of the sentence around it.</summary>
    Word,

    /// <summary>Words that follow each other, over lines too; from the beginning of a line its indentation may come along.</summary>
    Passage,
}

/// <summary>
/// Quotations from some texts, as they stand in JSON. For a string in whose place only something that was seen makes sense: the name of a file, the text that is to be
/// replaced. What of it comes is the model's choice.
/// </summary>
public sealed class Spans
{
    /// <summary>Bytes beyond which nobody quotes.</summary>
    internal const int Longest = 2000;

    const string Quotes = "\"'`“”‘’«»", Opening = "([{<", Closing = ")]}>", Marks = ",;:!?";

    /// <param name="texts">Not the model's own words, or it quotes its own mistakes.</param>
    public Spans(IEnumerable<string> texts, SpanKind kind)
    {
        List<byte> bytes = [];
        List<int> begins = [];
        List<bool> ends = [];
        foreach (string text in texts)
        {
            Rune[] runes = [.. text.EnumerateRunes()];
            for (int i = 0; i <= runes.Length; i++)
            {
                Rune before = i > 0 ? runes[i - 1] : new('\n'), here = i < runes.Length ? runes[i] : new('\n'), after = i + 1 < runes.Length ? runes[i + 1] : new('\n');
                if (i < runes.Length && Begins(i > 1 ? runes[i - 2] : new('\n'), before, here, kind)) begins.Add(bytes.Count);
                ends.Add(i > 0 && Ends(before, here, after, kind));
                if (i == runes.Length || kind == SpanKind.Word && (Rune.IsWhiteSpace(here) || Among(here, Quotes))) bytes.Add(0);
                else Spell(here, bytes);
                while (ends.Count < bytes.Count) ends.Add(false);
            }
        }
        Leaf = SpanLeaf.Over([.. bytes], [.. begins], [.. ends]);
    }

    /// <summary>There is nothing to quote.</summary>
    public bool IsEmpty => Leaf is null;

    internal SpanLeaf? Leaf { get; }

    /// <summary>
    /// A text's bytes as they are and, for each place in them and the one behind, whether a word begins or ends there, and whether that word may be a path. What has neither
    /// letter nor digit is no word here, what has neither dot nor slash inside, or a star, no path.
    /// </summary>
    internal static (byte[] Bytes, bool[] Begins, bool[] Ends, bool[] Paths) Words(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        bool[] begins = new bool[bytes.Length + 1], ends = new bool[bytes.Length + 1], paths = new bool[bytes.Length + 1];
        Rune[] runes = [.. text.EnumerateRunes()];
        int[] places = new int[runes.Length + 1];
        for (int i = 0; i <= runes.Length; i++)
        {
            Rune before = i > 0 ? runes[i - 1] : new('\n'), here = i < runes.Length ? runes[i] : new('\n'), after = i + 1 < runes.Length ? runes[i + 1] : new('\n');
            begins[places[i]] = i < runes.Length && Begins(i > 1 ? runes[i - 2] : new('\n'), before, here, SpanKind.Word);
            ends[places[i]] = i > 0 && Ends(before, here, after, SpanKind.Word);
            if (i < runes.Length) places[i + 1] = places[i] + here.Utf8SequenceLength;
        }
        for (int i = 0; i < runes.Length; i++)
        {
            if (!begins[places[i]]) continue;
            int end = i + 1;
            while (end < runes.Length && !ends[places[end]] && !Rune.IsWhiteSpace(runes[end])) end++;
            ReadOnlySpan<Rune> word = runes.AsSpan(i, end - i);
            bool hasLetter = false;
            foreach (Rune rune in word) hasLetter |= Rune.IsLetterOrDigit(rune);
            begins[places[i]] = hasLetter;
            paths[places[i]] = hasLetter && word[..^1].IndexOfAny(new Rune('.'), new Rune('/')) >= 0 && !word.Contains(new Rune('*'));
        }
        return (bytes, begins, ends, paths);
    }

    /// <summary>The words of a text that may be paths, in order.</summary>
    public static IReadOnlyList<string> PathsIn(string text)
    {
        (byte[] bytes, _, bool[] ends, bool[] paths) = Words(text);
        List<string> found = [];
        for (int at = 0; at < bytes.Length; at++)
        {
            if (!paths[at]) continue;
            int end = at + 1;
            while (end < bytes.Length && !ends[end]) end++;
            found.Add(Encoding.UTF8.GetString(bytes, at, end - at));
        }
        return found;
    }

    /// <summary>The passages of a text within its lines; of long ones those of its beginning.</summary>
    public static IEnumerable<string> PassagesIn(string text)
    {
        foreach (string line in text.Split('\n'))
        {
            Rune[] runes = [.. line.EnumerateRunes().Take(Longest)];
            Rune At(int i) => i >= 0 && i < runes.Length ? runes[i] : new('\n');
            for (int first = 0; first < runes.Length; first++)
            {
                if (!Begins(At(first - 2), At(first - 1), runes[first], SpanKind.Passage)) continue;
                for (int end = first + 1; end <= runes.Length; end++)
                    if (Ends(runes[end - 1], At(end), At(end + 1), SpanKind.Passage)) yield return string.Concat(runes[first..end]);
            }
        }
    }

    static bool Begins(Rune earlier, Rune before, Rune here, SpanKind kind)
    {
        if (before.Value == '\n' && kind == SpanKind.Passage) return here.Value != '\n';
        if (Rune.IsWhiteSpace(here) || kind == SpanKind.Word && (Among(here, Quotes) || Among(here, Opening) || Among(here, Marks))) return false;
        return Rune.IsWhiteSpace(before) || Among(before, Quotes) || Among(before, "(=:,;|→")
            || (Among(before, Opening) || before.Value == '>') && (kind == SpanKind.Passage || !Rune.IsLetterOrDigit(earlier) && !Among(earlier, "/._-"));
    }

    static bool Ends(Rune before, Rune here, Rune after, SpanKind kind)
    {
        if (Rune.IsWhiteSpace(before)) return false;
        // Marks and brackets stand inside of words, too (`x.y`, `app/[id].ts`): they end one where something ends behind them.
        bool atMark = (Among(here, Marks) || Among(here, Closing) || here.Value == '.') && (Rune.IsWhiteSpace(after) || Among(after, Quotes) || Among(after, Closing) || Among(after, Marks));
        bool atEnd = Rune.IsWhiteSpace(here) || Among(here, Quotes) || Among(here, "(),;:=|<") || atMark;
        // A word leaves the sentence's marks behind; code may end with them.
        return atEnd && (kind == SpanKind.Passage || !Among(before, Marks) && before.Value != '.' && !Among(before, Quotes) && !Among(before, Opening) && before.Value != ')');
    }

    static bool Among(Rune rune, string characters) => rune.IsBmp && characters.Contains((char)rune.Value, StringComparison.Ordinal);

    static void Spell(Rune rune, List<byte> into)
    {
        if (rune.Value < 0x20 || rune.Value is '"' or '\\')
        {
            into.AddRange(JsonText.Escape(rune.Value));
            return;
        }
        Span<byte> utf8 = stackalloc byte[4];
        into.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
    }
}
