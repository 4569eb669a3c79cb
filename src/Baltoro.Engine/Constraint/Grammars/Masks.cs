// Which tokens may come at a place, found out once and kept. Knows no run.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>
/// <para>Most tokens are decided by the leaf alone, whatever is open around it: that part is kept by the leaf, for all grammars. A few end the leaf and go on
/// behind it: these are walked for each surrounding, and kept as a list. (The split is that of XGrammar, arXiv 2411.15100.)</para>
/// <para>Costs are kept as differences to the place's own, which makes them the same for all states of a class.</para>
/// </summary>
sealed class Masks(Workings workings, TokenTrie trie)
{
    readonly Dictionary<(int Use, int Class, int Open), (int Token, int Rise)[]> _beyond = [];

    public int Kept => _beyond.Count;

    /// <summary>What stays in the leaf.</summary>
    public Inner Inside(in Place place)
    {
        Leaf leaf = workings.Leaf(place.Use);
        return leaf.Known.TryGetValue(leaf.Class(place.State), out Inner? known) ? known : Look(leaf, place);
    }

    Inner Look(Leaf leaf, Place place)
    {
        TokenSet tokens = new(trie.Vocabulary);
        List<(int, int)> exits = [];
        int most = int.MinValue, own = leaf.CostOf(place.State);
        Walk(leaf, place.State, 0, (node, state) =>
        {
            for (int token = trie.Token(node); token >= 0; token = trie.Alike(token)) tokens.Add(token);
            if (trie.Token(node) >= 0) most = Math.Max(most, leaf.CostOf(state) - own);
            if (leaf.Label(state) is >= 0 and var label && trie.HasMore(node)) exits.Add((node, label));
        });
        if (leaf.Control(place.State) is >= 0 and var control)
        {
            tokens.Add(control);
            most = Math.Max(most, -1);
        }
        Inner inner = new(tokens, most, [.. exits]);
        leaf.Known.Add(leaf.Class(place.State), inner);
        return inner;
    }

    /// <summary>What ends the leaf and goes on behind it, each with what it adds to the cost at least.</summary>
    public ReadOnlySpan<(int Token, int Rise)> Beyond(in Place place)
    {
        Inner inner = Inside(place);
        if (inner.Exits.Length == 0) return [];
        (int, int, int) key = (place.Use, workings.Leaf(place.Use).Class(place.State), place.Open);
        if (_beyond.TryGetValue(key, out var known)) return known;
        _beyond.Add(key, known = Look(inner, place));
        return known;
    }

    (int, int)[] Look(Inner inner, Place place)
    {
        Dictionary<int, int> found = [];
        int own = workings.CostOf(place);
        foreach (var label in inner.Exits.GroupBy(exit => exit.Label))
        {
            List<Place> followers = [];
            workings.Follow(place.Use, label.Key, place.Open, followers);
            foreach (var (node, _) in label)
                foreach (Place follower in followers) Beyond(follower, node, own, found);
        }
        return [.. found.Select(pair => (pair.Key, pair.Value))];
    }

    void Beyond(Place place, int under, int own, Dictionary<int, int> found)
    {
        Leaf leaf = workings.Leaf(place.Use);
        List<(int Node, int Label)> exits = [];
        Walk(leaf, place.State, under, (node, state) =>
        {
            int rise = workings.CostOf(place with { State = state }) - own;
            for (int token = trie.Token(node); token >= 0; token = trie.Alike(token)) found[token] = Math.Min(rise, found.GetValueOrDefault(token, int.MaxValue));
            if (leaf.Label(state) is >= 0 and var label && trie.HasMore(node)) exits.Add((node, label));
        });
        foreach (var (node, label) in exits)
        {
            List<Place> followers = [];
            workings.Follow(place.Use, label, place.Open, followers);
            foreach (Place follower in followers) Beyond(follower, node, own, found);
        }
    }

    /// <summary>What stays in the leaf, but only those that add no more than this to the cost; not kept.</summary>
    public void Inside(in Place place, int mostRise, TokenSet into)
    {
        Leaf leaf = workings.Leaf(place.Use);
        int own = leaf.CostOf(place.State);
        Walk(leaf, place.State, 0, (node, state) =>
        {
            if (trie.Token(node) < 0 || leaf.CostOf(state) - own > mostRise) return;
            for (int token = trie.Token(node); token >= 0; token = trie.Alike(token)) into.Add(token);
        });
        if (mostRise >= -1 && leaf.Control(place.State) is >= 0 and var control) into.Add(control);
    }

    /// <summary>The least that a token adds to the cost; negative, for every place has a way to the end.</summary>
    public int LeastRise(in Place place)
    {
        Leaf leaf = workings.Leaf(place.Use);
        int least = leaf.Control(place.State) >= 0 ? -1 : int.MaxValue, own = leaf.CostOf(place.State);
        Walk(leaf, place.State, 0, (node, state) =>
        {
            if (trie.Token(node) >= 0) least = Math.Min(least, leaf.CostOf(state) - own);
        });
        foreach (var (_, rise) in Beyond(place)) least = Math.Min(least, rise);
        return least;
    }

    /// <summary>Visits each node under one that the leaf can read up to, with the state behind it.</summary>
    void Walk(Leaf leaf, int start, int under, Action<int, int> visit)
    {
        int[] states = new int[trie.LongestToken + 1];
        states[trie.Depth(under)] = start;
        for (int node = under + 1, end = trie.End(under); node < end;)
        {
            int depth = trie.Depth(node), state = leaf.Step(states[depth - 1], trie.Byte(node));
            if (state < 0)
            {
                node = trie.End(node);
                continue;
            }
            states[depth] = state;
            visit(node, state);
            node++;
        }
    }
}
