// Between which neighbouring bytes of a text a token can lie, so that long texts fall apart in short ones. Knows no ranks.

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// A token that reaches across a joint begins with the two bytes at it, ends with them, or has both of them and one more on each side inside. The last is kept by four bytes in a
/// bit set of their hashes: it may say yes where no token has them, and never no where one has. Filled while a vocabulary is made, then safe from any thread.
/// </summary>
sealed class Joints
{
    const byte AtEdge = 1, Inside = 2;

    /// <summary>Half a mebibyte: of some hundred thousand quadruples of a large vocabulary, one bit in ten or so is set.</summary>
    const int Bits = 22;

    readonly byte[] _pairs = new byte[1 << 16];
    readonly ulong[] _quadruples = new ulong[1 << Bits - 6];

    public void Add(ReadOnlySpan<byte> token)
    {
        if (token.Length < 2) return;
        _pairs[Pair(token[0], token[1])] |= AtEdge;
        _pairs[Pair(token[^2], token[^1])] |= AtEdge;
        for (int i = 2; i < token.Length - 1; i++)
        {
            _pairs[Pair(token[i - 1], token[i])] |= Inside;
            uint bit = Quadruple(token, i);
            _quadruples[bit >> 6] |= 1UL << (int)(bit & 63);
        }
    }

    /// <summary>False where no token can hold both the byte before <paramref name="at"/> and the one there.</summary>
    /// <param name="at">1 to the text's length - 1.</param>
    public bool MayHold(ReadOnlySpan<byte> text, int at)
    {
        int pair = _pairs[Pair(text[at - 1], text[at])];
        if ((pair & AtEdge) != 0) return true;
        if ((pair & Inside) == 0 || at < 2 || at > text.Length - 2) return false;
        uint bit = Quadruple(text, at);
        return (_quadruples[bit >> 6] & 1UL << (int)(bit & 63)) != 0;
    }

    static int Pair(byte first, byte second) => first << 8 | second;

    static uint Quadruple(ReadOnlySpan<byte> text, int at) =>
        (uint)(text[at - 2] << 24 | text[at - 1] << 16 | text[at] << 8 | text[at + 1]) * 0x9E3779B1 >> 32 - Bits;
}
