// Byte-pair encoding of one piece, by its definition and in time that does not grow with the square. Knows no pieces but one.

using System.Buffers;
using System.Runtime.CompilerServices;

namespace Baltoro.Engine.Tokenizers;

/// <summary>Begins with one token for each byte and joins, as long as any two neighbours can be joined, those of the lowest rank, of equals the first.</summary>
static class PairMerging
{
    /// <summary>From <see cref="Long"/> on a part is worked on rank by rank; up to <see cref="Short"/> it is not looked at where a piece falls apart.</summary>
    const int Short = 5, Long = 64;

    /// <summary>Adds the tokens of a piece. Where no token can reach across it falls apart, and what is on one side is nothing to the other.</summary>
    public static void Encode(ReadOnlySpan<byte> piece, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        if (piece.Length <= Short)
        {
            Part(piece, vocabulary, merges, into);
            return;
        }
        Joints joints = vocabulary.Joints;
        int begin = 0;
        for (int i = 1; i < piece.Length; i++)
            if (!joints.MayHold(piece, i))
            {
                Part(piece[begin..i], vocabulary, merges, into);
                begin = i;
            }
        Part(piece[begin..], vocabulary, merges, into);
    }

    static void Part(ReadOnlySpan<byte> part, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        if (part.Length == 1) into.Add(vocabulary.Single(part[0]));
        else if (part.Length == 2) Two(part, vocabulary, merges, into);
        else if (part.Length < Long) Define(part, vocabulary, merges, into);
        else RankMerging.Encode(part, vocabulary, merges, into);
    }

    static void Two(ReadOnlySpan<byte> part, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        int first = vocabulary.Single(part[0]), second = vocabulary.Single(part[1]), made = merges.Join(first, second, part, out _);
        into.Add(made >= 0 ? made : first);
        if (made < 0) into.Add(second);
    }

    /// <summary>What byte-pair encoding means, word by word: the square of the length.</summary>
    [SkipLocalsInit]
    public static void Define(ReadOnlySpan<byte> piece, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        int[]? rented = null;
        int count = piece.Length;
        Span<int> room = count <= Long ? stackalloc int[4 * Long] : (rented = ArrayPool<int>.Shared.Rent(4 * count));
        // Where each token begins, the token, and the rank of joining it with the next one (the highest where that cannot be) and what comes of it.
        Span<int> starts = room[..count], tokens = room.Slice(count, count), ranks = room.Slice(2 * count, count), made = room.Slice(3 * count, count);
        for (int i = 0; i < count; i++) (starts[i], tokens[i]) = (i, vocabulary.Single(piece[i]));
        for (int i = 0; i < count; i++) made[i] = Join(piece, starts, tokens, count, i, merges, out ranks[i]);
        while (count > 1)
        {
            int best = 0;
            for (int i = 1; i < count - 1; i++)
                if (ranks[i] < ranks[best]) best = i;
            if (ranks[best] == int.MaxValue) break;
            tokens[best] = made[best];
            count--;
            for (int i = best + 1; i < count; i++) (starts[i], tokens[i], ranks[i], made[i]) = (starts[i + 1], tokens[i + 1], ranks[i + 1], made[i + 1]);
            made[best] = Join(piece, starts, tokens, count, best, merges, out ranks[best]);
            if (best > 0) made[best - 1] = Join(piece, starts, tokens, count, best - 1, merges, out ranks[best - 1]);
        }
        foreach (int token in tokens[..count]) into.Add(token);
        if (rented is not null) ArrayPool<int>.Shared.Return(rented);
    }

    static int Join(ReadOnlySpan<byte> piece, ReadOnlySpan<int> starts, ReadOnlySpan<int> tokens, int count, int i, Merges merges, out int rank)
    {
        rank = int.MaxValue;
        if (i + 1 >= count) return -1;
        int made = merges.Join(tokens[i], tokens[i + 1], piece[starts[i]..(i + 2 < count ? starts[i + 2] : piece.Length)], out int joined);
        if (made >= 0) rank = joined;
        return made;
    }
}
