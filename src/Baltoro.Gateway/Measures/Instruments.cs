// What the gateway measures of its requests, under OpenTelemetry's names; it refuses to know who reads the numbers.

using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Gateway.Endpoints;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Gateway.Measures;

/// <summary>
/// The instruments of one gateway. Names, units, attributes and buckets of <c>gen_ai.*</c> are those of OpenTelemetry's semantic conventions for
/// generative AI (github.com/open-telemetry/semantic-conventions-genai, docs/gen-ai/gen-ai-metrics.md); the others are Baltoro's own.
/// Every label has a bounded set of values, whatever clients and upstreams write. Safe to call from several threads.
/// </summary>
sealed class Instruments : IDisposable
{
    public const string MeterName = "Baltoro.Gateway";

    readonly KnownModels _known;
    readonly Meter _meter = new(MeterName);
    readonly Histogram<double> _duration, _firstToken;
    readonly Histogram<long> _tokens;
    readonly Counter<long> _requests, _mends;
    readonly UpDownCounter<long> _streams;

    public Instruments(KnownModels known)
    {
        _known = known;
        _duration = _meter.CreateHistogram("gen_ai.server.request.duration", "s", "From a request's first byte to its reply's last.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] });
        _firstToken = _meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "From a request's first byte to its reply's first token.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10] });
        _tokens = _meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of one request, as its upstream counted them.", null,
            new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864] });
        _requests = _meter.CreateCounter<long>("baltoro.requests", "{request}", "Requests by how they ended.");
        _mends = _meter.CreateCounter<long>("baltoro.mends", "{mend}", "What was mended on replies' ways, by kind.");
        _streams = _meter.CreateUpDownCounter<long>("baltoro.streams.open", "{stream}", "Replies that are being streamed to clients now.");
    }

    /// <summary>Shows how the ledger's writer fares.</summary>
    public void Watch(LedgerWriter ledger)
    {
        _meter.CreateObservableCounter("baltoro.ledger.rows.written", () => ledger.Written, "{row}", "Rows that are in the ledger.");
        _meter.CreateObservableCounter("baltoro.ledger.rows.lost", () => ledger.Lost, "{row}", "Rows that could not be kept until the ledger was there again.");
        _meter.CreateObservableGauge("baltoro.ledger.trouble", () => Trouble(ledger), null, "1 while the ledger cannot be written, by what is wrong.");
    }

    static IEnumerable<Measurement<int>> Trouble(LedgerWriter ledger) =>
        ledger.Trouble is { } trouble ? [new Measurement<int>(1, new KeyValuePair<string, object?>("baltoro.condition", trouble))] : [];

    /// <summary>Counts one stream as open until the result is disposed.</summary>
    public OpenStream Open(string format)
    {
        KeyValuePair<string, object?> tag = new("baltoro.client.format", format);
        _streams.Add(1, tag);
        return new(_streams, tag);
    }

    /// <summary>Counts a request that has ended.</summary>
    public void Record(Journal journal, TimeSpan took)
    {
        string model = _known.Label(journal.Card?.Id);
        string? error = journal.Aborted ? "aborted" : journal.Failure is { } failure ? NameOf(failure) : null;
        TagList tags = new() { { "gen_ai.operation.name", "chat" }, { "gen_ai.request.model", model } };
        if (journal.Upstream is { } upstream) tags.Add("gen_ai.provider.name", ProviderOf(upstream));
        if (journal.Answered is { } answered) tags.Add("gen_ai.response.model", _known.Label(answered));

        if (journal.Usage is { } usage)
        {
            // The type's place is the last one, so that it can be exchanged.
            TagList typed = tags;
            typed.Add("gen_ai.token.type", "input");
            _tokens.Record(usage.TotalInput, typed);
            typed[^1] = new("gen_ai.token.type", "output");
            _tokens.Record(usage.Output, typed);
        }
        if (error is null && journal.FirstToken is { } first) _firstToken.Record(first.TotalSeconds, tags);

        TagList ended = tags;
        if (error is not null) ended.Add("error.type", error);
        _duration.Record(took.TotalSeconds, ended);
        ended.Add("baltoro.client.format", journal.Format);
        ended.Add("baltoro.outcome", journal.Aborted ? "aborted" : error is null ? "finished" : "failed");
        _requests.Add(1, ended);
        foreach ((Mend kind, int count) in journal.Mends.Counts)
            _mends.Add(count, new("baltoro.mend", Mends.NameOf(kind)), new("gen_ai.request.model", model));
    }

    public void Dispose() => _meter.Dispose();

    /// <summary>As labels and the ledger write it: <c>rate_limited</c>.</summary>
    public static string NameOf(Failure failure) => JsonNamingPolicy.SnakeCaseLower.ConvertName(failure.GetType().Name);

    /// <summary>As the ledger writes it: <c>end_turn</c>.</summary>
    public static string NameOf(StopReason? reason) => reason switch
    {
        StopReason.EndTurn => "end_turn",
        StopReason.ToolUse => "tool_use",
        StopReason.OutputLimit => "output_limit",
        StopReason.StopSequence => "stop_sequence",
        StopReason.Pause => "pause",
        StopReason.Refusal => "refusal",
        StopReason.WindowFull => "window_full",
        _ => "unknown",
    };

    /// <summary>The conventions' own word where it is another than ours.</summary>
    static string ProviderOf(Origin origin) => origin.Provider == "moonshot" ? "moonshot_ai" : origin.Provider;

    /// <summary>A stream that counts as open.</summary>
    internal readonly struct OpenStream(UpDownCounter<long> streams, KeyValuePair<string, object?> tag) : IDisposable
    {
        public void Dispose() => streams.Add(-1, tag);
    }
}
