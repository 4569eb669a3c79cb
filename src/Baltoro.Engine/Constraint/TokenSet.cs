// A set of tokens as bits, and what it does to logits. Knows no grammar.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Constraint;

/// <summary>Token t is bit t % 64 of word t / 64. Not for two threads at once.</summary>
sealed class TokenSet(int vocabulary)
{
    readonly ulong[] _words = new ulong[(vocabulary + 63) / 64];

    public bool this[int token] => (_words[token >> 6] >> token & 1) != 0;

    public int Count
    {
        get
        {
            int count = 0;
            foreach (ulong word in _words) count += System.Numerics.BitOperations.PopCount(word);
            return count;
        }
    }

    public void Add(int token) => _words[token >> 6] |= 1UL << token;

    public void Clear() => _words.AsSpan().Clear();

    public void Add(TokenSet others)
    {
        Span<ulong> mine = _words;
        ReadOnlySpan<ulong> theirs = others._words;
        int i = 0;
        for (; i <= mine.Length - Vector256<ulong>.Count; i += Vector256<ulong>.Count)
            (Vector256.Create((ReadOnlySpan<ulong>)mine[i..]) | Vector256.Create(theirs[i..])).CopyTo(mine[i..]);
        for (; i < mine.Length; i++) mine[i] |= theirs[i];
    }

    /// <summary>The logits of all other tokens become -infinity. The definition; <see cref="Restrict"/> does the same.</summary>
    public void RestrictScalar(Span<float> logits)
    {
        for (int i = 0; i < logits.Length; i++)
            if (i >= _words.Length * 64 || !this[i]) logits[i] = float.NegativeInfinity;
    }

    /// <summary>
    /// The logits of all other tokens become -infinity; what lies beyond the vocabulary, too. 64 logits that all stay are not touched and 64 of which none
    /// stays are not read; of others, a lane of 8 stays where its bit of the byte is set.
    /// </summary>
    public void Restrict(Span<float> logits)
    {
        int words = Math.Min(_words.Length, logits.Length / 64);
        ref float first = ref MemoryMarshal.GetReference(logits);
        Vector256<float> never = Vector256.Create(float.NegativeInfinity);
        Vector256<int> lanes = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        for (int i = 0; i < words; i++)
        {
            ulong word = _words[i];
            if (word == ulong.MaxValue) continue;
            ref float block = ref Unsafe.Add(ref first, i * 64);
            if (word == 0)
            {
                for (int k = 0; k < 64; k += 8) never.StoreUnsafe(ref block, (nuint)k);
                continue;
            }
            for (int k = 0; k < 64; k += 8, word >>= 8)
            {
                Vector256<int> stays = Vector256.Equals(Vector256.Create((int)(word & 0xFF)) & lanes, lanes);
                Vector256.ConditionalSelect(stays.AsSingle(), Vector256.LoadUnsafe(ref block, (nuint)k), never).StoreUnsafe(ref block, (nuint)k);
            }
        }
        for (int i = words * 64; i < logits.Length; i++)
            if (i >= _words.Length * 64 || !this[i]) logits[i] = float.NegativeInfinity;
    }
}
