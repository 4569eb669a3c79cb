// The tokens of a model as bytes, and the way back from bytes to a token. Knows no merges and no file.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Baltoro.Engine.Tokenizers;

/// <summary>What a token is for.</summary>
enum TokenKind : byte
{
    /// <summary>Stands for bytes of text.</summary>
    Text,

    /// <summary>Steers the model. Its bytes are its name; no text is ever encoded as it.</summary>
    Control,

    /// <summary>Stands for one letter of the upper quarter of Latin-1, and is found in a text before that is cut; nothing is merged to it.</summary>
    Letter,

    /// <summary>Stands for nothing.</summary>
    Unused,
}

/// <summary>Immutable; safe from any thread.</summary>
sealed class Vocabulary
{
    readonly byte[] _bytes;
    readonly int[] _starts;
    readonly TokenKind[] _kinds;
    // In the low half a token's number and 1, 0 for an empty place; in the high half the hash of its bytes, so that few other tokens' bytes are ever looked at.
    readonly ulong[] _slots;
    readonly int[] _single = new int[256];
    readonly int[] _double = new int[1 << 16];
    readonly Dictionary<string, int> _controls = new(StringComparer.Ordinal);
    readonly List<int> _letters = [];

    /// <param name="bytes">The bytes of all tokens, one behind the other. Kept.</param>
    /// <param name="starts">Where each begins, and where the last one ends. Kept.</param>
    /// <param name="kinds">One for each token. Kept.</param>
    public Vocabulary(byte[] bytes, int[] starts, TokenKind[] kinds)
    {
        (_bytes, _starts, _kinds) = (bytes, starts, kinds);
        _slots = new ulong[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * kinds.Length))];
        Array.Fill(_single, -1);
        Array.Fill(_double, -1);
        for (int token = 0; token < kinds.Length; token++)
        {
            ReadOnlySpan<byte> text = Bytes(token);
            if (kinds[token] == TokenKind.Control) _controls.TryAdd(System.Text.Encoding.UTF8.GetString(text), token);
            else if (kinds[token] == TokenKind.Letter) _letters.Add(token);
            if (kinds[token] != TokenKind.Text || text.IsEmpty) continue;
            Longest = Math.Max(Longest, text.Length);
            uint hash = Hash(text);
            int slot = Slot(text, hash);
            // Of two with the same bytes the first one counts.
            if (_slots[slot] != 0) continue;
            _slots[slot] = (ulong)hash << 32 | (uint)(token + 1);
            if (text.Length == 1) _single[text[0]] = token;
            else if (text.Length == 2) _double[text[0] << 8 | text[1]] = token;
            Joints.Add(text);
        }
    }

    public int Count => _kinds.Length;

    /// <summary>Bytes of the longest token of text.</summary>
    public int Longest { get; }

    /// <summary>Where tokens of text may reach across.</summary>
    public Joints Joints { get; } = new();

    /// <summary>Control tokens by name.</summary>
    public IReadOnlyDictionary<string, int> Controls => _controls;

    /// <summary>The tokens that are found before a text is cut.</summary>
    public ReadOnlySpan<int> Letters => CollectionsMarshal.AsSpan(_letters);

    public TokenKind KindOf(int token) => _kinds[token];

    public ReadOnlySpan<byte> Bytes(int token) => _bytes.AsSpan(_starts[token].._starts[token + 1]);

    /// <summary>The token of text that is these bytes; -1 when there is none.</summary>
    public int Find(ReadOnlySpan<byte> text) => text.Length switch
    {
        1 => _single[text[0]],
        2 => _double[text[0] << 8 | text[1]],
        var length => length > Longest ? -1 : (int)(uint)_slots[Slot(text, Hash(text))] - 1,
    };

    /// <summary>The token of one byte; -1 when there is none.</summary>
    public int Single(byte value) => _single[value];

    /// <summary>Where a text stands in the table, or would.</summary>
    int Slot(ReadOnlySpan<byte> text, uint hash)
    {
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            ulong found = _slots[slot];
            if (found == 0 || (uint)(found >> 32) == hash && Bytes((int)(uint)found - 1).SequenceEqual(text)) return slot;
        }
    }

    /// <summary>Multiplications and shifts over eight bytes at a time: quick for a few bytes, and no defence against chosen ones.</summary>
    public static uint Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = (ulong)text.Length * 0x9E3779B97F4A7C15;
        while (text.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[8..];
        }
        ulong rest = 0;
        foreach (byte b in text) rest = rest << 8 | b;
        hash = Mix(hash ^ rest);
        return (uint)(hash ^ hash >> 32);

        static ulong Mix(ulong value) => (value ^ value >> 29) * 0xBF58476D1CE4E5B9;
    }
}
