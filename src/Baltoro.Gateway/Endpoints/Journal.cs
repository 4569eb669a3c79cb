// What is worth one log line and a few counts about one request: never its contents, never a key.

using Baltoro.Chat;
using Baltoro.Gateway.Measures;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Endpoints;

/// <summary>Filled while a request runs, read once at its end. Not thread-safe.</summary>
sealed partial class Journal(string format, long started)
{
    StopReason? _reason;

    /// <summary>The client's wire format.</summary>
    public string Format => format;

    /// <summary>The model's name as the client wrote it.</summary>
    public string Model { get; set; } = "?";

    /// <summary>The model that was asked; null when none was.</summary>
    public ModelCard? Card { get; set; }

    public Origin? Upstream => Card?.Origin;

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

    /// <summary>Closes the journal: counts the request, and logs it.</summary>
    public void WriteTo(Instruments instruments, ILogger log, TimeProvider clock)
    {
        TimeSpan took = clock.GetElapsedTime(started);
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
