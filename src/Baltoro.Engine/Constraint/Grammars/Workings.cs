// What the runs of a grammar have met: automata for objects and arrays in the making, what is left open, and what may come. Knows no run.

using Baltoro.Engine.Constraint.Automata;

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>A place that a text can be at: in a state of a used leaf, with what is open around it.</summary>
readonly record struct Place(int Use, int State, int Open);

/// <summary>A leaf where a grammar uses it: of which node, in which stage of it (members that are there, items so far), and how many levels there is room for.</summary>
readonly record struct Use(int Node, UInt128 Stage, bool Begins, int Room);

/// <summary>A node that is not at its end: which, its stage, and what it stands in.</summary>
readonly record struct Frame(int Node, UInt128 Stage, int Parent);

/// <summary>Grows with what is met; belongs to the lock of the vocabulary.</summary>
sealed class Workings
{
    /// <summary>The frame around everything.</summary>
    public const int Outside = 0;

    /// <summary>The use of the leaf behind everything.</summary>
    public const int End = 0;

    readonly Grammar _grammar;
    readonly Dictionary<Use, int> _uses = [];
    readonly Dictionary<Frame, int> _open = [];
    readonly List<(Use Use, Leaf Leaf)> _leaves = [(default, new EndLeaf())];
    readonly List<(Frame Frame, int Cost, int Depth)> _frames = [(default, 0, 0)];

    public Workings(Grammar grammar)
    {
        _grammar = grammar;
        Masks = new(this, grammar.Trie);
    }

    public Grammar Grammar => _grammar;

    public Masks Masks { get; }

    public int Kept => _leaves.Count + _frames.Count + Masks.Kept;

    public Leaf Leaf(int use) => _leaves[use].Leaf;

    /// <summary>How few tokens end the text from here.</summary>
    public int CostOf(in Place place) => Cost.Sum(_leaves[place.Use].Leaf.CostOf(place.State), _frames[place.Open].Cost);

    /// <summary>Where the text can be when it stands before a node.</summary>
    public void Begin(int node, int open, List<Place> into)
    {
        if (_grammar.Costs[node] >= Cost.Never) return;
        switch (_grammar.Nodes[node])
        {
            case Node.Scalar or Node.Branch:
                Enter(new(node, 0, true, 0), open, into);
                break;
            case Node.Choice choice:
                foreach (int option in choice.Options) Begin(option, open, into);
                break;
            case Node.Sequence sequence:
                Next(sequence, node, 0, open, into);
                break;
            default:
                int room = Grammar.Deepest - _frames[open].Depth;
                if (_grammar.Depths[node] <= room) Enter(new(node, 0, true, Math.Min(room, _grammar.DeepestNode + 1)), open, into);
                break;
        }
    }

    /// <summary>Adds a place, and if the leaf can be at an end there, where the text can be behind it.</summary>
    public void Add(Place place, List<Place> into)
    {
        Leaf leaf = _leaves[place.Use].Leaf;
        int label = leaf.Label(place.State);
        if ((label < 0 || leaf.GoesOn(place.State)) && !into.Contains(place)) into.Add(place);
        if (label >= 0) Follow(place.Use, label, place.Open, into);
    }

    /// <summary>Where the text can be behind a leaf that read what the label says.</summary>
    public void Follow(int use, int label, int open, List<Place> into)
    {
        var (node, stage, _, _) = _leaves[use].Use;
        switch (_grammar.Nodes[node])
        {
            case Node.Branch branch:
                Begin(branch.Targets[label], open, into);
                break;
            case Node.Members members when label > 0:
                bool named = label <= members.Names.Length;
                Begin(named ? members.Values[label - 1] : members.Others, Open(new(node, named ? stage | UInt128.One << (label - 1) : stage, open)), into);
                break;
            case Node.Items items when label > 0:
                Begin(items.At((int)stage), Open(new(node, (UInt128)Math.Min((int)stage + 1, items.Steady), open)), into);
                break;
            default:
                Close(open, into);
                break;
        }
    }

    /// <summary>Behind the end of what stood in this frame.</summary>
    void Close(int open, List<Place> into)
    {
        if (open == Outside)
        {
            Place end = new(End, 0, Outside);
            if (!into.Contains(end)) into.Add(end);
            return;
        }
        var (frame, _, depth) = _frames[open];
        if (_grammar.Nodes[frame.Node] is Node.Sequence sequence) Next(sequence, frame.Node, (int)frame.Stage, frame.Parent, into);
        else Enter(new(frame.Node, frame.Stage, false, Math.Min(Grammar.Deepest - depth + 1, _grammar.DeepestNode + 1)), frame.Parent, into);
    }

    void Next(Node.Sequence sequence, int node, int part, int open, List<Place> into)
    {
        if (part == sequence.Parts.Length) Close(open, into);
        else Begin(sequence.Parts[part], part == sequence.Parts.Length - 1 ? open : Open(new(node, (UInt128)(part + 1), open)), into);
    }

