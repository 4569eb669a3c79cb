// A grammar as what restricts a text that is being generated. Knows no model.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>For one text from its beginning. Ends it when nothing may follow.</summary>
/// <param name="ends">Stop tokens: they may come where the text may end.</param>
public sealed class GrammarConstraint(Grammar grammar, IReadOnlyCollection<int> ends) : TokenConstraint
{
    readonly GrammarState _state = grammar.Begin();
    readonly TokenSet _allowed = new(grammar.Trie.Vocabulary);
    readonly int[] _ends = [.. ends];
    TokenSet? _unhurried;
    bool _isHurried;

    /// <inheritdoc/>
    public override bool IsHurried => _isHurried;

    /// <inheritdoc/>
    public override void Restrict(Span<float> logits, int left)
    {
        bool isShort = _state.Allow(_allowed, left);
        if (_state.CanEnd)
            foreach (int end in _ends) _allowed.Add(end);
        if (isShort && !_isHurried) _isHurried = !_allowed[Best(logits)];
        _allowed.Restrict(logits);
    }

    /// <summary>The likeliest token of those that might come if there were room for anything.</summary>
    int Best(ReadOnlySpan<float> logits)
    {
        _unhurried ??= new(grammar.Trie.Vocabulary);
        _state.Allow(_unhurried, int.MaxValue);
        if (_state.CanEnd)
            foreach (int end in _ends) _unhurried.Add(end);
        int best = -1;
        for (int token = 0; token < grammar.Trie.Vocabulary; token++)
            if (_unhurried[token] && (best < 0 || logits[token] > logits[best])) best = token;
        return best;
    }

    /// <inheritdoc/>
    public override bool Accept(int token)
    {
        _state.Accept(token);
        return !_state.MustEnd;
    }
}
