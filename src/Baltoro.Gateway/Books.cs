// Where a gateway writes down what is used, and whose keys it takes.

using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Gateway;

/// <summary>What a gateway needs to keep accounts.</summary>
/// <param name="Ledger">Stays the caller's, who disposes it after the application.</param>
/// <param name="Keys">The keys at the start; null where they could not be read: then the gateway is open until they can.</param>
public sealed record Books(ILedgerStore Ledger, IReadOnlyList<VirtualKey>? Keys);
