// The letters by which GPT-2's files write bytes. Knows no vocabulary.

using System.Buffers;
using System.Text;

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// Bytes that are visible in Latin-1 stand for themselves; the 68 others are, in their order, the letters from U+0100 on (GPT-2, encoder.py, bytes_to_unicode).
/// </summary>
public static class ByteLetters
{
    static readonly int[] Bytes = Invert();

    /// <summary>Adds the bytes that a written token stands for; false when it is no such token.</summary>
    public static bool TryRead(ReadOnlySpan<byte> written, List<byte> into)
    {
        while (!written.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(written, out Rune rune, out int length) != OperationStatus.Done || rune.Value >= Bytes.Length || Bytes[rune.Value] < 0) return false;
            into.Add((byte)Bytes[rune.Value]);
            written = written[length..];
        }
        return true;
    }

    /// <summary>The letter that stands for a byte.</summary>
    public static char Of(byte value) => (char)Array.IndexOf(Bytes, value);

    static bool IsVisible(int value) => value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);

    static int[] Invert()
    {
        int[] bytes = new int[0x100 + 68];
        Array.Fill(bytes, -1);
        int next = 0x100;
        for (int value = 0; value < 256; value++) bytes[IsVisible(value) ? value : next++] = value;
        return bytes;
    }
}
