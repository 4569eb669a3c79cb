// Makes text of unknown origin harmless: for a model that wants words, and for a person's terminal. It knows no terminal.

using System.Globalization;
using System.Text;

namespace Baltoro.Agent.Tools;

/// <summary>Text from files, names and commands, before someone reads it. Both functions return the same string where nothing is to be done.</summary>
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
        int first = 0;
        while (first < text.Length && IsSafe(text[first])) first++;
        if (first == text.Length) return text;
        StringBuilder safe = new(text.Length + 16);
        safe.Append(text, 0, first);
        foreach (char c in text.AsSpan(first))
        {
            if (IsSafe(c)) safe.Append(c);
            else if (c < 0x20) safe.Append((char)(0x2400 + c)); // Unicode's pictures of the control characters
            else if (c == 0x7F) safe.Append('\u2421');
            else safe.Append(CultureInfo.InvariantCulture, $"<{(int)c:X4}>");
        }
        return safe.ToString();
    }

    /// <summary>As <see cref="Safe"/>, for what must stay in one line, such as a file's name.</summary>
    public static string SafeLine(string text) => Safe(text).Replace('\n', '\u240A').Replace('\t', '\u2409');

    static bool IsSafe(char c) => c switch
    {
        '\n' or '\t' => true,
        < ' ' or >= '\u007F' and <= '\u009F' => false,
        // Marks of direction: they make text read otherwise than it is.
        '\u061C' or '\u200E' or '\u200F' or >= '\u202A' and <= '\u202E' or >= '\u2066' and <= '\u2069' => false,
        // Separators and fillers that show as nothing. The joiners U+200C and U+200D stay: scripts and emoji need them.
        '\u200B' or '\u2028' or '\u2029' or '\u2060' or '\uFEFF' => false,
        _ => true,
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
