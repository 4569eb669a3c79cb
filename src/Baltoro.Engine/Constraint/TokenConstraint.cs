// What may come next in one text that is being generated. Knows no model, no sampling and no other text.

namespace Baltoro.Engine.Constraint;

/// <summary>
/// <para>Asked before each token which ones may come, told each that was chosen. It belongs to one text: it moves with it and cannot be used again.</para>
/// <para>Called by the scheduler's thread between passes, never by two at once, so what it takes every text of the batch waits for. An
/// <see cref="ArgumentException"/> of it ends its text with that error.</para>
/// </summary>
public abstract class TokenConstraint
{
    /// <summary>Whether what was most likely to come did not come, because the text could not have ended in time behind it: from there on it is shorter than the model meant it. Once true, it stays so.</summary>
    public virtual bool IsHurried => false;

    /// <summary>Sets the logit of whatever must not come to -infinity and leaves the others; at least one token is left.</summary>
    /// <param name="logits">One for each token of the vocabulary. Called behind the penalties, so nothing brings back what is taken out here.</param>
    /// <param name="left">How many tokens the text may still have, this one among them; 1 or more. Who needs several to come to an end begins in time.</param>
    public abstract void Restrict(Span<float> logits, int left);

    /// <summary>The token that was chosen, which <see cref="Restrict"/> had left; never one that ends the text.</summary>
    /// <returns>False when the text is whole with it and nothing may follow: it ends there.</returns>
    public abstract bool Accept(int token);
}
