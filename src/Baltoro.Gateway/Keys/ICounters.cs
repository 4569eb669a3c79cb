// Where it is counted what keys have used: one place for all requests, and for all gateways that share it. It refuses to know what is counted.

namespace Baltoro.Gateway.Keys;

/// <summary>
/// Counters with limits that hold however many add at once. Safe for all threads; other gateways may use the same counters.
/// Every method throws <see cref="CountersUnavailableException"/> for what only the outside can put right.
/// </summary>
interface ICounters : IAsyncDisposable
{
    /// <summary>Adds each amount where all of them stay within their limits; else nothing.</summary>
    /// <param name="counters">Each name once.</param>
    ValueTask<Reservation> Reserve(IReadOnlyList<Counter> counters, CancellationToken cancellationToken);

    /// <summary>Adds each amount, which may be negative, whatever the limits.</summary>
    ValueTask Add(IReadOnlyList<Counter> counters, CancellationToken cancellationToken);
}

/// <summary>One counter with what is to be added.</summary>
/// <param name="Name">Of the key, the kind and the period together.</param>
/// <param name="Ends">When its period is over and nobody asks for it any more.</param>
/// <param name="Known">What it starts with where it does not exist yet; null for zero.</param>
sealed record Counter(string Name, long Limit, long Amount, DateTimeOffset Ends, Func<CancellationToken, Task<long>>? Known = null);

/// <summary>What came of it.</summary>
/// <param name="Exceeded">The place of the first counter whose limit stood in the way; null when everything was added.</param>
/// <param name="Values">As the counters stand now, in their order.</param>
sealed record Reservation(int? Exceeded, IReadOnlyList<long> Values);

/// <summary>The counters cannot be reached for now. The message says what is wrong and where, and may be shown.</summary>
sealed class CountersUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
