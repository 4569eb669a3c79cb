// Lets a request of a key in or not: reserves what it is likely to use, and puts that right when it has ended.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Keys;

/// <summary>What became of a request at the turnstile.</summary>
abstract record Admission
{
    private Admission() { }

    /// <param name="Reserved">To be settled when the request has ended.</param>
    public sealed record Admitted(Standing Standing, IReadOnlyList<Turnstile.Claim> Reserved) : Admission;

    public sealed record Refused(Standing Standing, Failure Failure) : Admission;
}

/// <summary>
/// A request is let in while what it is likely to use fits everything that its key may use; so limits hold for requests that come at once, and a cap is exceeded by
/// no more than what those under way use beyond their estimate. Safe for all threads.
/// </summary>
sealed partial class Turnstile(ICounters counters, ILedgerStore ledger, TimeProvider clock, ILogger log)
{
    /// <summary>What a reply is taken to have where nobody knows: the middle of what agents get.</summary>
    const int UsualOutput = 1000;

    /// <summary>One counter that a request has added to.</summary>
    /// <param name="Kind">Says what its amount is.</param>
    internal sealed record Claim(Counter Counter, Kind Kind, Cap? Cap = null);

    internal enum Kind
    {
        Requests,
        Tokens,
        Nanos,
    }

    public async ValueTask<Admission> Enter(VirtualKey key, ChatRequest request, ModelCard card)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<Claim> claims = [.. Claims(key, request, card, now)];
        if (claims.Count == 0) return new Admission.Admitted(Standing.Free, claims);
        try
        {
            // Not cancelled with the request: whether a reservation was made must be known, to take it back.
            Reservation reservation = await counters.Reserve([.. claims.Select(claim => claim.Counter)], CancellationToken.None);
            Standing standing = StandingOf(claims, reservation);
            return reservation.Exceeded is not { } place
                ? new Admission.Admitted(standing, claims)
                : new Admission.Refused(standing, Reached(key, claims[place], reservation.Values[place]) with { RetryAfter = claims[place].Counter.Ends - now });
        }
        catch (CountersUnavailableException e)
        {
            return new Admission.Refused(Standing.Free, new Failure.Overloaded($"The limits of the key \"{key.Name}\" cannot be checked: {e.Message}"));
        }
        catch (LedgerUnavailableException e)
        {
            return new Admission.Refused(Standing.Free, new Failure.Overloaded($"What the key \"{key.Name}\" has spent is not known: {e.Message}"));
        }
    }

    /// <param name="tokens">Used by the request, input and output.</param>
    /// <param name="nanos">What they cost.</param>
    public async ValueTask Settle(IReadOnlyList<Claim> claims, long tokens, long nanos)
    {
        Counter[] changes =
        [
            .. claims.Where(claim => claim.Kind != Kind.Requests)
                .Select(claim => claim.Counter with { Amount = (claim.Kind == Kind.Tokens ? tokens : nanos) - claim.Counter.Amount })
                .Where(change => change.Amount != 0),
        ];
        if (changes.Length == 0) return;
        try
        {
            await counters.Add(changes, CancellationToken.None);
        }
        catch (CountersUnavailableException e)
        {
            // The reply has gone out; its estimate stands until the period ends.
            Unsettled(log, e.Message);
        }
    }

    IEnumerable<Claim> Claims(VirtualKey key, ChatRequest request, ModelCard card, DateTimeOffset now)
    {
        long minute = now.ToUnixTimeSeconds() / 60;
        DateTimeOffset next = DateTimeOffset.FromUnixTimeSeconds((minute + 1) * 60);
        if (key.RequestsPerMinute is { } requests) yield return new(new(Name("rpm", minute), requests, 1, next), Kind.Requests);
        if (key.TokensPerMinute is null && key.Caps.IsEmpty) yield break;

        Usage likely = new() { Input = TokenEstimate.Of(request), Output = Math.Min(request.OutputLimit ?? UsualOutput, UsualOutput) };
        // One that is larger than the minute's whole allowance gets a minute of its own.
        if (key.TokensPerMinute is { } tokens) yield return new(new(Name("tpm", minute), tokens, Math.Min(likely.TotalInput + likely.Output, tokens), next), Kind.Tokens);
        long nanos = card.Prices is { } prices ? Pricing.Nanos(prices.Of(likely)) : 0;
        foreach (Cap cap in key.Caps)
        {
            (DateOnly from, DateOnly to) = cap.Around(now);
            yield return new(new(Name(cap.Period.ToString().ToLowerInvariant(), Days.Number(from)), cap.Nanos, nanos, new(to.ToDateTime(default), TimeSpan.Zero),
                stop => ledger.Spent(key.Name, from, to, stop)), Kind.Nanos, cap);
        }

        string Name(string kind, long period) => string.Create(CultureInfo.InvariantCulture, $"{key.Name}:{kind}:{period}");
    }

    static Standing StandingOf(List<Claim> claims, Reservation reservation)
    {
        Standing standing = Standing.Free;
        for (int i = 0; i < claims.Count; i++)
        {
            (Counter counter, Kind kind, Cap? cap) = claims[i];
            long used = reservation.Values[i];
            standing = kind switch
            {
                Kind.Requests => standing with { Requests = new(counter.Limit, used, counter.Ends) },
                Kind.Tokens => standing with { Tokens = new(counter.Limit, used, counter.Ends) },
                _ => standing with { Spending = Fuller(standing.Spending, new(cap!, used, counter.Ends, i == reservation.Exceeded)) },
            };
        }
        return standing;
    }

    static Spending Fuller(Spending? one, Spending other) =>
        one is null || other.IsReached || !one.IsReached && (decimal)other.Used / other.Cap.Nanos > (decimal)one.Used / one.Cap.Nanos ? other : one;

    static Failure Reached(VirtualKey key, Claim claim, long used) => claim.Kind switch
    {
        Kind.Requests => new Failure.RateLimited($"The key \"{key.Name}\" may make {claim.Counter.Limit} requests a minute."),
        Kind.Tokens => new Failure.RateLimited($"The key \"{key.Name}\" may use {claim.Counter.Limit} tokens a minute; {claim.Counter.Limit - used} are left of this one, and this request needs about {claim.Counter.Amount}."),
        _ => new Failure.QuotaExhausted(string.Create(CultureInfo.InvariantCulture,
            $"The key \"{key.Name}\" may spend {Pricing.Dollars(claim.Cap!.Nanos):0.######} US dollars a {claim.Cap.Period.ToString().ToLowerInvariant()}; {Pricing.Dollars(used):0.######} are spent, and this request is likely to cost {Pricing.Dollars(claim.Counter.Amount):0.######}. It begins anew on {claim.Counter.Ends:yyyy-MM-dd} (UTC).")),
    };

    [LoggerMessage(LogLevel.Warning, "limits: {message}. What a request used counts as it was estimated.")]
    static partial void Unsettled(ILogger log, string message);
}
