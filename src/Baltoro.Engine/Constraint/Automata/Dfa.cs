// An automaton that reads bytes, one step for each. Knows no JSON and no tokens.

namespace Baltoro.Engine.Constraint.Automata;

/// <summary>Immutable. State 0 is the start; from every state an end can be reached, unless the language is empty.</summary>
sealed class Dfa
{
    readonly byte[] _classes;
    readonly int[] _next;
    readonly int[] _labels;
    readonly bool[] _goesOn;
    readonly int _width;

    Dfa(byte[] classes, int[] next, int[] labels)
    {
        (_classes, _next, _labels, _width) = (classes, next, labels, next.Length / labels.Length);
        _goesOn = [.. Enumerable.Range(0, labels.Length).Select(state => _next.AsSpan(state * _width, _width).ContainsAnyExcept(-1))];
    }

    public int States => _labels.Length;

    public bool IsEmpty => !_goesOn[0] && _labels[0] < 0;

    /// <summary>The state behind a byte, or -1.</summary>
    public int Step(int state, byte value) => _next[state * _width + _classes[value]];

    /// <summary>What was read when the text ends here, or -1 when it cannot.</summary>
    public int Label(int state) => _labels[state];

    public bool GoesOn(int state) => _goesOn[state];

    public bool Reads(ReadOnlySpan<byte> text)
    {
        int state = 0;
        foreach (byte value in text)
            if ((state = Step(state, value)) < 0) return false;
        return _labels[state] >= 0;
    }

    /// <summary>How few bytes lead from each state to the end of all, when behind an end with a label so much is still to come.</summary>
    public int[] Shortest(Func<int, int> behind)
    {
        int[] costs = [.. _labels.Select(label => label < 0 ? Cost.Never : behind(label))];
        PriorityQueue<int, int> open = new();
        List<int>[] into = [.. Enumerable.Range(0, States).Select(_ => new List<int>())];
        for (int state = 0; state < States; state++)
        {
            if (costs[state] < Cost.Never) open.Enqueue(state, costs[state]);
            for (int c = 0; c < _width; c++)
                if (_next[state * _width + c] is >= 0 and var to) into[to].Add(state);
        }
        while (open.TryDequeue(out int state, out int cost))
        {
            if (cost > costs[state]) continue;
            foreach (int from in into[state])
            {
                if (costs[from] <= cost + 1) continue;
                costs[from] = cost + 1;
                open.Enqueue(from, cost + 1);
            }
        }
        return costs;
    }

    /// <summary>What both read, with this one's labels.</summary>
    /// <returns>Null when it has more than so many states.</returns>
    public Dfa? And(Dfa other, int most)
    {
        byte[] classes = new byte[256];
        Dictionary<(byte, byte), byte> pairs = [];
        List<byte> examples = [];
        for (int value = 0; value < 256; value++)
        {
            (byte, byte) pair = (_classes[value], other._classes[value]);
            if (!pairs.TryGetValue(pair, out classes[value]))
            {
                pairs.Add(pair, classes[value] = (byte)examples.Count);
                examples.Add((byte)value);
            }
        }
        Dictionary<(int, int), int> known = new() { [(0, 0)] = 0 };
        List<(int Mine, int Theirs)> states = [(0, 0)];
        List<int[]> table = [];
        for (int i = 0; i < states.Count; i++)
        {
            int[] row = new int[examples.Count];
            for (int c = 0; c < row.Length; c++)
            {
                (int, int) to = (Step(states[i].Mine, examples[c]), other.Step(states[i].Theirs, examples[c]));
                if (to.Item1 < 0 || to.Item2 < 0) row[c] = -1;
                else if (!known.TryGetValue(to, out row[c]))
                {
                    known.Add(to, row[c] = states.Count);
                    states.Add(to);
                }
            }
            table.Add(row);
            if (states.Count > most) return null;
        }
        return Make(classes, [.. table], [.. states.Select(state => other._labels[state.Theirs] < 0 ? -1 : _labels[state.Mine])]);
    }

    /// <summary>Without what leads to no end.</summary>
    /// <param name="table">[states][classes], -1 for none.</param>
    public static Dfa Make(byte[] classes, int[][] table, int[] labels)
    {
        int width = table[0].Length;
        Dfa whole = new(classes, [.. table.SelectMany(row => row)], labels);
        int[] costs = whole.Shortest(_ => 0);
        int[] names = new int[table.Length];
        int kept = 0;
        for (int state = 0; state < names.Length; state++) names[state] = state == 0 || costs[state] < Cost.Never ? kept++ : -1;
        if (kept == names.Length) return whole;
        List<int> next = [];
        List<int> left = [];
        for (int state = 0; state < names.Length; state++)
        {
            if (names[state] < 0) continue;
            foreach (int to in table[state]) next.Add(to < 0 ? -1 : names[to]);
            left.Add(labels[state]);
        }
        return new(classes, [.. next], [.. left]);
    }
}