    void Enter(Use use, int open, List<Place> into)
    {
        if (!_uses.TryGetValue(use, out int known))
        {
            _uses.Add(use, known = _leaves.Count);
            _leaves.Add((use, Make(use)));
        }
        Add(new(known, _leaves[known].Leaf.Start, open), into);
    }

    int Open(Frame frame)
    {
        if (_open.TryGetValue(frame, out int known)) return known;
        var (_, outside, depth) = _frames[frame.Parent];
        (int cost, int levels) = _grammar.Nodes[frame.Node] switch
        {
            Node.Sequence sequence => (sequence.Parts.Skip((int)frame.Stage).Aggregate(0, (sum, part) => Cost.Sum(sum, _grammar.Costs[part])), 0),
            Node.Members members => (_grammar.Remaining(members, frame.Stage), 1),
            Node.Items items => (_grammar.Remaining(items, (int)frame.Stage), 1),
            var other => throw new InvalidOperationException($"{other} is never open."),
        };
        _frames.Add((frame, Cost.Sum(cost, outside), depth + levels));
        _open.Add(frame, _frames.Count - 1);
        return _frames.Count - 1;
    }

    Leaf Make(Use use) => _grammar.Nodes[use.Node] switch
    {
        Node.Scalar scalar => scalar.Leaf,
        Node.Branch branch => DfaLeaf.Literals(_grammar.Trie, branch.Texts, way => _grammar.Costs[branch.Targets[way]]),
        Node.Members members => MemberLeaf(members, use),
        Node.Items items => ItemLeaf(items, use),
        var other => throw new InvalidOperationException($"{other} has no leaf of its own."),
    };

    bool Fits(int node, Use use) => node >= 0 && _grammar.Costs[node] < Cost.Never && _grammar.Depths[node] < use.Room;

    /// <summary>The end is label 0, an item label 1.</summary>
    DfaLeaf ItemLeaf(Node.Items items, Use use)
    {
        int count = (int)use.Stage;
        byte[] end = use.Begins ? [.. "[]"u8] : [.. "]"u8], item = use.Begins ? [.. "["u8] : [.. _grammar.Comma];
        int value = items.At(count);
        return DfaLeaf.Literals(_grammar.Trie, [end, item], label =>
            label == 0 ? (count >= items.Least ? 0 : Cost.Never)
            : !Fits(value, use) ? Cost.Never
            : Cost.Sum(_grammar.Costs[value], _grammar.Remaining(items, Math.Min(count + 1, items.Steady))));
    }

    /// <summary>The end is label 0, a named member its number and 1, any other the number behind all.</summary>
    DfaLeaf MemberLeaf(Node.Members members, Use use)
    {
        UInt128 present = use.Stage;
        // What is taken ends nothing, and being smaller keeps the name from counting as another.
        int count = members.Names.Length, taken = count + 1, other = count + 2;
        List<byte[]> texts = [use.Begins ? [.. "{}"u8] : [.. "}"u8], .. members.Names.Select(name => (byte[])[.. use.Begins ? "{"u8 : _grammar.Comma, .. name, .. _grammar.Colon])];
        if (!Fits(members.Others, use)) return DfaLeaf.Literals(_grammar.Trie, texts, Behind);
        // Any other name is a string without escapes, so that no spelling of a declared one passes for another.
        Nfa nfa = new();
        int start = nfa.Add(), body = nfa.Literal(start, [.. use.Begins ? "{"u8 : _grammar.Comma, (byte)'"']), close = nfa.Add();
        JsonText.AddPlain(nfa, body, body);
        nfa.Step(body, (byte)'"', (byte)'"', close);
        nfa.End(nfa.Literal(close, _grammar.Colon), other);
        for (int i = 0; i < texts.Count; i++)
            if (i > 0 || Behind(0) < Cost.Never) nfa.End(nfa.Literal(start, texts[i]), Behind(i) < Cost.Never ? i : taken);
        Dfa dfa = nfa.Determinise(start, int.MaxValue, never: taken)!;
        int[] costs = dfa.Shortest(label => label == other ? Cost.Sum(_grammar.Costs[members.Others], _grammar.Remaining(members, present)) : Behind(label));
        for (int i = 0; i < texts.Count; i++) DfaLeaf.Price(_grammar.Trie, dfa, costs, texts[i], Behind(i));
        return new(dfa, costs);

        int Behind(int label) =>
            label == 0 ? ((members.Required & ~present) == 0 ? 0 : Cost.Never)
            : (present >> (label - 1) & 1) != 0 || !Fits(members.Values[label - 1], use) ? Cost.Never
            : Cost.Sum(_grammar.Costs[members.Values[label - 1]], _grammar.Remaining(members, present | UInt128.One << (label - 1)));
    }
}
