// The alternatives that several published patterns have in common, one function each. Knows no vocabulary's own.

namespace Baltoro.Engine.Tokenizers;

/// <summary>Each takes the rest of a text and gives the bytes that the alternative matches at its beginning, 0 for none.</summary>
static class SharedCuts
{
    /// <summary><c>\p{N}{1,3}</c></summary>
    public static int Numbers(ReadOnlySpan<byte> text)
    {
        int at = 0;
        for (int i = 0; i < 3; i++)
        {
            if ((RuneKinds.First(text[at..], out int bytes) & RuneKind.Number) == 0) break;
            at += bytes;
        }
        return at;
    }

    /// <summary><c> ?[^\s\p{L}\p{N}]+[\r\n]*</c></summary>
    public static int Symbols(ReadOnlySpan<byte> text)
    {
        int space = text[0] == ' ' ? 1 : 0, at = space;
        while (at < text.Length && (RuneKinds.First(text[at..], out int bytes) & (RuneKind.Space | RuneKind.Letter | RuneKind.Number)) == 0) at += bytes;
        return at == space ? 0 : at + RuneKinds.Run(text[at..], RuneKind.LineEnd);
    }

    /// <summary><c>\s*[\r\n]+|\s+(?!\S)|\s+</c></summary>
    /// <param name="end">Characters of these kinds count as the end of the text.</param>
    public static int Spaces(ReadOnlySpan<byte> text, Predicate<int>? end = null)
    {
        int at = 0, last = 0, lineEnd = 0;
        while (at < text.Length && (RuneKinds.First(text[at..], out int bytes) & RuneKind.Space) != 0)
        {
            last = at;
            at += bytes;
            if (text[last] is (byte)'\r' or (byte)'\n') lineEnd = at;
        }
        if (lineEnd > 0) return lineEnd;
        // The last one is left to what follows, unless nothing does or it is the only one.
        bool atEnd = at == text.Length || end is not null && end(RuneKinds.Code(text[at..], out _));
        return atEnd || last == 0 ? at : last;
    }

    /// <summary><c>(?i:'s|'t|'re|'ve|'m|'ll|'d)</c>; the long s is an s to whoever ignores case.</summary>
    public static int Contraction(ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || text[0] != '\'') return 0;
        int second = Small(text[1]), third = text.Length > 2 ? Small(text[2]) : 0;
        return second switch
        {
            's' or 't' or 'm' or 'd' => 2,
            'r' when third == 'e' => 3,
            'v' when third == 'e' => 3,
            'l' when third == 'l' => 3,
            0xC5 when third == 0xBF => 3,
            _ => 0,
        };

        static int Small(byte b) => b is >= (byte)'A' and <= (byte)'Z' ? b | 0x20 : b;
    }

    /// <summary><c>[^\r\n\p{L}\p{N}]?\p{L}+</c></summary>
    public static int Word(ReadOnlySpan<byte> text)
    {
        int prefix = Prefix(text);
        int word = RuneKinds.Run(text[prefix..], RuneKind.Letter);
        return word == 0 ? 0 : prefix + word;
    }

    /// <summary><c>[^\r\n\p{L}\p{N}]?</c></summary>
    public static int Prefix(ReadOnlySpan<byte> text) =>
        (RuneKinds.First(text, out int bytes) & (RuneKind.LineEnd | RuneKind.Letter | RuneKind.Number)) == 0 ? bytes : 0;
}
