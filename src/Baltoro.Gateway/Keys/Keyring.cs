// The gateway's keys as they stand now, looked up by what a request shows. It refuses to know what a key may spend.

using System.Collections.Frozen;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Keys;

/// <summary>What a request's credential comes to.</summary>
abstract record Pass
{
    private Pass() { }

    /// <summary>There are no keys: whoever reaches the gateway may use it.</summary>
    public sealed record Open : Pass
    {
        public static readonly Open Instance = new();
    }

    public sealed record Known(VirtualKey Key) : Pass;

    /// <param name="Failure">Never repeats what was shown.</param>
    public sealed record Refused(Failure Failure) : Pass;
}

/// <summary>
/// Reads the keys once a second, so that one that is added or revoked by another process counts a second later; no request waits for that. While they
/// cannot be read, those last read stand. Once there was a key the gateway demands one, also when all are revoked. Safe for all threads.
/// </summary>
sealed partial class Keyring : IAsyncDisposable
{
    static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    static readonly Failure.Unauthenticated None = new("This gateway wants one of its keys, as \"authorization: Bearer blt-…\" or \"x-api-key: blt-…\"; `baltoro keys add` makes one.");
    static readonly Failure.Unauthenticated Wrong = new("The key is none of this gateway's.");

    readonly ILedgerStore _store;
    readonly TimeProvider _clock;
    readonly ILogger _log;
    readonly CancellationTokenSource _stop = new();
    readonly Task _reading;
    FrozenDictionary<string, VirtualKey> _keys;
    string? _trouble;

    /// <param name="first">The keys at the start; null where they could not be read.</param>
    public Keyring(ILedgerStore store, IReadOnlyList<VirtualKey>? first, TimeProvider clock, ILogger log)
    {
        (_store, _clock, _log, _keys) = (store, clock, log, ByPrefix(first ?? []));
        _reading = Task.Run(KeepReading);
    }

    public Pass Check(IHeaderDictionary headers)
    {
        FrozenDictionary<string, VirtualKey> keys = Volatile.Read(ref _keys);
        if (keys.Count == 0) return Pass.Open.Instance;
        if (Shown(headers) is not { Length: > 0 } shown) return new Pass.Refused(None);
        if (!Secret.TryPrefix(shown, out string? prefix) || !keys.TryGetValue(prefix, out VirtualKey? key) || !Secret.Matches(shown, key.Hash)) return new Pass.Refused(Wrong);
        if (key.Revoked is { } revoked) return new Pass.Refused(new Failure.Unauthenticated($"The key \"{key.Name}\" was revoked on {revoked.UtcDateTime:yyyy-MM-dd}."));
        if (key.Expires <= _clock.GetUtcNow()) return new Pass.Refused(new Failure.Unauthenticated($"The key \"{key.Name}\" expired on {key.Expires?.UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
        return new Pass.Known(key);
    }

    static string? Shown(IHeaderDictionary headers)
    {
        string bearer = headers.Authorization.ToString();
        return bearer.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? bearer[7..].Trim() : headers["x-api-key"].ToString();
    }

    async Task KeepReading()
    {
        using PeriodicTimer timer = new(Period, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    Volatile.Write(ref _keys, ByPrefix(await _store.Keys(_stop.Token)));
                    _trouble = null;
                }
                catch (LedgerUnavailableException e)
                {
                    if (_trouble != e.Condition) Unavailable(_log, e.Message);
                    _trouble = e.Condition;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends.
        }
    }

    static FrozenDictionary<string, VirtualKey> ByPrefix(IReadOnlyList<VirtualKey> keys) => keys.ToFrozenDictionary(key => key.Prefix, StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "keys: {message}. The keys as they were read last stand.")]
    static partial void Unavailable(ILogger log, string message);
}
