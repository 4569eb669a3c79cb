// Byte-pair encoding of a long part of a piece, rank by rank. Knows no definition: its tokens are those of PairMerging.Define.

using System.Buffers;
using System.Runtime.InteropServices;

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// All places at which a rank can be joined wait together, and a queue holds the ranks at which any wait: of a text that repeats itself there are few. What a join makes possible contains
/// what it made, so it is never of the same rank; when it is of a lower one, the places that are left wait again. One caller at a time.
/// </summary>
ref struct RankMerging
{
    /// <summary>By rank: the entry that came last, and 1; 0 for none. All zero between two uses.</summary>
    [ThreadStatic] static int[]? t_last;

    readonly ReadOnlySpan<byte> _part;
    readonly Merges _merges;
    readonly int[] _last;
    // By the place at which a token begins: the token, where the next and the one before begin, the rank of joining it with the next (-1 for none) and what comes of it.
    readonly Span<int> _tokens, _next, _before, _ranks, _made;
    readonly Span<Known> _known;
    readonly List<(int At, int Earlier)> _entries;
    readonly PriorityQueue<int, int> _waiting = new();

    /// <summary>What came of two tokens when they last met; the same ones meet again and again in a text that repeats itself.</summary>
    readonly record struct Known(int Left, int Right, int Made, int Rank);

    const int KnownPairs = 64;

    RankMerging(ReadOnlySpan<byte> part, Vocabulary vocabulary, Merges merges, Span<int> room, Span<Known> known)
    {
        _known = known;
        _known.Fill(new(-1, -1, -1, -1));
        _part = part;
        _merges = merges;
        int count = part.Length;
        _last = t_last is { } last && last.Length >= merges.Ranks ? last : t_last = new int[merges.Ranks];
        _tokens = room[..count];
        _next = room.Slice(count, count);
        _before = room.Slice(2 * count, count);
        _ranks = room.Slice(3 * count, count);
        _made = room.Slice(4 * count, count);
        _entries = new(2 * count);
        for (int i = 0; i < count; i++) (_tokens[i], _next[i], _before[i]) = (vocabulary.Single(part[i]), i + 1, i - 1);
    }

    /// <summary>Adds the tokens of a part.</summary>
    public static void Encode(ReadOnlySpan<byte> part, Vocabulary vocabulary, Merges merges, List<int> into)
    {
        int[] room = ArrayPool<int>.Shared.Rent(5 * part.Length);
        RankMerging work = new(part, vocabulary, merges, room, stackalloc Known[KnownPairs]);
        work.Run();
        for (int i = 0; i < part.Length; i = work._next[i]) into.Add(work._tokens[i]);
        ArrayPool<int>.Shared.Return(room);
    }

    readonly void Run()
    {
        for (int i = 0; i < _part.Length; i++) Offer(i);
        List<int> places = [];
        while (_waiting.TryDequeue(out int rank, out _))
        {
            places.Clear();
            for (int entry = _last[rank]; entry > 0; entry = _entries[entry - 1].Earlier) places.Add(_entries[entry - 1].At);
            _last[rank] = 0;
            Span<int> ascending = CollectionsMarshal.AsSpan(places);
            ascending.Reverse();
            if (!IsAscending(ascending)) ascending.Sort();
            for (int i = 0; i < ascending.Length; i++)
            {
                int at = ascending[i];
                // Joined meanwhile with another one, or a neighbour was.
                if (_ranks[at] != rank) continue;
                if (Join(at) >= rank) continue;
                foreach (int left in ascending[(i + 1)..]) Wait(left, rank);
                break;
            }
        }
    }

    /// <summary>Joins the token at a place with the next one.</summary>
    /// <returns>The lowest rank that can be joined because of it.</returns>
    readonly int Join(int at)
    {
        int second = _next[at];
        (_tokens[at], _next[at], _ranks[second]) = (_made[at], _next[second], -1);
        if (_next[at] < _part.Length) _before[_next[at]] = at;
        int here = Offer(at);
        return _before[at] >= 0 ? Math.Min(here, Offer(_before[at])) : here;
    }

    readonly int Offer(int at)
    {
        int second = _next[at];
        _ranks[at] = -1;
        if (second >= _part.Length) return int.MaxValue;
        (int left, int right) = (_tokens[at], _tokens[second]);
        ref Known known = ref _known[left * 5 + right & KnownPairs - 1];
        if (known.Left != left || known.Right != right)
        {
            int made = _merges.Join(left, right, _part[at.._next[second]], out int rank);
            known = new(left, right, made, rank);
        }
        if (known.Made < 0) return int.MaxValue;
        (_made[at], _ranks[at]) = (known.Made, known.Rank);
        Wait(at, known.Rank);
        return known.Rank;
    }

    readonly void Wait(int at, int rank)
    {
        if (_last[rank] == 0) _waiting.Enqueue(rank, rank);
        _entries.Add((at, _last[rank]));
        _last[rank] = _entries.Count;
    }

    static bool IsAscending(ReadOnlySpan<int> places)
    {
        for (int i = 1; i < places.Length; i++)
            if (places[i] < places[i - 1]) return false;
        return true;
    }
}
