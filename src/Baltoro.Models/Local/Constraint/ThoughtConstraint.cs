// A thought, and behind it an answer that may be held to what was thought. Knows neither's grammar.

using System.Text;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Models.Local;

/// <summary>For one reply.</summary>
/// <param name="thought">Whole when nothing may follow.</param>
/// <param name="answer">The constraint of what comes behind a thought, from its text.</param>
sealed class ThoughtConstraint(Grammar thought, Tokenizer tokenizer, Func<string, GrammarConstraint> answer) : TokenConstraint
{
    readonly TokenDecoder _said = new(tokenizer);
    readonly StringBuilder _text = new();
    readonly GrammarConstraint _thinking = new(thought, []);
    GrammarConstraint? _answer;

    /// <inheritdoc/>
    public override bool IsHurried => _thinking.IsHurried || _answer is { IsHurried: true };

    /// <inheritdoc/>
    public override void Restrict(Span<float> logits, int left) => (_answer ?? _thinking).Restrict(logits, left);

    /// <inheritdoc/>
    public override bool Accept(int token)
    {
        if (_answer is not null) return _answer.Accept(token);
        if (!tokenizer.IsControl(token)) _text.Append(_said.Add(token));
        if (!_thinking.Accept(token)) _answer = answer(_text.Append(_said.Finish()).ToString());
        return true;
    }
}
