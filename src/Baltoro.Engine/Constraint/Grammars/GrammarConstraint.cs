// A grammar as what restricts a text that is being generated. Knows no model.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>For one text from its beginning. Ends it when nothing may follow.</summary>
/// <param name="ends">Stop tokens: they may come where the text may end.</param>
public sealed class GrammarConstraint(Grammar grammar, IReadOnlyCollection<int> ends) : TokenConstraint
{
    readonly GrammarState _state = grammar.Begin();
    readonly TokenSet _allowed = new(grammar.Trie.Vocabulary);
    readonly int[] _ends = [.. ends];

    /// <inheritdoc/>
    public override void Restrict(Span<float> logits, int left)
    {
        _state.Allow(_allowed, left);
        if (_state.CanEnd)
            foreach (int end in _ends) _allowed.Add(end);
        _allowed.Restrict(logits);
    }

    /// <inheritdoc/>
    public override bool Accept(int token)
    {
        _state.Accept(token);
        return !_state.MustEnd;
    }
}
