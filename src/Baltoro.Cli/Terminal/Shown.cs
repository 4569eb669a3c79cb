// Text from models, tools and files made fit for a terminal, and measured as a terminal does; it refuses to know styles.

using System.Globalization;
using System.Text;
using Baltoro.Agent.Tools;

namespace Baltoro.Cli.Terminal;

static class Shown
{
    const int TabStop = 4;

    /// <summary>
    /// The text without anything that a terminal obeys: control characters, but for line ends, and the format characters that reorder or hide
    /// text. Tabs become spaces.
    /// </summary>
    public static string Safe(string text)
    {
        int at = text.AsSpan().IndexOfAnyExceptInRange(' ', '~');
        if (at < 0) return text;
        StringBuilder safe = new(text, 0, at, text.Length + 8);
        int column = at;
        foreach (Rune rune in text[at..].EnumerateRunes())
        {
            if (rune.Value == '\n')
            {
                safe.Append('\n');
                column = 0;
            }
            else if (rune.Value == '\t')
            {
                int spaces = TabStop - column % TabStop;
                safe.Append(' ', spaces);
                column += spaces;
            }
            else if (!TerminalText.IsObeyed(rune))
            {
                safe.Append(rune.ToString());
                column += Width(rune);
            }
        }
        return safe.ToString();
    }

    /// <summary>The same on one line.</summary>
    public static string Line(string text) => Safe(text).Replace('\n', ' ');

    /// <summary>Columns of a text without control characters.</summary>
    public static int Width(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExceptInRange(' ', '~') < 0) return text.Length;
        int width = 0;
        int before = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // What is joined to the picture before takes no room of its own.
            if (before != 0x200d) width += Width(rune);
            before = rune.Value;
        }
        return width;
    }

    /// <summary>0, 1 or 2, by the general category and by the wide ranges of Unicode's East Asian Width (UAX 11) and its emoji.</summary>
    static int Width(Rune rune)
    {
        int value = rune.Value;
        if (value < 0x300) return value < 0x20 ? 0 : 1;
        if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format) return 0;
        return value switch
        {
            >= 0x1100 and <= 0x115f or 0x231a or 0x231b or >= 0x23e9 and <= 0x23ec or 0x23f0 or 0x23f3 or >= 0x2614 and <= 0x2615 => 2,
            0x26a1 or 0x26d4 or 0x2705 or 0x2728 or 0x274c or 0x274e or >= 0x2753 and <= 0x2755 or 0x2757 or >= 0x2795 and <= 0x2797 or 0x2b50 or 0x2b55 => 2,
            >= 0x2e80 and <= 0x303e or >= 0x3041 and <= 0x33ff or >= 0x3400 and <= 0x4dbf or >= 0x4e00 and <= 0x9fff or >= 0xa000 and <= 0xa4cf => 2,
            >= 0xa960 and <= 0xa97c or >= 0xac00 and <= 0xd7a3 or >= 0xf900 and <= 0xfaff or >= 0xfe30 and <= 0xfe6f or >= 0xff00 and <= 0xff60 or >= 0xffe0 and <= 0xffe6 => 2,
            >= 0x1f300 and <= 0x1f64f or >= 0x1f680 and <= 0x1f6ff or >= 0x1f7e0 and <= 0x1f7eb or >= 0x1f900 and <= 0x1f9ff or >= 0x1fa70 and <= 0x1faff => 2,
            >= 0x17000 and <= 0x18cff or >= 0x1b000 and <= 0x1b2ff or >= 0x20000 and <= 0x3fffd => 2,
            _ => 1,
        };
    }
}
