// What tokens cost: arithmetic between prices and counts, and nothing else.

namespace Baltoro.Chat;

/// <summary>
/// Money is <see cref="decimal"/> US dollars where it is reckoned and whole billionths of a dollar (<c>long</c>, "nanos") where it is kept and summed up:
/// the cheapest token of the catalogue costs ten of them, and nine thousand million dollars fit.
/// </summary>
public static class Pricing
{
    const decimal Million = 1_000_000, NanosPerDollar = 1_000_000_000;

    /// <summary>US dollars for one attempt, exact. A long prompt is charged at <see cref="Prices.Long"/> as a whole, output included.</summary>
    public static decimal Of(this Prices prices, Usage usage)
    {
        ArgumentNullException.ThrowIfNull(prices);
        ArgumentNullException.ThrowIfNull(usage);
        if (prices.Long is { } more && usage.TotalInput > more.Above) prices = more.Prices;
        return (usage.Input * prices.Input
            + usage.CacheRead * (prices.CacheRead ?? prices.Input)
            + usage.CacheWrite * (prices.CacheWrite ?? prices.Input)
            // A vendor that names no price for the longer life charges none of its own for it.
            + usage.CacheWriteHour * (prices.CacheWriteHour ?? prices.CacheWrite ?? prices.Input)
            + usage.Output * prices.Output) / Million;
    }

    /// <summary>Rounded once, to the nearest; half of one goes to the even side, so that sums do not drift.</summary>
    public static long Nanos(decimal dollars) => (long)decimal.Round(dollars * NanosPerDollar, MidpointRounding.ToEven);

    public static decimal Dollars(long nanos) => nanos / NanosPerDollar;

    /// <summary>Both counts together.</summary>
    public static Usage Plus(this Usage one, Usage other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        return new()
        {
            Input = one.Input + other.Input,
            CacheRead = one.CacheRead + other.CacheRead,
            CacheWrite = one.CacheWrite + other.CacheWrite,
            CacheWriteHour = one.CacheWriteHour + other.CacheWriteHour,
            Output = one.Output + other.Output,
            Reasoning = one.Reasoning + other.Reasoning,
            Cost = one.Cost is null ? other.Cost : one.Cost + (other.Cost ?? 0),
        };
    }
}
