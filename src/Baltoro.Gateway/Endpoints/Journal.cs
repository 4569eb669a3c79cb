// What is worth one log line and a few counts about one request: never its contents, never a key.

using Baltoro.Chat;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Gateway.Measures;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Endpoints;

/// <summary>Filled while a request runs, read once at its end. Not thread-safe.</summary>
sealed partial class Journal(string format, long started)
{
    StopReason? _reason;

    /// <summary>The client's wire format; another word where there is no client.</summary>
    public string Format => format;

    /// <summary>The model's name as the client wrote it.</summary>
    public string Model { get; set; } = "?";

    /// <summary>The model that the name led to; of a route, the first.</summary>
    public ModelCard? Found { get; set; }

    /// <summary>Every attempt at this request.</summary>
    public Account Account { get; init; } = new();

    /// <summary>The model that answered or failed last; null when none was asked.</summary>
    public ModelCard? Card => Account.Attempts is [.., var last] ? last.Card : Found;

    public Origin? Upstream => Card?.Origin;

    /// <summary>The name of the key that was shown; empty without one.</summary>
    public string Key { get; init; } = "";

    /// <summary>What was reserved of what the key may use.</summary>
    public IReadOnlyList<Turnstile.Claim> Claims { get; set; } = [];

    /// <summary>Who asked; null while nobody knows.</summary>
    public Caller? Caller { get; set; }

    /// <summary>The model's name as the upstream wrote it.</summary>
    public string? Answered { get; private set; }

    public Usage? Usage { get; private set; }

    /// <summary>From the start until something of the reply's content came.</summary>
    public TimeSpan? FirstToken { get; private set; }

    public Mends Mends { get; } = new();

    public Failure? Failure { get; set; }

    public bool Aborted { get; set; }

    public void Note(ReplyEvent step, TimeProvider clock)
    {
        switch (step.Value)
        {
            case string or ReplyEvent.Opened or ReplyEvent.Whole: FirstToken ??= clock.GetElapsedTime(started); break;
            case ReplyEvent.Started reply: Answered = reply.Model; break;
            case ReplyEvent.Counted counted: Usage = counted.Usage; break;
            case ReplyEvent.Finished finished: _reason = finished.Reason; break;
            case ReplyEvent.Failed failed: Failure = failed.Failure; break;
            case ReplyEvent.Mended mended: Mends.Add(mended.What); break;
        }
    }

    /// <summary>The request as the ledger keeps it, once it has ended.</summary>
    public LedgerRow Row(string id, DateTimeOffset at, TimeSpan took)
    {
        Billing billing = Billing.Of(Account.Attempts);
        return new()
        {
            Id = id,
            At = at,
            Format = format,
            Client = Caller?.Client ?? "",
            Key = Key,
            Session = Caller?.Session ?? "",
            Agent = Caller?.Agent ?? "",
            ParentAgent = Caller?.ParentAgent ?? "",
            Asked = Caller.Clean(Model),
            Model = Card?.Id ?? "",
            Upstream = Upstream?.Provider ?? "",
            Usage = billing.Usage,
            Price = billing.Price,
            Cost = billing.Cost,
            FirstToken = FirstToken,
            Took = took,
            Tries = Account.Attempts.Count,
            Repairs = Mends.IsEmpty ? "" : Mends.ToString(),
            Outcome = Failure is { } failure ? Instruments.NameOf(failure) : Aborted ? "aborted" : Instruments.NameOf(_reason),
            Failed = Failure is not null,
            IsEstimate = billing.IsEstimate,
            Shares = billing.Shares,
        };
    }

    /// <summary>Closes the journal: counts the request, and logs it.</summary>
    public void WriteTo(Instruments instruments, ILogger log, TimeSpan took)
    {
        instruments.Record(this, took);
        LogLevel level = Failure is null ? LogLevel.Information : LogLevel.Warning;
        if (!log.IsEnabled(level)) return;
        string outcome = Failure is { } failure ? $"{failure.GetType().Name}: {failure.Message}" : Aborted ? "aborted by the client" : $"{_reason}";
        string upstream = Upstream is { } origin ? $"{origin.Provider}/{origin.Model}" : "-";
        if (!Mends.IsEmpty) outcome = $"{outcome}; mended: {Mends}";
        Usage usage = Usage ?? new();
        Line(log, level, format, Model, upstream,
            usage.Input, usage.CacheRead, usage.CacheWrite + usage.CacheWriteHour, usage.Output,
            (long)(FirstToken?.TotalMilliseconds ?? 0), (long)took.TotalMilliseconds, outcome);
    }

    [LoggerMessage(Message = "{format} {model} -> {upstream} in {input} +{cacheRead} read +{cacheWritten} written, out {output}, first {firstMs} ms, all {totalMs} ms: {outcome}")]
    static partial void Line(ILogger log, LogLevel level, string format, string model, string upstream,
        long input, long cacheRead, long cacheWritten, long output, long firstMs, long totalMs, string outcome);
}
