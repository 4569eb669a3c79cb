// How many tokens a text has, by the shapes of its words; it refuses to know any vocabulary.

using System.Buffers;
using System.Globalization;

namespace Baltoro.Chat;

/// <summary>
/// Splits text as byte-pair tokenizers of the tiktoken family do (a word with the one character before it, digits in threes, runs of punctuation
/// with the line ends after them, indentation as one piece) and charges each piece what pieces of its kind and length cost
/// on average with Kimi's vocabulary of 163,584 tokens.
/// </summary>
static class TextTokens
{
    /// <summary>Thousandths of a token.</summary>
    const int One = 1000;

    public static long Count(ReadOnlySpan<char> text)
    {
        long cost = 0;
        int at = 0;
        while (at < text.Length)
        {
            int blanks = Run(text, at, Kind.Blank);
            int next = at + blanks;
            if (next == text.Length)
            {
                cost += One;
                break;
            }
            Kind kind = KindOf(text[next]);
            cost += blanks == 0 ? 0 : Blanks(blanks, kind);
            int noise = kind is Kind.Lower or Kind.Upper or Kind.Digit ? Noise(text, next) : 0;
            cost += 670L * noise;
            at = next + noise;
            if (noise == 0) at += kind switch
            {
                Kind.LineEnd => LineEnds(text, next, ref cost),
                Kind.Lower or Kind.Upper or Kind.Letter => Word(text, next, blanks > 0 && text[next - 1] == ' ' ? 0 : blanks > 0 ? 1 : Before(text, next), ref cost),
                Kind.Digit => Digits(text, next, ref cost),
                Kind.Han => Han(text, next, ref cost),
                _ => Symbols(text, next, ref cost),
            };
        }
        return (cost + One - 1) / One;
    }

    enum Kind : byte
    {
        Blank,
        LineEnd,
        Lower,
        Upper,

        /// <summary>A letter beyond ASCII.</summary>
        Letter,
        Han,
        Digit,
        Symbol,
    }

    // Every character of a conversation is asked at every request.
    static readonly Kind[] Ascii = [.. Enumerable.Range(0, 128).Select(c => Classify((char)c))];

    static readonly SearchValues<char> Base64 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");

    static Kind KindOf(char c)
    {
        Kind[] ascii = Ascii;
        return c < ascii.Length ? ascii[c] : Classify(c);
    }

