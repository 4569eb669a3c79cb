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
        // From here on a stretch that the first three patterns leave. Much space is in the eastern range, too, so the fourth comes before the fifth.
        RuneKind kind = RuneKinds.First(text, out int at);
        int within = 0;
        if ((kind & RuneKind.Space) != 0 && EndsIn(text, out within)) return within;
        bool eastern = IsEastern(RuneKinds.Code(text, out _));
        if (!eastern && (kind & RuneKind.Number) != 0) return at;
        while (at < text.Length)
        {
            ReadOnlySpan<byte> rest = text[at..];
            kind = RuneKinds.First(rest, out int bytes);
            if (Begins(rest) || IsEastern(RuneKinds.Code(rest, out _)) != eastern || !eastern && (kind & RuneKind.Number) != 0) break;
            if ((kind & RuneKind.Space) != 0 && at >= within)
            {
                if (EndsIn(rest, out int run)) break;
                within = at + run;
            }
            at += bytes;
        }
        return at;
    }

    /// <summary>Whether one of the first three patterns begins here.</summary>
    static bool Begins(ReadOnlySpan<byte> text) => text[0] is (byte)'\r' or (byte)'\n' || Led(text) > 0;

    /// <summary>Whether a stretch has nothing but space from here on; how much there is.</summary>
    static bool EndsIn(ReadOnlySpan<byte> text, out int space)
    {
        for (space = 0; space < text.Length && !Begins(text[space..]);)
        {
            if ((RuneKinds.First(text[space..], out int bytes) & RuneKind.Space) == 0) return false;
            space += bytes;
        }
        return true;
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

    /// <summary>Letters stand between ':' and '~' as well, wide and narrow, but words have been cut out before.</summary>
    static bool IsSign(int code) => code switch
    {
        (>= '!' and <= '/') or (>= ':' and <= '~') => !IsCased(code),
        (>= 0xFF01 and <= 0xFF0F) or (>= 0xFF1A and <= 0xFF5E) => !IsCased(code),
        (>= 0x2018 and <= 0x201F) or (>= 0x3000 and <= 0x3002) => true,
        _ => false,
    };

    static bool IsEastern(int code) => code is (>= 0x0800 and <= 0x9FA5) or (>= 0xAC00 and <= 0xD7FF);
}
