// Byte-pair encoding of one piece, by its definition and in time that does not grow with the square. Knows no pieces but one.

using System.Buffers;

namespace Baltoro.Engine.Tokenizers;

/// <summary>Begins with one token for each byte and joins, as long as any two neighbours can be joined, those of the lowest rank, of equals the first.</summary>
static class PairMerging
{
    /// <summary>From here on a piece is worked on with a heap.</summary>
    const int Long = 96;

    /// <summary>Adds the tokens of a piece.</summary>
    public static void Encode(ReadOnlySpan<byte> piece, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        if (piece.Length < Long) Define(piece, vocabulary, merges, into);
        else Heaped(piece, vocabulary, merges, into);
    }

    /// <summary>What byte-pair encoding means, word by word: the square of the length.</summary>
    public static void Define(ReadOnlySpan<byte> piece, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        int[]? rented = null;
        Span<int> room = piece.Length <= 128 ? stackalloc int[3 * 128] : (rented = ArrayPool<int>.Shared.Rent(3 * piece.Length));
        // Where each token begins, the token, and the rank of joining it with the next one.
        int count = piece.Length;
        Span<int> starts = room[..count], tokens = room.Slice(count, count), ranks = room.Slice(2 * count, count);
        for (int i = 0; i < count; i++) (starts[i], tokens[i]) = (i, vocabulary.Single(piece[i]));
        for (int i = 0; i < count; i++) ranks[i] = Rank(piece, starts, tokens, count, i, merges);
        while (count > 1)
        {
            int best = -1;
            for (int i = 0; i < count - 1; i++)
                if (ranks[i] >= 0 && (best < 0 || ranks[i] < ranks[best])) best = i;
            if (best < 0) break;
            tokens[best] = Joined(piece, starts, tokens, count, best, merges, out _);
            count--;
            starts[(best + 2)..(count + 1)].CopyTo(starts[(best + 1)..]);
            tokens[(best + 2)..(count + 1)].CopyTo(tokens[(best + 1)..]);
            ranks[(best + 2)..(count + 1)].CopyTo(ranks[(best + 1)..]);
            ranks[best] = Rank(piece, starts, tokens, count, best, merges);
            if (best > 0) ranks[best - 1] = Rank(piece, starts, tokens, count, best - 1, merges);
        }
        foreach (int token in tokens[..count]) into.Add(token);
        if (rented is not null) ArrayPool<int>.Shared.Return(rented);
    }

    static int Rank(ReadOnlySpan<byte> piece, ReadOnlySpan<int> starts, ReadOnlySpan<int> tokens, int count, int i, Merges merges) =>
        Joined(piece, starts, tokens, count, i, merges, out int rank) < 0 ? -1 : rank;

    static int Joined(ReadOnlySpan<byte> piece, ReadOnlySpan<int> starts, ReadOnlySpan<int> tokens, int count, int i, Merges merges, out int rank)
    {
        rank = -1;
        return i + 1 >= count ? -1 : merges.Join(tokens[i], tokens[i + 1], piece[starts[i]..(i + 2 < count ? starts[i + 2] : piece.Length)], out rank);
    }

    /// <summary>The same tokens: candidates wait in a heap by rank and place, and count for nothing once a neighbour has changed.</summary>
    static void Heaped(ReadOnlySpan<byte> piece, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        int count = piece.Length;
        // By the place at which a token begins: the token (-1 when it was joined to the one before), where the next begins, where the one before does.
        int[] tokens = ArrayPool<int>.Shared.Rent(count), next = ArrayPool<int>.Shared.Rent(count), before = ArrayPool<int>.Shared.Rent(count);
        PriorityQueue<(int At, int Left, int Right, int Made), (int Rank, int At)> waiting = new(count);
        for (int i = 0; i < count; i++) (tokens[i], next[i], before[i]) = (vocabulary.Single(piece[i]), i + 1, i - 1);
        for (int i = 0; i < count; i++) Offer(piece, i);
        while (waiting.TryDequeue(out var best, out _))
        {
            int second = next[best.At];
            if (tokens[best.At] != best.Left || second >= count || tokens[second] != best.Right) continue;
            (tokens[best.At], tokens[second], next[best.At]) = (best.Made, -1, next[second]);
            if (next[best.At] < count) before[next[best.At]] = best.At;
            Offer(piece, best.At);
            if (before[best.At] >= 0) Offer(piece, before[best.At]);
        }
        for (int i = 0; i < count; i = next[i]) into.Add(tokens[i]);
        ArrayPool<int>.Shared.Return(tokens);
        ArrayPool<int>.Shared.Return(next);
        ArrayPool<int>.Shared.Return(before);

        void Offer(ReadOnlySpan<byte> piece, int at)
        {
            int second = next[at];
            if (second >= count) return;
            int made = merges.Join(tokens[at], tokens[second], piece[at..next[second]], out int rank);
            if (made >= 0) waiting.Enqueue((at, tokens[at], tokens[second], made), (rank, at));
        }
    }
}