    static Kind Classify(char c) => c switch
    {
        >= 'a' and <= 'z' => Kind.Lower,
        ' ' or '\t' => Kind.Blank,
        >= 'A' and <= 'Z' => Kind.Upper,
        >= '0' and <= '9' => Kind.Digit,
        '\n' or '\r' => Kind.LineEnd,
        < '\x80' => Kind.Symbol,
        >= '\u4E00' and <= '\u9FFF' or >= '\u3400' and <= '\u4DBF' => Kind.Han,
        _ => char.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber => Kind.Digit,
            UnicodeCategory.SpaceSeparator => Kind.Blank,
            _ => Kind.Symbol,
        },
    };

    static int Run(ReadOnlySpan<char> text, int from, Kind kind)
    {
        int to = from;
        while (to < text.Length && KindOf(text[to]) == kind) to++;
        return to - from;
    }

    /// <summary>The last blank goes to the word or symbol after it, all go to a line end; only digits and Han take none.</summary>
    static int Blanks(int count, Kind next) => next switch
    {
        Kind.LineEnd => 0,
        Kind.Digit or Kind.Han => count == 1 ? One : 2 * One,
        _ => count == 1 ? 0 : One,
    };

    /// <summary>
    /// The length of a base64 text that begins here, 0 for anything else: words have no capitals and digits in every second place.
    /// Looked for at the beginning of a run only, so that no character is looked at more than twice.
    /// </summary>
    static int Noise(ReadOnlySpan<char> text, int from)
    {
        const int Shortest = 24;
        // Nearly every run is a word, and far from long enough.
        if (text.Length - from < Shortest || text.Slice(from, Shortest).ContainsAnyExcept(Base64)) return 0;
        if (from > 0 && Base64.Contains(text[from - 1])) return 0;
        int length = text[from..].IndexOfAnyExcept(Base64), changes = 0;
        if (length < 0) length = text.Length - from;
        for (int i = from + 1; i < from + length; i++)
            if (KindOf(text[i]) != KindOf(text[i - 1])) changes++;
        return changes * 2 >= length ? length : 0;
    }

    static int LineEnds(ReadOnlySpan<char> text, int from, ref long cost)
    {
        cost += One;
        return Run(text, from, Kind.LineEnd);
    }

    /// <summary>What stands before a word without a blank: 1 for a symbol that goes with the word, 2 for anything else.</summary>
    static int Before(ReadOnlySpan<char> text, int at) => at > 0 && KindOf(text[at - 1]) == Kind.Symbol && GoesWithWord(text, at - 1) ? 1 : 2;

    /// <summary>A symbol goes with the word that follows it, unless other symbols or a space have claimed it.</summary>
    static bool GoesWithWord(ReadOnlySpan<char> text, int at) => at == 0 || (text[at - 1] != ' ' && KindOf(text[at - 1]) != Kind.Symbol);

    /// <param name="lead">0 after a space, 1 after another character that goes with the word, 2 after none.</param>
    static int Word(ReadOnlySpan<char> text, int from, int lead, ref long cost)
    {
        int upper = Run(text, from, Kind.Upper);
        int to = from + upper, foreign = 0;
        for (; to < text.Length; to++)
        {
            Kind kind = KindOf(text[to]);
            if (kind == Kind.Letter) foreign += ForeignLetter(text[to]);
            else if (kind != Kind.Lower) break;
        }
        int length = to - from;
        cost += foreign + (upper == length && length > 2
            ? One + (170 * (length - 2))
            : lead switch
            {
                0 => One + (42 * Math.Max(0, length - 6)),
                1 => 1130 + (90 * Math.Max(0, length - 4)),
                _ => 1080 + (85 * Math.Max(0, length - 6)),
            });
        // Nothing that long is a word of a language.
        cost += 230 * Math.Max(0, length - 16);
        return length;
    }

    /// <summary>Kana and Hangul are nearly a token each; an accent or a Cyrillic letter splits a word that would have been one.</summary>
    static int ForeignLetter(char c) => c >= '\u0E00' ? 600 : 300;

    static int Digits(ReadOnlySpan<char> text, int from, ref long cost)
    {
        int count = Run(text, from, Kind.Digit);
        cost += (count + 2) / 3 * One;
        return count;
    }

    static int Han(ReadOnlySpan<char> text, int from, ref long cost)
    {
        int count = Run(text, from, Kind.Han);
        cost += 150 + (490 * count);
        return count;
    }

    /// <summary>A run of symbols takes the line ends after it along; its last symbol goes with a word that follows at once.</summary>
    static int Symbols(ReadOnlySpan<char> text, int from, ref long cost)
    {
        int to = from, wide = 0;
        bool rule = true;
        for (; to < text.Length && KindOf(text[to]) == Kind.Symbol; to++)
        {
            rule &= text[to] == text[from];
            if (char.IsSurrogate(text[to])) wide += 900;
            else if (text[to] > '\x7F' && to > from + 1) wide += 450;
        }
        int count = to - from;
        bool alone = count == 1 && to < text.Length && KindOf(text[to]) is Kind.Lower or Kind.Upper or Kind.Letter;
        if (!alone || !GoesWithWord(text, from)) cost += One + wide + (count <= 3 ? 0 : rule ? 60 * (count - 3) : 100 + (300 * (count - 4)));
        return count + (to < text.Length ? Run(text, to, Kind.LineEnd) : 0);
    }
}
