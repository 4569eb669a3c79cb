// How a key stands when a request comes: what it has used of what it may use. It refuses to know how clients are told.

namespace Baltoro.Gateway.Keys;

/// <summary>Null where the key has no such limit.</summary>
/// <param name="Spending">Of several caps the fullest, or the one that is reached.</param>
sealed record Standing(Allowance? Requests, Allowance? Tokens, Spending? Spending)
{
    public static readonly Standing Free = new(null, null, null);
}

/// <param name="Used">With the request that asks, where it was let in.</param>
/// <param name="Resets">When it begins anew.</param>
sealed record Allowance(long Limit, long Used, DateTimeOffset Resets)
{
    public long Remaining => Math.Max(0, Limit - Used);
}

/// <param name="Used">Nanos, with an estimate of the requests that are under way.</param>
/// <param name="IsReached">True when the request was refused for it.</param>
sealed record Spending(Cap Cap, long Used, DateTimeOffset Resets, bool IsReached)
{
    /// <summary>0 to 0.99: clients take 1 for an error.</summary>
    public decimal Utilization => Math.Clamp(decimal.Floor(100m * Used / Cap.Nanos) / 100, 0, 0.99m);
}
