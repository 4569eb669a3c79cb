// From a request's attempts to what it cost; it refuses to know what became of the request.

using Baltoro.Chat;

namespace Baltoro.Gateway.Ledger;

/// <summary>What a request came to.</summary>
/// <param name="Price">Nanos by the catalogue; null when one of the models has no price there.</param>
/// <param name="Cost">Nanos, by attempt as charged where the upstream says, else by the catalogue.</param>
/// <param name="Shares">By upstream and model, in the order in which they were first asked.</param>
sealed record Billing(Usage Usage, long? Price, long Cost, bool IsEstimate, Sequence<Share> Shares)
{
    static readonly Billing Nothing = new(new(), 0, 0, false, []);

    public static Billing Of(IReadOnlyList<Attempt> attempts)
    {
        // By far the most requests have one attempt; it needs no sums.
        if (attempts is []) return Nothing;
        Share first = ShareOf(attempts[0]);
        Usage usage = attempts[0].Usage;
        decimal? price = PriceOf(attempts[0]);
        if (attempts is [_]) return new(usage, Rounded(price), first.Cost, attempts[0].IsEstimate, [first]);

        List<Share> shares = [first];
        foreach (Attempt attempt in attempts.Skip(1))
        {
            usage = usage.Plus(attempt.Usage);
            price += PriceOf(attempt);
            Share share = ShareOf(attempt);
            int at = shares.FindIndex(other => other.Upstream == share.Upstream && other.Model == share.Model);
            if (at < 0) shares.Add(share);
            else shares[at] = Join(shares[at], share);
        }
        return new(usage, Rounded(price), shares.Sum(share => share.Cost), shares.Exists(share => share.IsEstimate), shares.ToSequence());
    }

    static Share ShareOf(Attempt attempt)
    {
        decimal? price = PriceOf(attempt);
        return new(attempt.Card.Origin.Provider, attempt.Card.Id, attempt.Usage, Pricing.Nanos(attempt.Usage.Cost ?? price ?? 0),
            attempt.Usage.Cost is not null || price is not null, attempt.IsEstimate);
    }

    static Share Join(Share one, Share other) => one with
    {
        Usage = one.Usage.Plus(other.Usage),
        Cost = one.Cost + other.Cost,
        IsPriced = one.IsPriced && other.IsPriced,
        IsEstimate = one.IsEstimate || other.IsEstimate,
    };

    /// <summary>Nothing used costs nothing, whatever the price.</summary>
    static decimal? PriceOf(Attempt attempt) => attempt.Usage is { TotalInput: 0, Output: 0 } ? 0 : attempt.Card.Prices?.Of(attempt.Usage);

    static long? Rounded(decimal? dollars) => dollars is { } known ? Pricing.Nanos(known) : null;
}
