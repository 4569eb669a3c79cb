// Where a gateway writes down what is used, and whose keys it takes.

using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Gateway;

/// <summary>What a gateway needs to keep accounts.</summary>
/// <param name="Ledger">Stays the caller's, who disposes it after the application.</param>
/// <param name="Keys">The keys at the start; null where they could not be read: then the gateway is open until they can.</param>
/// <param name="Shared">
/// A URL of a Redis-protocol server on which several gateways count together what keys use; null for the ledger's own server, or for this gateway alone where the ledger
/// is a file.
/// </param>
public sealed record Books(ILedgerStore Ledger, IReadOnlyList<VirtualKey>? Keys, string? Shared = null)
{
    internal ICounters Counters(TimeProvider clock) => (Shared, Ledger) switch
    {
        ({ } url, _) => new RedisCounters(url, clock),
        (null, PostgresLedger server) => server.Counters(clock),
        _ => new MemoryCounters(clock),
    };
}
