// One automaton of a grammar, between whose ends the grammar decides what comes. Knows neither what came before nor what follows.

using Baltoro.Engine.Constraint.Automata;

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>
/// A state is a number of 0 or more. Leaves are shared by grammars; what was found out about their states (<see cref="Known"/>) belongs to the lock of the
/// vocabulary.
/// </summary>
abstract class Leaf
{
    public virtual int Start => 0;

    /// <summary>The state behind a byte, or -1.</summary>
    public abstract int Step(int state, byte value);

    /// <summary>What was read if this is an end, or -1.</summary>
    public abstract int Label(int state);

    public abstract bool GoesOn(int state);

    /// <summary>How few tokens end what the leaf belongs to: for an object's key that is the object.</summary>
    public abstract int CostOf(int state);

    /// <summary>States of one class allow the same tokens, at the same differences in cost.</summary>
    public virtual int Class(int state) => state;

    /// <summary>The control token that leads on, or -1.</summary>
    public virtual int Control(int state) => -1;

    public Dictionary<int, Inner> Known { get; } = [];
}

/// <summary>What can come in a state of a leaf, as far as the leaf alone decides.</summary>
/// <param name="Tokens">Those that stay in it.</param>
/// <param name="MostRise">The most that one of them adds to the cost.</param>
/// <param name="Exits">Where the leaf can be at an end inside of a token: the node of the tree, and the label.</param>
sealed record Inner(TokenSet Tokens, int MostRise, (int Node, int Label)[] Exits);

/// <summary>An automaton as it is.</summary>
/// <param name="costs">By state.</param>
sealed class DfaLeaf(Dfa dfa, int[] costs) : Leaf
{
    public Dfa Dfa => dfa;

    public override int Step(int state, byte value) => dfa.Step(state, value);

    public override int Label(int state) => dfa.Label(state);

    public override bool GoesOn(int state) => dfa.GoesOn(state);

    public override int CostOf(int state) => costs[state];

    /// <summary>A leaf behind which nothing of its own comes, priced by bytes: each is a token, so it can be had for that.</summary>
    public static DfaLeaf Plain(Dfa dfa) => new(dfa, dfa.Shortest(_ => 0));

    /// <summary>One of some texts; the label says which. Where two are the same the first counts.</summary>
    /// <param name="behind">What still comes after each; Never for one that cannot be had.</param>
    public static DfaLeaf Literals(TokenTrie trie, IReadOnlyList<byte[]> texts, Func<int, int> behind)
    {
        Nfa nfa = new();
        int start = nfa.Add();
        for (int i = 0; i < texts.Count; i++)
            if (behind(i) < Cost.Never) nfa.End(nfa.Literal(start, texts[i]), i);
        Dfa dfa = nfa.Determinise(start, int.MaxValue)!;
        int[] costs = dfa.Shortest(behind);
        for (int i = 0; i < texts.Count; i++) Price(trie, dfa, costs, texts[i], behind(i));
        return new(dfa, costs);
    }

    /// <summary>Lowers the costs along a text to what its tokens cost.</summary>
    public static void Price(TokenTrie trie, Dfa dfa, int[] costs, byte[] text, int behind)
    {
        if (behind >= Cost.Never) return;
        int[] fewest = trie.Fewest(text);
        int state = 0;
        for (int i = 0; ; state = dfa.Step(state, text[i++]))
        {
            costs[state] = Math.Min(costs[state], Cost.Sum(fewest[i], behind));
            if (i == text.Length) return;
        }
    }
}

/// <summary>A control token.</summary>
sealed class ControlLeaf(int token) : Leaf
{
    public override int Step(int state, byte value) => -1;

    public override int Label(int state) => state - 1;

    public override bool GoesOn(int state) => state == 0;

    public override int CostOf(int state) => 1 - state;

    public override int Control(int state) => state == 0 ? token : -1;
}

/// <summary>Behind everything.</summary>
sealed class EndLeaf : Leaf
{
    public override int Step(int state, byte value) => -1;

    public override int Label(int state) => -1;

    public override bool GoesOn(int state) => true;

    public override int CostOf(int state) => 0;
}
