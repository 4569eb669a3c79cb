// The cuts of DeepSeek's first vocabulary, which V2 has as well. Knows no tokens.

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// <para>The patterns of DeepSeek-LLM's <c>tokenizer.json</c>, each of which cuts what the ones before have left; what none of them matches is a piece of its own:</para>
/// <code>
/// [\r\n]
/// \s?[letters with case]+
/// \s?[!-/:-~！-／：-～‘-‟　-。]+
/// \s+$
/// [一-龥ࠀ-一가-퟿]+
/// \p{N}
/// </code>
/// <para>Its letters with case are those that Unicode had before the scripts which <see cref="IsCased"/> leaves out.</para>
/// </summary>
sealed class DeepSeekLlmSplitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> text)
    {
        if (text[0] is (byte)'\r' or (byte)'\n') return 1;
        if (Led(text) is > 0 and var led) return led;
        int eastern = Run(text, IsEastern);
        if (eastern > 0) return eastern;
        RuneKind kind = RuneKinds.First(text, out int first);
        if ((kind & RuneKind.Number) != 0) return first;
        // Space in front of the end of what the first three patterns leave is cut off; elsewhere it stays with what nothing matches.
        int at = 0, space = -1;
        while (at < text.Length)
        {
            ReadOnlySpan<byte> rest = text[at..];
            kind = RuneKinds.First(rest, out int bytes);
            if (rest[0] is (byte)'\r' or (byte)'\n' || Led(rest) > 0) break;
            // These are cut later than trailing space is.
            if ((kind & RuneKind.Number) != 0 || IsEastern(RuneKinds.Code(rest, out _))) return at;
            if ((kind & RuneKind.Space) == 0) space = -1;
            else if (space < 0) space = at;
            at += bytes;
        }
        return space > 0 ? space : at;
    }

    /// <summary>A word or a run of signs, with one character of space before it.</summary>
    static int Led(ReadOnlySpan<byte> text)
    {
        RuneKind kind = RuneKinds.First(text, out int bytes);
        int space = (kind & RuneKind.Space) != 0 && (kind & RuneKind.LineEnd) == 0 ? bytes : 0;
        if (space > 0 && Run(text[space..], IsCased) is > 0 and var led) return space + led;
        if (Run(text, IsCased) is > 0 and var word) return word;
        if (space > 0 && Signs(text[space..]) is > 0 and var ledSigns) return space + ledSigns;
        return Signs(text);
    }

    /// <summary>An ideographic space is a sign here, but one in front of a word has gone with the word.</summary>
    static int Signs(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length)
        {
            int code = RuneKinds.Code(text[at..], out int bytes);
            if (!IsSign(code) || code == 0x3000 && Run(text[(at + bytes)..], IsCased) > 0) break;
            at += bytes;
        }
        return at;
    }

    static int Run(ReadOnlySpan<byte> text, Func<int, bool> has)
    {
        int at = 0;
        while (at < text.Length && has(RuneKinds.Code(text[at..], out int bytes))) at += bytes;
        return at;
    }

    static bool IsCased(int code) => (RuneKinds.Of(code) & (RuneKind.Upper | RuneKind.Lower)) != 0 && code switch
    {
        < 0x2D00 => true,
        < 0x2D30 or (>= 0xA790 and < 0xA800) or (>= 0xAB30 and < 0xAB70) => false,
        < 0x10500 => true,
        (>= 0x10C80 and < 0x10D00) or (>= 0x118A0 and < 0x118E0) or (>= 0x1E900 and < 0x1E944) => true,
        _ => false,
    };

    /// <summary>Letters of ASCII stand between ':' and '~' as well, but words have been cut out before.</summary>
    static bool IsSign(int code) => code switch
    {
        (>= 'A' and <= 'Z') or (>= 'a' and <= 'z') => false,
        (>= '!' and <= '/') or (>= ':' and <= '~') => true,
        (>= 0xFF01 and <= 0xFF0F) or (>= 0xFF1A and <= 0xFF5E) or (>= 0x2018 and <= 0x201F) or (>= 0x3000 and <= 0x3002) => true,
        _ => false,
    };

    static bool IsEastern(int code) => code is (>= 0x0800 and <= 0x9FA5) or (>= 0xAC00 and <= 0xD7FF);
}
