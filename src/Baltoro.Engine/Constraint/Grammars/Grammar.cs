// Nodes that are complete, what each costs at least, and what follows on what. Knows no run of it.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>
/// Which texts are allowed, over one vocabulary. Made by <see cref="GrammarBuilder"/>; for any number of texts and threads. What it finds out about its states
/// it keeps, so a second text of the same grammar costs less.
/// </summary>
public sealed class Grammar
{
    /// <summary>How deep objects and arrays go: readers of JSON stop at 64.</summary>
    internal const int Deepest = 48;

    /// <summary>Kept states beyond which a new text begins with an empty store.</summary>
    const int MostKept = 100_000;

    Workings? _workings;

    internal Grammar(TokenTrie trie, Node[] nodes, int root, JsonSpacing spacing)
    {
        (Trie, Nodes, Root, Spacing) = (trie, nodes, root, spacing);
        (Costs, Depths) = (new int[nodes.Length], new int[nodes.Length]);
        Array.Fill(Costs, Cost.Never);
        // A node's cost follows from cheaper ones; none is lowered more often than there are nodes.
        for (bool lowered = true; lowered;)
        {
            lowered = false;
            for (int node = nodes.Length - 1; node >= 0; node--)
            {
                (int cost, int depth) = Price(nodes[node]);
                if (cost >= Costs[node] || depth > Deepest) continue;
                (Costs[node], Depths[node], lowered) = (cost, depth, true);
            }
        }
        foreach (int depth in Depths) DeepestNode = Math.Max(DeepestNode, depth);
    }

    public TokenTrie Trie { get; }

    /// <summary>How few tokens make a whole text, as far as is known without trying all; never too few.</summary>
    public int Shortest => Costs[Root];

    internal Node[] Nodes { get; }

    internal int Root { get; }

    internal JsonSpacing Spacing { get; }

    internal int[] Costs { get; }

    /// <summary>How many objects and arrays the cheapest text of a node has inside each other.</summary>
    internal int[] Depths { get; }

    internal int DeepestNode { get; }

    internal ReadOnlySpan<byte> Comma => Spacing == JsonSpacing.Blanks ? ", "u8 : ","u8;

    internal ReadOnlySpan<byte> Colon => Spacing == JsonSpacing.Blanks ? ": "u8 : ":"u8;

    /// <summary>The beginning of a text.</summary>
    public GrammarState Begin()
    {
        lock (Trie.Lock)
        {
            if (_workings is null || _workings.Kept > MostKept) _workings = new(this);
            return new(_workings);
        }
    }

    /// <summary>What is still to come of an object that has these members.</summary>
    internal int Remaining(Node.Members members, UInt128 present)
    {
        int cost = 1;
        for (int i = 0; i < members.Names.Length; i++)
            if ((members.Required >> i & 1) != 0 && (present >> i & 1) == 0)
                cost = Cost.Sum(cost, members.Values[i] < 0 ? Cost.Never : Cost.Sum(Fewest([.. Comma, .. members.Names[i], .. Colon]), Costs[members.Values[i]]));
        return cost;
    }

    /// <summary>What is still to come of an array with so many items.</summary>
    internal int Remaining(Node.Items items, int count)
    {
        int cost = 1, each = Fewest(Comma.ToArray());
        for (; count < items.Least && count < items.First.Length; count++) cost = Cost.Sum(cost, Cost.Sum(each, At(items.First[count])));
        return Cost.Sum(cost, Cost.Times(items.Least - count, Cost.Sum(each, At(items.Rest))));

        int At(int node) => node < 0 ? Cost.Never : Costs[node];
    }

    internal int Fewest(byte[] text) => Trie.Fewest(text)[0];

    (int Cost, int Depth) Price(Node node)
    {
        switch (node)
        {
            case Node.Scalar scalar: return (scalar.Leaf.CostOf(scalar.Leaf.Start), 0);
            case Node.Branch branch: return branch.Texts.Index().Select(way => (Cost.Sum(Fewest(way.Item), Costs[branch.Targets[way.Index]]), Depths[branch.Targets[way.Index]])).Min();
            case Node.Choice choice: return choice.Options.Select(option => (Costs[option], Depths[option])).DefaultIfEmpty((Cost.Never, 0)).Min();
            case Node.Sequence sequence:
                return (sequence.Parts.Aggregate(0, (sum, part) => Cost.Sum(sum, Costs[part])), sequence.Parts.Select(part => Depths[part]).DefaultIfEmpty(0).Max());
            case Node.Members members:
                if (members.Required == 0) return (Fewest("{}"u8.ToArray()), 1);
                (int least, int depth) = (Cost.Never, 0);
                for (int i = 0; i < members.Names.Length; i++)
                {
                    if ((members.Required >> i & 1) == 0 || members.Values[i] < 0) continue;
                    depth = Math.Max(depth, Depths[members.Values[i]]);
                    int first = Cost.Sum(Fewest([(byte)'{', .. members.Names[i], .. Colon]), Costs[members.Values[i]]);
                    least = Math.Min(least, Cost.Sum(first, Remaining(members, UInt128.One << i)));
                }
                return (least, 1 + depth);
            case Node.Items items:
                if (items.Least == 0) return (Fewest("[]"u8.ToArray()), 1);
                if (items.At(0) < 0) return (Cost.Never, 0);
                int deepest = 0;
                for (int i = 0; i < Math.Min(items.Least, items.First.Length + 1); i++)
                    if (items.At(i) is >= 0 and var value) deepest = Math.Max(deepest, Depths[value]);
                return (Cost.Sum(1, Cost.Sum(Costs[items.At(0)], Remaining(items, 1))), 1 + deepest);
            default: throw new InvalidOperationException($"{node} is no node of a grammar.");
        }
    }
}
