// What a character is to a pre-tokenizer. Knows no pattern.

using System.Globalization;
using System.Text;

namespace Baltoro.Engine.Tokenizers;

/// <summary>Classes of characters by Unicode's general category; white space and the Han script are properties of their own.</summary>
[Flags]
enum RuneKind : ushort
{
    /// <summary>Controls, formats, private and unassigned characters.</summary>
    None = 0,

    /// <summary>Lu and Lt.</summary>
    Upper = 1,

    /// <summary>Ll.</summary>
    Lower = 2,

    /// <summary>Lm and Lo.</summary>
    OtherLetter = 4,
    Letter = Upper | Lower | OtherLetter,

    /// <summary>M.</summary>
    Mark = 8,

    /// <summary>N.</summary>
    Number = 16,

    /// <summary>White_Space: what <c>\s</c> means in Rust's and Python's expressions.</summary>
    Space = 32,

    /// <summary>CR and LF; these are <see cref="Space"/> as well.</summary>
    LineEnd = 64,

    /// <summary>Script Han; beside the general category.</summary>
    Han = 128,

    /// <summary>P.</summary>
    Punctuation = 256,

    /// <summary>S.</summary>
    Symbol = 512,
}

/// <summary>Looks characters up at the beginning of valid UTF-8.</summary>
static class RuneKinds
{
    // Nearly every character of a text is in the basic plane, and each is asked for more than once.
    static readonly RuneKind[] Plane0 = [.. Enumerable.Range(0, 0x10000).Select(Classify)];

    /// <summary>The kind of the first character, and how many bytes it has. Of no text: <see cref="RuneKind.None"/> and 0.</summary>
    public static RuneKind First(ReadOnlySpan<byte> text, out int bytes)
    {
        if (text.IsEmpty)
        {
            bytes = 0;
            return RuneKind.None;
        }
        int first = text[0];
        if (first < 0x80)
        {
            bytes = 1;
            return Plane0[first];
        }
        return Of(Code(text, out bytes));
    }

    public static RuneKind Of(int code) => code < 0x10000 ? Plane0[code] : Classify(code);

    /// <summary>The code point of the first character of a text that is not empty.</summary>
    public static int Code(ReadOnlySpan<byte> text, out int bytes)
    {
        Rune.DecodeFromUtf8(text, out Rune rune, out bytes);
        return rune.Value;
    }

    /// <summary>Bytes of the run of characters of any of these kinds at the beginning.</summary>
    public static int Run(ReadOnlySpan<byte> text, RuneKind kinds)
    {
        int at = 0;
        while (at < text.Length && (First(text[at..], out int bytes) & kinds) != 0) at += bytes;
        return at;
    }

    static RuneKind Classify(int code)
    {
        RuneKind kind = CharUnicodeInfo.GetUnicodeCategory(code) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter => RuneKind.Upper,
            UnicodeCategory.LowercaseLetter => RuneKind.Lower,
            UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => RuneKind.OtherLetter,
            UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark => RuneKind.Mark,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => RuneKind.Number,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => RuneKind.Space,
            UnicodeCategory.Control when code is (>= 9 and <= 13) or 0x85 => code is 10 or 13 ? RuneKind.Space | RuneKind.LineEnd : RuneKind.Space,
            UnicodeCategory.ConnectorPunctuation or UnicodeCategory.DashPunctuation or UnicodeCategory.OpenPunctuation or UnicodeCategory.ClosePunctuation
                or UnicodeCategory.InitialQuotePunctuation or UnicodeCategory.FinalQuotePunctuation or UnicodeCategory.OtherPunctuation => RuneKind.Punctuation,
            UnicodeCategory.MathSymbol or UnicodeCategory.CurrencySymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.OtherSymbol => RuneKind.Symbol,
            _ => RuneKind.None,
        };
        return HanScript.Has(code) ? kind | RuneKind.Han : kind;
    }
}
