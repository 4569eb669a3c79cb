// A JSON string that is a quotation. Knows not where texts may be cut; that was decided before.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>
/// Beginnings are sorted by what follows them, so that those which begin with the same bytes stand beside each other: a state is such a part, and how many bytes it has in
/// common. States are made as they are met.
/// </summary>
sealed class SpanLeaf : Leaf
{
    const int Before = 0, Body = 1, Closed = 2;

    readonly byte[] _bytes;
    readonly int[] _begins;
    readonly int[] _toEnd;
    readonly Dictionary<int, int> _steps = [];
    /// <summary>By state: its part of the beginnings, the bytes in common, and how many bytes lead to where it may be cut at the soonest.</summary>
    readonly List<(int First, int Last, int Depth, int ToEnd)> _states = [(0, 0, 0, 0)];

    SpanLeaf(byte[] bytes, int[] begins, int[] toEnd)
    {
        (_bytes, _begins, _toEnd) = (bytes, begins, toEnd);
        Array.Sort(_begins, (a, b) => Part(a).SequenceCompareTo(Part(b)));
        Make(0, begins.Length, 0);
        _states.Add((0, 0, 0, 0));

        ReadOnlySpan<byte> Part(int begin) => _bytes.AsSpan(begin, Math.Min(Spans.Longest, _bytes.Length - begin));
    }

    /// <param name="bytes">As they stand in JSON; 0 where no quotation goes on.</param>
    /// <param name="ends">By place: a quotation may end before it.</param>
    /// <returns>Null when there is no quotation.</returns>
    public static SpanLeaf? Over(byte[] bytes, int[] begins, bool[] ends)
    {
        int[] toEnd = new int[bytes.Length];
        for (int at = bytes.Length - 1; at >= 0; at--)
            toEnd[at] = ends[at] ? 0 : bytes[at] == 0 || at + 1 == bytes.Length ? Cost.Never : Cost.Sum(toEnd[at + 1], 1);
        int[] useful = Array.FindAll(begins, begin => begin + 1 < bytes.Length && bytes[begin] != 0 && toEnd[begin + 1] < Spans.Longest);
        return useful.Length == 0 ? null : new(bytes, useful, toEnd);
    }

    public override int Step(int state, byte value)
    {
        if (state == Before) return value == '"' ? Body : -1;
        if (state == Closed) return -1;
        // Quotes in the texts stand behind a backslash, but the byte is the same: only where the texts have none it is the end.
        if (value == '"' && _states[state].ToEnd == 0 && !Escaped(state)) return Closed;
        int key = state << 8 | value;
        if (_steps.TryGetValue(key, out int known)) return known;
        var (first, last, depth, _) = _states[state];
        int from = Search(first, last, depth, value), to = Search(from, last, depth, value + 1);
        int next = value == 0 || from == to || depth == Spans.Longest ? -1 : Make(from, to, depth + 1);
        // Where it could only go on and never be cut there is nothing to be had.
        if (next >= 0 && _states[next].ToEnd >= Cost.Never) next = -1;
        _steps.Add(key, next);
        return next;
    }

    public override int Label(int state) => state == Closed ? 0 : -1;

    public override bool GoesOn(int state) => state != Closed;

    public override int CostOf(int state) => state switch
    {
        Before => 2 + _states[Body].ToEnd,
        Closed => 0,
        _ => 1 + _states[state].ToEnd,
    };

    bool Escaped(int state)
    {
        var (first, _, depth, _) = _states[state];
        int backslashes = 0;
        while (backslashes < depth && _bytes[_begins[first] + depth - 1 - backslashes] == '\\') backslashes++;
        return backslashes % 2 != 0;
    }

    int Make(int first, int last, int depth)
    {
        int toEnd = Cost.Never;
        for (int i = first; i < last; i++)
            if (_begins[i] + depth + (depth == 0 ? 1 : 0) is var at && at < _bytes.Length) toEnd = Math.Min(toEnd, _toEnd[at] + (depth == 0 ? 1 : 0));
        _states.Add((first, last, depth, toEnd));
        return _states.Count - 1;
    }

    /// <summary>The first beginning of a part behind whose common bytes one of at least this value stands.</summary>
    int Search(int first, int last, int depth, int value)
    {
        while (first < last)
        {
            int middle = (first + last) >>> 1, at = _begins[middle] + depth;
            if ((at < _bytes.Length ? _bytes[at] : 0) < value) first = middle + 1;
            else last = middle;
        }
        return first;
    }
}
