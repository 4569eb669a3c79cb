// The cuts of Kimi's vocabulary, by Moonshot's own pattern. Knows no tokens.

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// <para>The pattern of <c>tokenization_kimi.py</c> (MoonshotAI/Kimi-Vendor-Verifier), in which the first alternative that fits wins:</para>
/// <code>
/// [\p{Han}]+
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&amp;&amp;[^\p{Han}]]*[\p{Ll}\p{Lm}\p{Lo}\p{M}&amp;&amp;[^\p{Han}]]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}&amp;&amp;[^\p{Han}]]+[\p{Ll}\p{Lm}\p{Lo}\p{M}&amp;&amp;[^\p{Han}]]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?
/// \p{N}{1,3}
///  ?[^\s\p{L}\p{N}]+[\r\n]*
/// \s*[\r\n]+
/// \s+(?!\S)
/// \s+
/// </code>
/// </summary>
sealed class KimiSplitter : Splitter
{
    const RuneKind BigLetters = RuneKind.Upper | RuneKind.OtherLetter | RuneKind.Mark, SmallLetters = RuneKind.Lower | RuneKind.OtherLetter | RuneKind.Mark;

    public override int Next(ReadOnlySpan<byte> text)
    {
        if (Ascii(text) is > 0 and var ascii) return ascii;
        if (RuneKinds.Run(text, RuneKind.Han) is > 0 and var han) return han;
        int prefix = SharedCuts.Prefix(text);
        if (prefix > 0 && EndsSmall(text, prefix) is > 0 and var small) return small;
        if (EndsSmall(text, 0) is > 0 and var bare) return bare;
        if (prefix > 0 && Big(text, prefix) is > 0 and var big) return big;
        if (Big(text, 0) is > 0 and var bareBig) return bareBig;
        if (SharedCuts.Numbers(text) is > 0 and var numbers) return numbers;
        if (SharedCuts.Symbols(text) is > 0 and var symbols) return symbols;
        return SharedCuts.Spaces(text);
    }

    /// <summary>The second alternative: as many big letters as leave a small one, and small ones behind them.</summary>
    static int EndsSmall(ReadOnlySpan<byte> text, int at)
    {
        // Behind the last character of the run that is a small letter as well: what the run is shortened to when no small letter follows it.
        int shortened = 0;
        while (Is(text[at..], BigLetters, out RuneKind kind, out int bytes))
        {
            at += bytes;
            if ((kind & SmallLetters) != 0) shortened = at;
        }
        int end = at;
        while (Is(text[end..], SmallLetters, out _, out int bytes)) end += bytes;
        if (end == at) end = shortened;
        return end == 0 ? 0 : end + SharedCuts.Contraction(text[end..]);
    }

    /// <summary>The third alternative, where the second has found no small letter.</summary>
    static int Big(ReadOnlySpan<byte> text, int at)
    {
        int end = at;
        while (Is(text[end..], BigLetters, out _, out int bytes)) end += bytes;
        return end == at ? 0 : end + SharedCuts.Contraction(text[end..]);
    }

    static bool Is(ReadOnlySpan<byte> text, RuneKind letters, out RuneKind kind, out int bytes)
    {
        kind = RuneKinds.First(text, out bytes);
        return (kind & letters) != 0 && (kind & RuneKind.Han) == 0;
    }

    /// <summary>The commonest piece, looked at byte by byte: a word of ASCII, with a space or sign before it or not; 0 where it may be more than that.</summary>
    static int Ascii(ReadOnlySpan<byte> text)
    {
        int at = char.IsAsciiLetterOrDigit((char)text[0]) || text[0] is (byte)'\r' or (byte)'\n' or >= 0x80 ? 0 : 1;
        while (at < text.Length && text[at] is >= (byte)'A' and <= (byte)'Z') at++;
        int small = at;
        while (at < text.Length && text[at] is >= (byte)'a' and <= (byte)'z') at++;
        // Without a small letter the pattern has another alternative; a mark or a letter beyond ASCII may go on with the word.
        if (at == small || at < text.Length && text[at] >= 0x80) return 0;
        return at < text.Length && text[at] == '\'' ? at + SharedCuts.Contraction(text[at..]) : at;
    }
}
