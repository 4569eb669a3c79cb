// Where the ledger and the keys that may spend are kept: rows in, sums out. It refuses to know who writes, when, and which database it is.

using Baltoro.Chat;
using Baltoro.Gateway.Keys;

namespace Baltoro.Gateway.Ledger;

/// <summary>
/// A ledger on a disk or on a server. Safe to call from several threads, also while other processes use the same ledger. It is opened, made and brought to
/// this program's version by the first call that needs it, and again after a failure.
/// Every method throws <see cref="LedgerUnavailableException"/> for what only the outside can put right, and has then changed nothing.
/// </summary>
public interface ILedgerStore : IAsyncDisposable
{
    /// <summary>Keeps all rows or none. A row whose id is there already is left out.</summary>
    Task Append(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken);

    /// <summary>Sums, largest cost first; by day, newest first.</summary>
    Task<IReadOnlyList<CostLine>> Costs(CostQuestion question, CancellationToken cancellationToken);

    /// <summary>What a key's requests have cost.</summary>
    /// <param name="to">The first day that counts no more.</param>
    /// <returns>Nanos.</returns>
    Task<long> Spent(string key, DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>All keys, also those that are revoked or expired, in the order in which they were made.</summary>
    Task<IReadOnlyList<VirtualKey>> Keys(CancellationToken cancellationToken);

    /// <returns>False when the name is taken; then nothing was changed.</returns>
    Task<bool> AddKey(VirtualKey key, CancellationToken cancellationToken);

    /// <returns>False when there is no such key that is not revoked already.</returns>
    Task<bool> RevokeKey(string name, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>The ledger cannot be used for now. The message says what is wrong and where, and may be shown.</summary>
/// <param name="condition">One word for what is wrong; the same word means the same trouble.</param>
public sealed class LedgerUnavailableException(string condition, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Condition => condition;
}

/// <summary>What sums are made by.</summary>
public enum CostBy
{
    /// <summary>Days of UTC: the same for all gateways of one ledger.</summary>
    Day,
    Model,
    Session,
    Agent,
    Upstream,
    Key,
}

/// <summary>Which sums are wanted.</summary>
/// <param name="Since">The first day; null for all.</param>
/// <param name="Compare">Prices at which the same tokens are reckoned a second time.</param>
public sealed record CostQuestion(CostBy By, DateOnly? Since = null, Prices? Compare = null);

/// <summary>One sum.</summary>
/// <param name="Name">The day as <c>2026-11-24</c>, or a name; empty where there was none.</param>
/// <param name="Requests">Those of which this was the last model asked.</param>
/// <param name="Failed">Of these, the failed ones.</param>
/// <param name="Cost">Nanos.</param>
/// <param name="Unpriced">Requests with tokens for which no price was known.</param>
/// <param name="Estimated">Requests with tokens that were reckoned from what was received.</param>
/// <param name="Compared">Nanos at the other prices; null when none were asked for.</param>
public sealed record CostLine(string Name, long Requests, long Failed, Usage Usage, long Cost, long Unpriced, long Estimated, long? Compared = null);
