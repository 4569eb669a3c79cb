// What is worth one log line about one request: never its contents, never a key.

using Baltoro.Chat;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Endpoints;

/// <summary>Filled while a request runs, written once at its end.</summary>
sealed partial class Journal(string format, long started)
{
    Usage _usage = new();
    TimeSpan? _firstEvent;
    StopReason? _reason;
    readonly List<Mend> _mends = [];

    public string Model { get; set; } = "?";

    public Origin? Upstream { get; set; }

    public Failure? Failure { get; set; }

    public bool Aborted { get; set; }

    public void Note(ReplyEvent step, TimeProvider clock)
    {
        _firstEvent ??= clock.GetElapsedTime(started);
        switch (step.Value)
        {
            case ReplyEvent.Counted counted: _usage = counted.Usage; break;
            case ReplyEvent.Finished finished: _reason = finished.Reason; break;
            case ReplyEvent.Failed failed: Failure = failed.Failure; break;
            case ReplyEvent.Mended mended: _mends.Add(mended.What); break;
        }
    }

    public void WriteTo(ILogger log, TimeProvider clock)
    {
        LogLevel level = Failure is null ? LogLevel.Information : LogLevel.Warning;
        if (!log.IsEnabled(level)) return;
        string outcome = Failure is { } failure ? $"{failure.GetType().Name}: {failure.Message}" : Aborted ? "aborted by the client" : $"{_reason}";
        string upstream = Upstream is { } origin ? $"{origin.Provider}/{origin.Model}" : "-";
        if (_mends.Count > 0) outcome = $"{outcome}; mended: {string.Join(", ", _mends.CountBy(mend => mend).Select(count => $"{count.Key} {count.Value}"))}";
        long firstMs = (long)(_firstEvent?.TotalMilliseconds ?? 0), allMs = (long)clock.GetElapsedTime(started).TotalMilliseconds;
        Line(log, level, format, Model, upstream,
            _usage.Input, _usage.CacheRead, _usage.CacheWrite + _usage.CacheWriteHour, _usage.Output,
            firstMs, allMs, outcome);
    }

    [LoggerMessage(Message = "{format} {model} -> {upstream} in {input} +{cacheRead} read +{cacheWritten} written, out {output}, first {firstMs} ms, all {totalMs} ms: {outcome}")]
    static partial void Line(ILogger log, LogLevel level, string format, string model, string upstream,
        long input, long cacheRead, long cacheWritten, long output, long firstMs, long totalMs, string outcome);
}
