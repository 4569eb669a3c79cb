// Makes text of unknown origin harmless: for a model that wants words, and for a person's terminal. It knows no terminal.

using System.Globalization;
using System.Text;

namespace Baltoro.Agent.Tools;

/// <summary>Text from files, names and commands, before someone reads it. What is harmless stays as it is.</summary>
public static class TerminalText
{
    /// <summary>
    /// For a model: without escape sequences (ECMA-48: CSI, OSC and the other strings, two-byte escapes), and of each line that was written
    /// over with carriage returns, as progress bars do, what was last to be seen.
    /// </summary>
    public static string Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOfAny('\u001B', '\r', '\b') < 0 && text.AsSpan().IndexOfAnyInRange('\u0080', '\u009F') < 0) return text;
        StringBuilder plain = new(text.Length);
        int lineStart = 0;
        for (int i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '\u001B' or '\u009B' or '\u009D' or '\u0090' or '\u0098' or '\u009E' or '\u009F':
                    i = EscapeEnd(text, i) - 1;
                    break;
                case '\r':
                    if (i + 1 < text.Length && text[i + 1] is '\n' or '\r') break;
                    if (i + 1 < text.Length) plain.Length = lineStart;
                    break;
                case '\b':
                    if (plain.Length > lineStart) plain.Length--;
                    break;
                case '\n':
                    plain.Append('\n');
                    lineStart = plain.Length;
                    break;
                case var c:
                    plain.Append(c);
                    break;
            }
        }
        return plain.ToString();
    }

    /// <summary>
    /// For a person: everything that would move a cursor, change a colour, set a title, reverse the direction of writing or hide is
    /// shown as a code instead. Line feeds and tabs stay.
    /// </summary>
    public static string Safe(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int first = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (first < 0) return text;
        StringBuilder safe = new(text, 0, first, text.Length + 16);
        foreach (Rune rune in text.AsSpan(first).EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !IsObeyed(rune)) safe.Append(rune.ToString());
            else if (rune.Value < 0x20) safe.Append((char)(0x2400 + rune.Value)); // Unicode's pictures of the control characters
            else if (rune.Value == 0x7F) safe.Append('\u2421');
            else safe.Append(CultureInfo.InvariantCulture, $"<{rune.Value:X4}>");
        }
        return safe.ToString();
    }

    /// <summary>As <see cref="Safe"/>, for what must stay in one line, such as a file's name.</summary>
    public static string SafeLine(string text) => Safe(text).Replace('\n', '\u240A').Replace('\t', '\u2409');

    /// <summary>For a person's one line: blanks in place of all that a terminal obeys.</summary>
    /// <param name="most">Characters; what is longer ends in an ellipsis.</param>
    public static string Line(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        bool isLonger = text.Length > most;
        ReadOnlySpan<char> start = text.AsSpan(0, isLonger ? most : text.Length);
        if (start.IndexOfAnyExceptInRange(' ', '~') < 0) return isLonger ? $"{start}…" : text;
        StringBuilder line = new(start.Length + 1);
        foreach (Rune rune in start.EnumerateRunes()) line.Append(IsObeyed(rune) ? " " : rune.ToString());
        return isLonger ? line.Append('…').ToString() : line.ToString();
    }

    /// <summary>
    /// Whether a terminal acts on a character, or shows it as nothing: control characters, line and paragraph separators, and format characters, among them
    /// marks that make text read otherwise than it is. The joiners U+200C and U+200D are none: scripts and emoji need them.
    /// </summary>
    public static bool IsObeyed(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        _ => false,
    };

    /// <summary>Behind the escape sequence that begins at <paramref name="at"/>; a cut one ends with the text.</summary>
    static int EscapeEnd(string text, int at)
    {
        char kind = text[at] == '\u001B' ? at + 1 < text.Length ? text[++at] : '\0' : (char)(text[at] - 0x40);
        at++;
        switch (kind)
        {
            case '[':
                while (at < text.Length && text[at] is >= ' ' and <= '?') at++;
                return Math.Min(text.Length, at + 1);
            case ']' or 'P' or 'X' or '^' or '_':
                while (at < text.Length)
                {
                    if (text[at] is '\u0007' or '\u009C') return at + 1;
                    if (text[at] == '\u001B') return at + 1 < text.Length && text[at + 1] == '\\' ? at + 2 : at;
                    // A string that never ends would swallow everything: it ends with its line.
                    if (text[at] == '\n') return at;
                    at++;
                }
                return at;
            case >= ' ' and <= '/':
                while (at < text.Length && text[at] is >= ' ' and <= '/') at++;
                return Math.Min(text.Length, at + 1);
            default:
                return Math.Min(text.Length, at);
        }
    }
}
