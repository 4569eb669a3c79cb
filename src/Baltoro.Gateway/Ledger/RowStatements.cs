// How rows and their totals are written, as statements and values in one order. It refuses to know when.

using Baltoro.Chat;

namespace Baltoro.Gateway.Ledger;

static class RowStatements
{
    public static readonly string Insert = Inserting("requests", "id, at, day, format, client, key_name, session, agent, parent_agent, asked, model, upstream, "
        + "input, cache_read, cache_write, cache_write_hour, output, reasoning, price, told, cost, first_token, took, tries, repairs, outcome, estimated")
        + " ON CONFLICT (id) DO NOTHING";

    const string Summed = "requests, failed, input, cache_read, cache_write, cache_write_hour, output, reasoning, cost, unpriced, estimated";

    public static readonly string AddToTotals = Inserting("totals", $"day, key_name, session, agent, upstream, model, {Summed}")
        + " ON CONFLICT (day, key_name, session, agent, upstream, model) DO UPDATE SET "
        + string.Join(", ", Summed.Split(", ").Select(column => $"{column} = totals.{column} + excluded.{column}"));

    public static object?[] ValuesOf(LedgerRow row) =>
    [
        row.Id, row.At.ToUnixTimeMilliseconds(), (long)Days.Number(row.At), row.Format, row.Client, row.Key, row.Session, row.Agent, row.ParentAgent,
        row.Asked, row.Model, row.Upstream,
        row.Usage.Input, row.Usage.CacheRead, row.Usage.CacheWrite, row.Usage.CacheWriteHour, row.Usage.Output, row.Usage.Reasoning,
        row.Price, row.Usage.Cost is { } told ? Pricing.Nanos(told) : null, row.Cost,
        row.FirstToken is { } first ? (long)first.TotalMilliseconds : null, (long)row.Took.TotalMilliseconds,
        (long)row.Tries, row.Repairs, row.Outcome, row.IsEstimate ? 1L : 0L,
    ];

    static string Inserting(string table, string columns) =>
        $"INSERT INTO {table} ({columns}) VALUES ({string.Join(", ", Enumerable.Range(1, columns.Split(", ").Length).Select(number => $"@p{number}"))})";

    /// <summary>What a batch adds to one line of the totals.</summary>
    public sealed class Total
    {
        readonly record struct Place(long Day, string Key, string Session, string Agent, string Upstream, string Model);

        readonly Place _place;
        long _requests, _failed, _cost, _unpriced, _estimated;
        Usage _usage = new();

        Total(Place place) => _place = place;

        public object?[] Values =>
        [
            _place.Day, _place.Key, _place.Session, _place.Agent, _place.Upstream, _place.Model, _requests, _failed,
            _usage.Input, _usage.CacheRead, _usage.CacheWrite, _usage.CacheWriteHour, _usage.Output, _usage.Reasoning, _cost, _unpriced, _estimated,
        ];

        /// <summary>In one order for all writers, so that two of them never wait for each other.</summary>
        public static IEnumerable<Total> Of(IEnumerable<LedgerRow> rows)
        {
            SortedDictionary<Place, Total> totals = new(Comparer<Place>.Create(Compare));
            foreach (LedgerRow row in rows)
            {
                Total last = At(row, row.Upstream, row.Model);
                last._requests++;
                if (row.Failed) last._failed++;
                foreach (Share share in row.Shares)
                {
                    Total total = At(row, share.Upstream, share.Model);
                    total._usage = total._usage.Plus(share.Usage);
                    total._cost += share.Cost;
                    if (!share.IsPriced) total._unpriced++;
                    if (share.IsEstimate) total._estimated++;
                }
            }
            return totals.Values;

            Total At(LedgerRow row, string upstream, string model)
            {
                Place place = new(Days.Number(row.At), row.Key, row.Session, row.Agent, upstream, model);
                if (!totals.TryGetValue(place, out Total? total)) totals.Add(place, total = new(place));
                return total;
            }
        }

        static int Compare(Place one, Place other)
        {
            int order = one.Day.CompareTo(other.Day);
            if (order == 0) order = string.CompareOrdinal(one.Key, other.Key);
            if (order == 0) order = string.CompareOrdinal(one.Session, other.Session);
            if (order == 0) order = string.CompareOrdinal(one.Agent, other.Agent);
            if (order == 0) order = string.CompareOrdinal(one.Upstream, other.Upstream);
            return order == 0 ? string.CompareOrdinal(one.Model, other.Model) : order;
        }
    }
}
