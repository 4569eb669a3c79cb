// What one request has used so far, attempt by attempt; it refuses to know prices and who pays.

namespace Baltoro.Chat;

/// <summary>One exchange with an upstream, by what it was billed for.</summary>
/// <param name="Card">The model that was asked, with its prices of that day.</param>
/// <param name="IsEstimate">True when the upstream did not say in the end what it counted: then <see cref="Usage"/> is reckoned from what was received.</param>
public sealed record Attempt(ModelCard Card, Usage Usage, bool IsEstimate);

/// <summary>
/// Travels with a request through all policies, so that whoever asked learns of every attempt: of those that were repaired, retried, given up
/// and failed over too, none of which reaches the reply's own <see cref="ReplyEvent.Counted"/>. Attempts at one request follow each other, so
/// there is one writer at a time; it is read once the reply's enumeration was disposed.
/// </summary>
public sealed class Account
{
    readonly List<Attempt> _attempts = [];

    /// <summary>In the order in which they ended. The last one is the one that answered, or failed for good.</summary>
    public IReadOnlyList<Attempt> Attempts => _attempts;

    public void Add(Attempt attempt) => _attempts.Add(attempt);
}
