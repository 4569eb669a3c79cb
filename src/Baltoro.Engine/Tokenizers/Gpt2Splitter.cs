// The cuts of GPT-2's vocabulary, for files that name no others. Knows no tokens.

namespace Baltoro.Engine.Tokenizers;

/// <summary>The pattern of GPT-2's <c>encoder.py</c>: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c></summary>
sealed class Gpt2Splitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> text)
    {
        // Only small letters here.
        if (SharedCuts.Contraction(text) is > 0 and var contraction && text[1..contraction].IndexOfAnyExceptInRange((byte)'a', (byte)'z') < 0) return contraction;
        int space = text[0] == ' ' ? 1 : 0;
        RuneKind kind = RuneKinds.First(text[space..], out _);
        if ((kind & RuneKind.Letter) != 0) return space + RuneKinds.Run(text[space..], RuneKind.Letter);
        if ((kind & RuneKind.Number) != 0) return space + RuneKinds.Run(text[space..], RuneKind.Number);
        int at = space;
        while (at < text.Length && (RuneKinds.First(text[at..], out int bytes) & (RuneKind.Space | RuneKind.Letter | RuneKind.Number)) == 0) at += bytes;
        return at > space ? at : Spaces(text);
    }

    /// <summary><c>\s+(?!\S)|\s+</c></summary>
    static int Spaces(ReadOnlySpan<byte> text)
    {
        int at = 0, last = 0;
        while (at < text.Length && (RuneKinds.First(text[at..], out int bytes) & RuneKind.Space) != 0) (last, at) = (at, at + bytes);
        return at == text.Length || last == 0 ? at : last;
    }
}
