// `baltoro cost`: what requests have cost, summed up, and what they would have cost elsewhere. It asks the ledger and nobody else.

using System.CommandLine;
using System.Globalization;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class CostCommand
{
    /// <param name="look">Called once per run.</param>
    public static Command Create(Func<Surroundings> look)
    {
        Option<CostBy> by = new("--by")
        {
            Description = "day (of UTC), model, session, agent, upstream or key.", HelpName = "WHAT", DefaultValueFactory = _ => CostBy.Day,
            CustomParser = argument =>
            {
                foreach (CostBy known in Enum.GetValues<CostBy>())
                    if (argument.Tokens[0].Value.Equals(known.ToString(), StringComparison.OrdinalIgnoreCase)) return known;
                argument.AddError($"--by: found \"{argument.Tokens[0].Value}\", expected day, model, session, agent, upstream or key");
                return default;
            },
        };
        Option<string?> since = new("--since") { Description = "Only from this day on: 2026-11-01, today, 7d, 4w, 3m.", HelpName = "DAY" };
        Option<string?> compare = new("--compare") { Description = "Reckon the same tokens at this model's prices, too.", HelpName = "MODEL" };
        Option<bool> json = new("--json") { Description = "Write JSON." };
        Option<bool> csv = new("--csv") { Description = "Write CSV." };
        Command command = new("cost", "What requests have cost, by day, model, session, agent, upstream or key.") { by, since, compare, json, csv, ConfigurationLoading.Option };
        command.SetAction(async (parsed, cancellation) =>
        {
            TextWriter output = parsed.InvocationConfiguration.Output, error = parsed.InvocationConfiguration.Error;
            try
            {
                Surroundings around = look();
                Settings settings = ConfigurationLoading.Settings(ConfigurationLoading.Sources(around, parsed.GetValue(ConfigurationLoading.Option)));
                Target? other = parsed.GetValue(compare) is { } name ? Compared(settings, name) : null;
                CostQuestion question = new(parsed.GetValue(by), Day(parsed.GetValue(since), around.Today), other?.Card.Prices);
                await using ILedgerStore ledger = ConfigurationLoading.Ledger(settings, around) ?? throw new UserException(ConfigurationLoading.NoHome);
                Costs costs = new(question, other, await ledger.Costs(question, cancellation));
                if (parsed.GetValue(json)) CostJson.Write(output, costs);
                else if (parsed.GetValue(csv)) CostCsv.Write(output, costs);
                else if (costs.Lines.Count > 0) CostTable.Write(output, costs, around.Screen);
                else return Nothing(error, question);
                return ExitCodes.Ok;
            }
            catch (Exception e) when (e is UserException or LedgerUnavailableException)
            {
                await error.WriteLineAsync(e.Message);
                return ExitCodes.BadInput;
            }
        });
        return command;
    }

    static int Nothing(TextWriter error, CostQuestion question)
    {
        error.WriteLine(question.Since is { } since ? $"Nothing was asked since {since:yyyy-MM-dd}." : "Nothing is written down yet: the ledger begins with the first request of `baltoro`, `baltoro run` or a client of `baltoro serve`.");
        return ExitCodes.NothingFound;
    }

    static Target Compared(Settings settings, string name) => settings.Models.Find(name) switch
    {
        Lookup<Target>.Found { Value: { Card.Prices: not null } target } => target,
        Lookup<Target>.Found { Value: var target } => throw new UserException(
            $"--compare: no prices are known of {target.Card.Id} at {target.Upstream.Name}; \"models\" of the configuration can state them"),
        var other => throw new UserException($"--compare: {other}"),
    };

    static DateOnly? Day(string? text, DateOnly today)
    {
        if (text is null) return null;
        if (text is "today") return today;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)) return day;
        if (text.Length is > 1 and < 6 && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count))
        {
            // "1d" is today alone.
            if (text[^1] == 'd') return today.AddDays(1 - count);
            if (text[^1] == 'w') return today.AddDays(1 - 7 * count);
            if (text[^1] == 'm') return today.AddMonths(-count).AddDays(1);
        }
        throw new UserException($"--since: found \"{text}\", expected a day such as 2026-11-01, \"today\", or a time back from today such as 7d, 4w or 3m");
    }
}

/// <summary>What is shown.</summary>
/// <param name="Other">The model at whose prices the tokens were reckoned, too; null for none.</param>
sealed record Costs(CostQuestion Question, Target? Other, IReadOnlyList<CostLine> Lines)
{
    public CostLine Total { get; } = new("total", Lines.Sum(line => line.Requests), Lines.Sum(line => line.Failed),
        Lines.Aggregate(new Usage(), (sum, line) => sum.Plus(line.Usage)), Lines.Sum(line => line.Cost), Lines.Sum(line => line.Unpriced),
        Lines.Sum(line => line.Estimated), Other is null ? null : Lines.Sum(line => line.Compared ?? 0));
}
