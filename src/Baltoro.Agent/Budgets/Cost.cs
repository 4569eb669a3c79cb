// What a request came to, with every attempt that an upstream billed; it refuses to know where prices are from.

using Baltoro.Chat;

namespace Baltoro.Agent.Budgets;

static class Cost
{
    /// <summary>Tokens and US dollars of all attempts: as charged where the upstream says so, else by the card's prices. Null dollars where nobody knows.</summary>
    /// <param name="reported">What the reply said of itself: taken where the model keeps no account of attempts.</param>
    public static (Usage Usage, decimal? Dollars) Of(Account account, Usage reported, ModelCard card)
    {
        if (account.Attempts is []) return (reported with { Cost = null }, Of(reported, card));
        Usage usage = new();
        decimal? dollars = 0;
        foreach (Attempt attempt in account.Attempts)
        {
            usage = usage.Plus(attempt.Usage);
            dollars += Of(attempt.Usage, attempt.Card);
        }
        return (usage with { Cost = null }, dollars);
    }

    static decimal? Of(Usage usage, ModelCard card) => usage switch
    {
        { Cost: { } charged } => charged,
        { TotalInput: 0, Output: 0 } => 0,
        _ => card.Prices?.Of(usage),
    };
}
