// What a file may say about a model, one word per fact; it refuses to know which file said it and what follows from it.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <summary>The facts about a model that make its card. Null where no one says.</summary>
sealed record Facts
{
    static readonly string[] EffortNames = [.. Effort.Ranked.Select(effort => effort.Name)];

    /// <summary>Larger than any window there is, smaller than what two of them overflow.</summary>
    const int MostTokens = 100_000_000;

    public int? Window { get; init; }
    public int? OutputLimit { get; init; }
    public Prices? Prices { get; init; }
    public string? PriceSource { get; init; }
    public Dialect? Dialect { get; init; }
    public IdDialect? Ids { get; init; }
    public ThinkingSupport? Thinking { get; init; }
    public Sequence<Effort>? Efforts { get; init; }
    public ToolChoiceSupport? ToolChoices { get; init; }
    public Sampling? Sampling { get; init; }
    public SchemaDialect? Schemas { get; init; }
    public OutputField? OutputField { get; init; }
    public int? MaxTools { get; init; }
    public bool? Images { get; init; }
    public bool? Documents { get; init; }
    public bool? SystemTurns { get; init; }
    public bool? Prefill { get; init; }
    public CacheControlSupport? CacheControl { get; init; }
    public DateOnly? Retired { get; init; }

    /// <summary>Reads the facts among the members of an entry; the caller reads the other members, then closes it.</summary>
    public static Facts Read(Fields entry)
    {
        Fields? prices = entry.Object("prices");
        Facts facts = new()
        {
            Window = entry.Count("window", 1, MostTokens),
            OutputLimit = entry.Count("output", 1, MostTokens),
            Prices = prices is null ? null : ReadPrices(prices),
            PriceSource = prices?.Text("source"),
            Dialect = entry.Choice("dialect", Vocabulary.Dialects),
            Ids = entry.Choice("ids", Vocabulary.Ids),
            Thinking = entry.Choice("thinking", Vocabulary.Thinking),
            Efforts = ReadEfforts(entry),
            ToolChoices = entry.Choice("toolChoice", Vocabulary.ToolChoices),
            Sampling = entry.Object("sampling") is { } sampling ? ReadSampling(sampling) : null,
            Schemas = entry.Choice("schemas", Vocabulary.Schemas),
            OutputField = entry.Choice("outputField", Vocabulary.OutputFields),
            MaxTools = entry.Count("maxTools", 1, 1_000_000),
            Images = entry.Flag("images"),
            Documents = entry.Flag("documents"),
            SystemTurns = entry.Flag("systemTurns"),
            Prefill = entry.Flag("prefill"),
            CacheControl = entry.Choice("cacheControl", Vocabulary.CacheControl),
            Retired = entry.Date("retired"),
        };
        prices?.Close();
        // Where two files disagree the smaller number simply wins; one file that contradicts itself is a slip.
        if (facts is { OutputLimit: { } output, Window: { } window } && output > window && entry.Source["output"]!.At is var at
            && at.File == entry.Source["window"]!.At.File)
            entry.Complain(at, $"{output}", $"no more than the window, {window}");
        return facts;
    }

    static Prices ReadPrices(Fields prices)
    {
        LongPrompt? longPrompt = null;
        if (prices.Object("long") is { } more)
        {
            longPrompt = new(more.Count("above", 1, MostTokens) ?? 0, ReadAmounts(more));
            more.Close();
        }
        return ReadAmounts(prices) with { Long = longPrompt };
    }

    static Prices ReadAmounts(Fields prices) => new(
        prices.Amount("input") ?? 0, prices.Amount("output") ?? 0,
        prices.Amount("cacheRead"), prices.Amount("cacheWrite"), prices.Amount("cacheWriteHour"));

    /// <summary>Complains of prices that lack a part which nothing can stand in for. Only a merged entry is expected to be complete.</summary>
    public static void CheckComplete(Node.Object entry, List<Problem> problems)
    {
        if (entry["prices"] is not Node.Object prices) return;
        Check(prices, "input", "output");
        if (prices["long"] is Node.Object more) Check(more, "above", "input", "output");

        void Check(Node.Object amounts, params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
                if (amounts[name] is null or Node.Null) problems.Add(new(amounts.At, $"prices without \"{name}\"", "one"));
        }
    }

    static Sequence<Effort>? ReadEfforts(Fields entry)
    {
        if (entry.Texts("efforts") is not { } names) return null;
        foreach (Node.Text name in names)
            if (!EffortNames.Contains(name.Value)) entry.Complain(name.At, name.Shown, string.Join(" | ", EffortNames));
        return names.Select(name => new Effort(name.Value)).OrderBy(effort => Array.IndexOf(EffortNames, effort.Name)).ToSequence();
    }

    static Sampling ReadSampling(Fields sampling)
    {
        Sampling result = new()
        {
            Temperature = sampling.Number("temperature", "a number from 0 to 2", 0, 2),
            TopP = sampling.Number("topP", "a number from 0 to 1", 0, 1),
            TopK = sampling.Count("topK", 1, 1_000_000),
        };
        sampling.Close();
        return result;
    }
}
