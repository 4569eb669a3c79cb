// How sums are asked for; every SUM is cast, because PostgreSQL's is of another type than what it sums.

using Baltoro.Chat;

namespace Baltoro.Gateway.Ledger;

static class CostStatements
{
    /// <summary>Prices of single tokens are whole numbers only in a thousandth of a nano.</summary>
    public const long PicosPerNano = 1000;

    const long PicosPerMicro = 1_000_000;

    /// <summary>@p1: the first day.</summary>
    public static string Sums(CostBy by)
    {
        string column = Column(by), sums = string.Join(", ",
            ((string[])["requests", "failed", "input", "cache_read", "cache_write", "cache_write_hour", "output", "reasoning", "cost", "unpriced", "estimated"])
            .Select(summed => $"CAST(SUM({summed}) AS BIGINT) AS {summed}"));
        return $"SELECT {column}, {sums} FROM totals WHERE day >= @p1 GROUP BY {column} ORDER BY {(by == CostBy.Day ? "day DESC" : $"cost DESC, {column}")}";
    }

    /// <summary>
    /// @p1: the first day; @p2 to @p6: picos for a token of input, cache read, cache write, hour's cache write, output; @p7: the prompt above which
    /// @p8 to @p12 hold in their place. Where length matters the rows are asked, because only they know how long each prompt was.
    /// </summary>
    public static string Compared(CostBy by, bool lengthMatters)
    {
        string column = Column(by), table = lengthMatters ? "requests" : "totals";
        return $"SELECT {column}, CAST(SUM(CASE WHEN input + cache_read + cache_write + cache_write_hour > @p7 THEN {Reckoned(8)} ELSE {Reckoned(2)} END) AS BIGINT)"
            + $" FROM {table} WHERE day >= @p1 GROUP BY {column}";

        static string Reckoned(int at) =>
            $"input * @p{at} + cache_read * @p{at + 1} + cache_write * @p{at + 2} + cache_write_hour * @p{at + 3} + output * @p{at + 4}";
    }

    /// <summary>The values from @p2 on.</summary>
    public static IEnumerable<object?> PicosOf(Prices prices) =>
        [.. Each(prices), (long)(prices.Long?.Above ?? int.MaxValue), .. Each(prices.Long?.Prices ?? prices)];

    static IEnumerable<object?> Each(Prices prices)
    {
        decimal write = prices.CacheWrite ?? prices.Input;
        foreach (decimal price in (decimal[])[prices.Input, prices.CacheRead ?? prices.Input, write, prices.CacheWriteHour ?? write, prices.Output])
            yield return (long)decimal.Round(price * PicosPerMicro);
    }

    static string Column(CostBy by) => by switch
    {
        CostBy.Day => "day",
        CostBy.Model => "model",
        CostBy.Session => "session",
        CostBy.Agent => "agent",
        CostBy.Upstream => "upstream",
        CostBy.Key => "key_name",
        _ => throw new ArgumentOutOfRangeException(nameof(by), by, "No column of the ledger."),
    };
}
