// Which two neighbours become one token, and before which others. Knows no order in which a piece is worked on.

namespace Baltoro.Engine.Tokenizers;

/// <summary>The two ways in which vocabularies say it. Immutable; safe from any thread.</summary>
abstract class Merges
{
    private Merges() { }

    /// <summary>Ranks are from 0 to below this.</summary>
    public abstract int Ranks { get; }

    /// <summary>What the neighbours become; the lowest rank goes first.</summary>
    /// <param name="both">The bytes of both.</param>
    /// <returns>-1 when they stay apart.</returns>
    public abstract int Join(int left, int right, ReadOnlySpan<byte> both, out int rank);

    /// <summary>
    /// As tiktoken has it: whatever is a token may be made, and its number is its rank. Nothing is stored for pairs.
    /// </summary>
    public sealed class ByRank(Vocabulary vocabulary) : Merges
    {
        public override int Ranks => vocabulary.Count;

        public override int Join(int left, int right, ReadOnlySpan<byte> both, out int rank) => rank = vocabulary.Find(both);
    }

    /// <summary>As Hugging Face's tokenizers have it: a list of pairs, the first with the lowest rank.</summary>
    public sealed class Listed : Merges
    {
        readonly ulong[] _pairs;
        readonly (int Rank, int Made)[] _joined;
        int _ranks;

        public Listed(int count)
        {
            int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * count));
            (_pairs, _joined) = (new ulong[size], new (int, int)[size]);
            Array.Fill(_pairs, ulong.MaxValue);
        }

        public override int Ranks => _ranks;

        /// <summary>Adds the next pair of the list; one that was there already keeps its rank.</summary>
        public void Add(int left, int right, int rank, int made)
        {
            int slot = Slot(Pair(left, right));
            _ranks = rank + 1;
            if (_pairs[slot] != ulong.MaxValue) return;
            (_pairs[slot], _joined[slot]) = (Pair(left, right), (rank, made));
        }

        public override int Join(int left, int right, ReadOnlySpan<byte> both, out int rank)
        {
            int slot = Slot(Pair(left, right));
            if (_pairs[slot] == ulong.MaxValue) return rank = -1;
            (rank, int made) = _joined[slot];
            return made;
        }

        static ulong Pair(int left, int right) => (ulong)(uint)left << 32 | (uint)right;

        int Slot(ulong pair)
        {
            int mask = _pairs.Length - 1;
            for (int slot = (int)((pair * 0x9E3779B97F4A7C15) >> 33) & mask; ; slot = (slot + 1) & mask)
                if (_pairs[slot] == pair || _pairs[slot] == ulong.MaxValue) return slot;
        }
    }
}
