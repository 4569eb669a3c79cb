// Costs as a table that fits the terminal, with bars; without a terminal, as aligned text.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Cli.Commands;

static class CostTable
{
    const int Gap = 2, ShortestName = 10, ShortestBar = 6, LongestBar = 30;

    /// <summary>The rank from which on a column says less than a bar.</summary>
    const int Minor = 5;

    /// <param name="Rank">The column of the highest rank gives way first on a narrow screen; rank zero never does.</param>
    sealed record Column(string Title, int Rank, Func<CostLine, string> Text)
    {
        public int Width(Costs costs) => Math.Max(Title.Length, costs.Lines.Append(costs.Total).Max(line => Text(line).Length));
    }

    public static void Write(TextWriter output, Costs costs, Screen? screen)
    {
        List<Column> columns = Columns(costs);
        int names = costs.Lines.Append(costs.Total).Max(line => Name(line, costs).Length), width = screen?.Width ?? int.MaxValue;
        names = Math.Max(names, Title(costs).Length);
        // What is least missed gives way to the bars, too.
        while (columns.MaxBy(column => column.Rank) is { Rank: > 0 } least && Total() + (least.Rank >= Minor ? Gap + ShortestBar : 0) > width) columns.Remove(least);
        // A torn name is better than a torn table; sessions are told apart by their beginning.
        if (Total() > width) names = Math.Max(ShortestName, names - (Total() - width));
        int bar = screen is null ? 0 : Math.Min(LongestBar, width - Total() - Gap);
        long most = costs.Lines.Max(line => line.Cost);

        output.WriteLine(Line(Title(costs), column => column.Title));
        foreach (CostLine line in costs.Lines)
            output.WriteLine(Line(Name(line, costs), column => column.Text(line)) + (bar < ShortestBar ? "" : $"  {Bar(line.Cost, most, bar)}").TrimEnd());
        if (costs.Lines.Count > 1) output.WriteLine(Line("total", column => column.Text(costs.Total)));
        output.WriteLine();
        foreach (string note in Notes(costs)) output.WriteLine(note);

        int Total() => names + columns.Sum(column => column.Width(costs) + Gap);

        string Line(string name, Func<Column, string> text) =>
            Cut(name, names).PadRight(names) + string.Concat(columns.Select(column => new string(' ', Gap) + text(column).PadLeft(column.Width(costs))));
    }

    static List<Column> Columns(Costs costs)
    {
        List<Column> columns =
        [
            new("REQUESTS", 2, line => $"{line.Requests}"),
            new("FAILED", 6, line => line.Failed == 0 ? "" : $"{line.Failed}"),
            new("IN", 3, line => Tokens(line.Usage.Input)),
            new("CACHED", 3, line => Tokens(line.Usage.CacheRead)),
            new("WRITTEN", 5, line => line.Usage.CacheWrite + line.Usage.CacheWriteHour is > 0 and var written ? Tokens(written) : ""),
            new("OUT", 3, line => Tokens(line.Usage.Output)),
            new("THINKING", 7, line => line.Usage.Reasoning == 0 ? "" : Tokens(line.Usage.Reasoning)),
            new("COST", 0, line => Dollars(line.Cost)),
        ];
        // A column in which there is nothing to say is no loss on any screen.
        columns.RemoveAll(column => column.Text(costs.Total).Length == 0);
        if (costs.Other is not null) columns.Add(new("ELSEWHERE", 0, line => Dollars(line.Compared ?? 0)));
        return columns;
    }

    static IEnumerable<string> Notes(Costs costs)
    {
        CostLine total = costs.Total;
        if (costs.Other is { } other) yield return Verdict(total, other);
        if (total.Unpriced > 0) yield return $"{Count(total.Unpriced)} used tokens of which no price is known; they count as nothing.";
        if (total.Estimated > 0) yield return $"{Count(total.Estimated)} broke off before the upstream had counted: what was received is an estimate.";
        yield return costs.Question.By == CostBy.Day ? "US dollars; days are UTC's." : "US dollars.";
    }

    static string Verdict(CostLine total, Models.Target other)
    {
        string there = $"The same tokens at {other.Card.Id} ({other.Upstream.Name}): {Dollars(total.Compared!.Value)}.";
        if (total.Compared == 0 || total.Cost == total.Compared) return there;
        decimal share = (decimal)total.Cost / total.Compared.Value;
        return share < 1
            ? string.Create(CultureInfo.InvariantCulture, $"{there} What was used is {(1 - share) * 100:0} % cheaper.")
            : string.Create(CultureInfo.InvariantCulture, $"{there} What was used is {share:0.0} times as dear.");
    }

    static string Count(long requests) => requests == 1 ? "1 request" : $"{requests} requests";

    static string Title(Costs costs) => costs.Question.By.ToString().ToUpperInvariant();

    static string Name(CostLine line, Costs costs) => line.Name.Length > 0 ? line.Name : costs.Question.By switch
    {
        CostBy.Agent => "(main)",
        CostBy.Key => "(no key)",
        _ => "(none)",
    };

    static string Cut(string name, int width) => name.Length <= width ? name : name[..(width - 1)] + "…";

    internal static string Dollars(long nanos) => Pricing.Dollars(nanos).ToString("0.0000", CultureInfo.InvariantCulture);

    static string Tokens(long count) => count switch
    {
        >= 1_000_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e9:0.00}G"),
        >= 1_000_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1e6:0.0}M"),
        >= 10_000 => string.Create(CultureInfo.InvariantCulture, $"{count / 1000}k"),
        _ => count.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Eighths of a letter, so that small differences show.</summary>
    static string Bar(long cost, long most, int width)
    {
        if (most <= 0) return "";
        int eighths = (int)(cost * (decimal)width * 8 / most);
        return new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : "▏▎▍▌▋▊▉"[eighths % 8 - 1]);
    }
}
