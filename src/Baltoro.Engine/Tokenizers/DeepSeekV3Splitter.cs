// The cuts of DeepSeek V3's vocabulary. Knows no tokens.

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// <para>Three patterns of DeepSeek-V3's <c>tokenizer.json</c>, each of which cuts what the ones before have left; what none of them matches is a piece of its own:</para>
/// <code>
/// \p{N}{1,3}
/// [一-龥぀-ゟ゠-ヿ]+
/// [!-/:-@\[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+
/// </code>
/// </summary>
sealed class DeepSeekV3Splitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> text)
    {
        if (SharedCuts.Numbers(text) is > 0 and var numbers) return numbers;
        int at = 0;
        while (at < text.Length && IsEastern(RuneKinds.Code(text[at..], out int bytes))) at += bytes;
        if (at > 0) return at;
        // Characters that nothing matches stand together until something does.
        while (at < text.Length)
        {
            int matched = Third(text[at..], out int bytes);
            if (matched > 0) return at == 0 ? matched : at;
            at += bytes;
            if (at < text.Length && IsCutBefore(RuneKinds.Code(text[at..], out _))) return at;
        }
        return at;
    }

    static int Third(ReadOnlySpan<byte> text, out int firstBytes)
    {
        RuneKind kind = RuneKinds.First(text, out firstBytes);
        if (text[0] < 0x80 && (kind & (RuneKind.Punctuation | RuneKind.Symbol)) != 0)
        {
            int end = 1;
            while (end < text.Length && char.IsAsciiLetter((char)text[end])) end++;
            if (end > 1) return end;
        }
        int prefix = (kind & (RuneKind.LineEnd | RuneKind.Letter | RuneKind.Punctuation | RuneKind.Symbol)) == 0 ? firstBytes : 0;
        int word = Run(text[prefix..], RuneKind.Letter | RuneKind.Mark);
        if (word > 0) return prefix + word;
        // A mark may begin a word as well as stand before one.
        if (prefix > 0 && Run(text, RuneKind.Letter | RuneKind.Mark) is > 0 and var bare) return bare;
        int space = text[0] == ' ' ? 1 : 0;
        int symbols = Run(text[space..], RuneKind.Punctuation | RuneKind.Symbol);
        if (symbols > 0) return space + symbols + RuneKinds.Run(text[(space + symbols)..], RuneKind.LineEnd);
        return (kind & RuneKind.Space) != 0 ? SharedCuts.Spaces(text, IsCutBefore) : 0;
    }

    /// <summary>A run of these kinds, up to what the earlier patterns have cut out.</summary>
    static int Run(ReadOnlySpan<byte> text, RuneKind kinds)
    {
        int at = 0;
        while (at < text.Length && (RuneKinds.First(text[at..], out int bytes) & kinds) != 0 && !(text[at] >= 0xE3 && IsEastern(RuneKinds.Code(text[at..], out _)))) at += bytes;
        return at;
    }

    static bool IsCutBefore(int code) => IsEastern(code) || (RuneKinds.Of(code) & RuneKind.Number) != 0;

    static bool IsEastern(int code) => code is (>= 0x4E00 and <= 0x9FA5) or (>= 0x3040 and <= 0x30FF);
}
