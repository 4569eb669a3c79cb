// A string's automaton without the quotes around it. Knows no JSON beyond those.

using Baltoro.Engine.Constraint.Automata;

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>Its texts have neither quotes nor backslashes, for they would be escapes. Where any string may come, any text may.</summary>
sealed class BareLeaf(Leaf quoted) : Leaf
{
    static readonly Dfa WithoutEscapes = MakeWithoutEscapes();

    public override int Start { get; } = quoted.Step(quoted.Start, (byte)'"');

    public static Leaf Of(Leaf quoted, TokenTrie trie) => quoted switch
    {
        DfaLeaf leaf => Of(leaf.Dfa.And(WithoutEscapes, int.MaxValue)!),
        StringLeaf { IsAny: true } => trie.Shared(("text", int.MaxValue), () => new TextLeaf(int.MaxValue, trie.LongestToken)),
        _ => new BareLeaf(quoted),
    };

    /// <summary>What reads nothing stays as it is, and is never begun.</summary>
    static Leaf Of(Dfa plain) => plain.IsEmpty ? DfaLeaf.Plain(plain) : new BareLeaf(DfaLeaf.Plain(plain));

    public override int Step(int state, byte value) => value is (byte)'"' or (byte)'\\' ? -1 : quoted.Step(state, value);

    public override int Label(int state) => quoted.Step(state, (byte)'"') is >= 0 and var end ? quoted.Label(end) : -1;

    public override bool GoesOn(int state) => true;

    public override int CostOf(int state) => quoted.CostOf(state) - 1;

    public override int Class(int state) => quoted.Class(state);

    static Dfa MakeWithoutEscapes()
    {
        Nfa nfa = new();
        int start = nfa.Add(), body = nfa.Literal(start, "\""u8);
        JsonText.AddPlain(nfa, body, body);
        nfa.End(nfa.Literal(body, "\""u8), 0);
        return nfa.Determinise(start, int.MaxValue)!;
    }
}
