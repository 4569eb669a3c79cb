// Tokens that must not come in a reply. Knows no format.

using Baltoro.Engine.Constraint;

namespace Baltoro.Models.Local;

/// <summary>Takes some tokens out of every choice.</summary>
/// <param name="tokens">Numbers of the vocabulary; kept.</param>
sealed class UnwantedTokens(int[] tokens) : TokenConstraint
{
    public override void Restrict(Span<float> logits, int left)
    {
        foreach (int token in tokens) logits[token] = float.NegativeInfinity;
    }

    public override bool Accept(int token) => true;
}
