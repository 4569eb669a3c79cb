// What a run may use up, and what it has used; it refuses to know what was done with it.

using System.Globalization;
using Baltoro.Chat;

namespace Baltoro.Agent.Budgets;

/// <summary>What a limit counts.</summary>
public enum Limit
{
    Steps,
    Tokens,
    Cost,
    Time,
}

/// <summary>The most that one run may use, sub-agents included. A null member is no limit.</summary>
public sealed record Budget
{
    /// <summary>Replies of the model.</summary>
    public int? Steps { get; init; }

    /// <summary>Input and output together, also what came from a cache.</summary>
    public long? Tokens { get; init; }

    /// <summary>US dollars.</summary>
    public decimal? Cost { get; init; }

    public TimeSpan? Time { get; init; }

    /// <summary>The limit that is reached, in words; null while there is something left.</summary>
    /// <param name="spent">Since the run began.</param>
    /// <param name="elapsed">Since the run began.</param>
    public (Limit Limit, string Message)? Reached(Spending spent, TimeSpan elapsed)
    {
        ArgumentNullException.ThrowIfNull(spent);
        return this switch
        {
            { Steps: { } steps } when spent.Steps >= steps => (Limit.Steps, Words($"The limit of {steps} steps is reached.")),
            { Tokens: { } tokens } when spent.Tokens >= tokens => (Limit.Tokens, Words($"The limit of {tokens} tokens is reached: {spent.Tokens} were used.")),
            { Cost: { } cost } when spent.Cost >= cost => (Limit.Cost, Words($"The limit of ${cost} is reached: ${spent.Cost:0.####} were spent.")),
            { Time: { } time } when elapsed >= time => (Limit.Time, Words($"The limit of {time} is reached.")),
            _ => null,
        };
    }

    static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What was used so far. Immutable.</summary>
/// <param name="Cost">US dollars, as far as prices are known.</param>
/// <param name="Unpriced">Requests that were charged for at a price that nobody knows.</param>
public sealed record Spending(int Steps, Usage Usage, decimal Cost, int Unpriced)
{
    public static readonly Spending None = new(0, new(), 0, 0);

    /// <summary>The cost in words; what is not known is not called nothing.</summary>
    public string Dollars => (Unpriced, Cost) switch
    {
        (0, _) => Words($"${Cost:0.0000}"),
        (_, > 0) => Words($"over ${Cost:0.0000}"),
        _ => "price unknown",
    };

    public long Tokens => Usage.TotalInput + Usage.Output;

    /// <param name="steps">1 for a reply, 0 for what never became one.</param>
    public Spending With(int steps, Usage usage, decimal? cost)
    {
        ArgumentNullException.ThrowIfNull(usage);
        return new(Steps + steps, Usage.Plus(usage), Cost + (cost ?? 0), Unpriced + (cost is null && usage.TotalInput + usage.Output > 0 ? 1 : 0));
    }

    /// <summary>What was used since <paramref name="before"/>.</summary>
    public Spending Since(Spending before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return new(Steps - before.Steps, Less(Usage, before.Usage), Cost - before.Cost, Unpriced - before.Unpriced);
    }

    static string Words(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    static Usage Less(Usage all, Usage part) => new()
    {
        Input = all.Input - part.Input,
        CacheRead = all.CacheRead - part.CacheRead,
        CacheWrite = all.CacheWrite - part.CacheWrite,
        CacheWriteHour = all.CacheWriteHour - part.CacheWriteHour,
        Output = all.Output - part.Output,
        Reasoning = all.Reasoning - part.Reasoning,
    };
}
