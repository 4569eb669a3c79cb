// An automaton over bytes while it is being put together: steps, free steps, and what was read at its ends. Knows no JSON.

namespace Baltoro.Engine.Constraint.Automata;

/// <summary>Made by adding states and steps, then turned into a <see cref="Dfa"/>. Labels are 0 or more; where several ends meet the smallest counts.</summary>
sealed class Nfa
{
    /// <summary>States of this one that those of a limited result stand for, all together: what they are kept in is some 15 times as many bytes.</summary>
    const int MostTogether = 8_000_000;

    readonly List<List<(byte First, byte Last, int To)>> _steps = [];
    readonly List<List<int>> _free = [];
    readonly List<int> _labels = [];

    public int States => _steps.Count;

    public int Add()
    {
        _steps.Add([]);
        _free.Add([]);
        _labels.Add(-1);
        return _steps.Count - 1;
    }

    public void Step(int from, byte first, byte last, int to) => _steps[from].Add((first, last, to));

    public void Free(int from, int to) => _free[from].Add(to);

    public void End(int state, int label) => _labels[state] = label;

    /// <summary>One way of these bytes from a state; the state behind it.</summary>
    public int Literal(int from, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            int next = Add();
            Step(from, value, value, next);
            from = next;
        }
        return from;
    }

    /// <summary>The same language with one step for a byte, without states from which no end is reached.</summary>
    /// <returns>Null when it has more than so many states, or these stand for too many of this one's.</returns>
    /// <param name="never">A label that ends nothing: it only keeps larger ones from it.</param>
    public Dfa? Determinise(int start, int most, int never = -1)
    {
        byte[] classes = Classes(out byte[] examples);
        Dictionary<string, int> known = [];
        List<int[]> sets = [];
        List<int[]> table = [];
        long together = 0;
        Find([start]);
        for (int i = 0; i < sets.Count; i++)
        {
            int[] row = new int[examples.Length];
            for (int c = 0; c < row.Length; c++)
            {
                HashSet<int> to = [];
                foreach (int state in sets[i])
                    foreach (var (first, last, next) in _steps[state])
                        if (examples[c] >= first && examples[c] <= last) to.Add(next);
                row[c] = to.Count == 0 ? -1 : Find(to);
            }
            table.Add(row);
            together += sets[i].Length;
            if (sets.Count > most || together > MostTogether && most < int.MaxValue) return null;
        }
        int[] labels = [.. sets.Select(set => set.Select(state => _labels[state]).Where(label => label >= 0).DefaultIfEmpty(-1).Min()).Select(label => label == never ? -1 : label)];
        return Dfa.Make(classes, [.. table], labels);

        int Find(HashSet<int> states)
        {
            Stack<int> open = new(states);
            while (open.TryPop(out int state))
                foreach (int next in _free[state])
                    if (states.Add(next)) open.Push(next);
            int[] set = [.. states.Order()];
            string key = string.Create(set.Length * 2, set, static (text, set) =>
            {
                for (int i = 0; i < set.Length; i++) (text[2 * i], text[2 * i + 1]) = ((char)set[i], (char)(set[i] >> 16));
            });
            if (known.TryGetValue(key, out int found)) return found;
            known.Add(key, sets.Count);
            sets.Add(set);
            return sets.Count - 1;
        }
    }

    /// <summary>Bytes that no step tells apart are one class: the class of each byte, and a byte of each class.</summary>
    byte[] Classes(out byte[] examples)
    {
        bool[] starts = new bool[257];
        starts[0] = true;
        foreach (var steps in _steps)
            foreach (var (first, last, _) in steps) starts[first] = starts[last + 1] = true;
        byte[] classes = new byte[256];
        List<byte> found = [];
        for (int value = 0; value < 256; value++)
        {
            if (starts[value]) found.Add((byte)value);
            classes[value] = (byte)(found.Count - 1);
        }
        examples = [.. found];
        return classes;
    }
}
