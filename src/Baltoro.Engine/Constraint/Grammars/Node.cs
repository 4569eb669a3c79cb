// What a grammar is made of. Knows no bytes but those of names.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>Nodes name each other by their place in the grammar, so that they can be recursive.</summary>
abstract record Node
{
    /// <summary>What one automaton reads.</summary>
    public sealed record Scalar(Leaf Leaf) : Node;

    /// <summary>What one automaton reads, and behind it the node that its label chooses.</summary>
    public sealed record Branch(IReadOnlyList<byte[]> Texts, int[] Targets) : Node;

    public sealed record Sequence(int[] Parts) : Node;

    public sealed record Choice(int[] Options) : Node;

    /// <summary>Members in any order, each name once.</summary>
    /// <param name="Names">As JSON strings; at most 128.</param>
    /// <param name="Values">By name; -1 for one that must not be there.</param>
    /// <param name="Required">Bits by name.</param>
    /// <param name="Others">The value of all other names; -1 for none.</param>
    public sealed record Members(byte[][] Names, int[] Values, UInt128 Required, int Others) : Node;

    /// <param name="First">The first values, each of its own kind.</param>
    /// <param name="Rest">All further ones; -1 for none.</param>
    /// <param name="Most">int.MaxValue for any number.</param>
    public sealed record Items(int[] First, int Rest, int Least, int Most) : Node
    {
        /// <summary>The value at a place; -1 for none.</summary>
        public int At(int place) => place >= Most ? -1 : place < First.Length ? First[place] : Rest;

        /// <summary>From so many items on nothing changes any more.</summary>
        public int Steady => Math.Max(Math.Max(First.Length, Least), Most < int.MaxValue ? Most : 0);
    }
}

/// <summary>How JSON is spaced. A constrained text has one way only: fewer states, and none is spent on blanks.</summary>
public enum JsonSpacing
{
    /// <summary><c>{"a":1,"b":[2,3]}</c></summary>
    None,

    /// <summary><c>{"a": 1, "b": [2, 3]}</c></summary>
    Blanks,
}
