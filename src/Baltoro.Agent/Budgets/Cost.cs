// What a reply costs; it refuses to know where the prices are from.

using Baltoro.Chat;

namespace Baltoro.Agent.Budgets;

static class Cost
{
    /// <summary>US dollars: what the upstream charged where it says so, else by the card's prices; null when nobody knows.</summary>
    public static decimal? Of(Usage usage, ModelCard card)
    {
        if (usage.Cost is { } charged) return charged;
        if (card.Prices is not { } prices) return null;
        if (prices.Long is { } longer && usage.TotalInput > longer.Above) prices = longer.Prices;
        return (usage.Input * prices.Input
            + usage.CacheRead * (prices.CacheRead ?? prices.Input)
            + usage.CacheWrite * (prices.CacheWrite ?? prices.Input)
            + usage.CacheWriteHour * (prices.CacheWriteHour ?? prices.CacheWrite ?? prices.Input)
            + usage.Output * prices.Output) / 1_000_000m;
    }
}
