// Who wrote a piece of a conversation, and what that writer needs back; nothing of how it is carried.

namespace Baltoro.Chat;

/// <summary>The model behind one endpoint of one provider. Thinking is bound to all three.</summary>
/// <param name="Provider">The upstream's name in the configuration, such as <c>novita</c>.</param>
/// <param name="Endpoint">The upstream's base URL: the same vendor's two endpoints do not share signatures.</param>
/// <param name="Model">The model's name as the upstream knows it.</param>
public sealed record Origin(string Provider, string Endpoint, string Model);

/// <summary>
/// What a thinking block needs to be taken back by the one who wrote it.
/// </summary>
/// <param name="Origin">Null when the block reached us without our envelope: someone else's, or nobody's.</param>
/// <param name="Signature">The issuer's own signature, verbatim.</param>
/// <param name="Details">The issuer's own structure, verbatim: OpenRouter's <c>reasoning_details</c> array.</param>
public sealed record Seal(Origin? Origin, string? Signature = null, RawJson? Details = null)
{
    /// <summary>
    /// True for thinking of an attempt that came to nothing: a client has seen it, but the reply was not built on it, and as its issuer knows
    /// the reply it is not there.
    /// </summary>
    public bool IsAbandoned { get; init; }
}
