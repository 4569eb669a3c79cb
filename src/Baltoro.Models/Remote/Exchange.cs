// One HTTP request and the stream that answers it, turned into events; it refuses to know any wire format.

using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using Baltoro.Chat;
using Baltoro.Chat.Wire;

namespace Baltoro.Models.Remote;

/// <summary>
/// Everything that can go wrong on the way ends as one <see cref="ReplyEvent.Failed"/>; only the caller's own cancellation throws.
/// Used by one caller at a time: <see cref="Send"/> once, then <see cref="Receive"/> until either returns false.
/// </summary>
sealed class Exchange(Dialogue dialogue, HttpClient http, Upstream upstream, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>No vendor's error needs more, and a proxy's page must not fill the memory.</summary>
    const int LargestError = 256 * 1024;

    /// <summary>The largest reply taken in one piece.</summary>
    const int LargestWhole = 64 * 1024 * 1024;

    readonly IReplyReader _reader = dialogue.Reader();
    readonly List<ReplyEvent> _read = [];
    CancellationTokenSource _limit = new();
    CancellationTokenRegistration _forward;
    HttpResponseMessage? _response;
    IAsyncEnumerator<SseItem<bool>>? _stream;

    /// <inheritdoc cref="IReplyReader.Held"/>
    public long Held => _reader.Held;

    /// <summary>Sends the request and waits for the answer's head.</summary>
    /// <returns>False when <paramref name="events"/> ends the reply.</returns>
    public async ValueTask<bool> Send(ChatRequest request, List<ReplyEvent> events, CancellationToken cancellationToken)
    {
        Start(upstream.Limits.Connect + upstream.Limits.FirstByte, cancellationToken);
        try
        {
            using HttpRequestMessage message = dialogue.Write(request);
            _response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, _limit.Token);
            // The connection keeps the request until the reply's end; a long conversation's bytes need not wait there.
            message.Content = null;
            if (!_response.IsSuccessStatusCode)
            {
                ReadOnlyMemory<byte> body = await ReadUpTo(LargestError, _response.Content);
                return Fail(events, dialogue.ReadError((int)_response.StatusCode, body, RetryAfter(_response)));
            }
            if (_response.Content.Headers.ContentType?.MediaType is "application/json")
            {
                _reader.ReadWhole(await ReadUpTo(LargestWhole, _response.Content), events);
                return false;
            }
            Stream stream = await _response.Content.ReadAsStreamAsync(_limit.Token);
            _stream = SseParser.Create(stream, (_, data) => _reader.Read(data, _read)).EnumerateAsync(_limit.Token).GetAsyncEnumerator(_limit.Token);
            return true;
        }
        catch (Exception e) when (Explain(e, "the first byte", upstream.Limits.FirstByte, cancellationToken) is { } failure)
        {
            return Fail(events, failure);
        }
    }

    /// <summary>Waits for the next server-sent event.</summary>
    /// <returns>False when <paramref name="events"/> ends the reply.</returns>
    public async ValueTask<bool> Receive(List<ReplyEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            bool more = await _stream!.MoveNextAsync();
            if (!more) _reader.End(_read);
            else if (_stream.Current.Data) _limit.CancelAfter(upstream.Limits.Idle);

            foreach (ReplyEvent step in _read) events.Add(step.Value is ReplyEvent.Failed failed ? new ReplyEvent.Failed(WithoutKey(failed.Failure)) : step);
            _read.Clear();
            return more && !(events is [.., { Value: ReplyEvent.Finished or ReplyEvent.Failed }]);
        }
        catch (Exception e) when (Explain(e, "the next event", upstream.Limits.Idle, cancellationToken) is { } failure)
        {
            return Fail(events, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null) await _stream.DisposeAsync();
        _response?.Dispose();
        await _forward.DisposeAsync();
        _limit.Dispose();
    }

    bool Fail(List<ReplyEvent> events, Failure failure)
    {
        events.Add(new ReplyEvent.Failed(WithoutKey(failure)));
        return false;
    }

    /// <summary>Some vendors repeat the key that they refuse.</summary>
    Failure WithoutKey(Failure failure) => upstream.Key is Key.Set { Secret: { Length: > 0 } secret } && failure.Message.Contains(secret, StringComparison.Ordinal)
        ? failure with { Message = failure.Message.Replace(secret, "(the key)", StringComparison.Ordinal) }
        : failure;

    /// <summary>The failure behind an exception; null when it is none of ours.</summary>
    Failure? Explain(Exception exception, string awaited, TimeSpan limit, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => null,
        OperationCanceledException { InnerException: TimeoutException } =>
            new Failure.Unreachable($"{upstream.Name}: no connection within {upstream.Limits.Connect.TotalSeconds:0} s"),
        OperationCanceledException => new Failure.TimedOut($"{upstream.Name} was silent: {awaited} did not come within {limit.TotalSeconds:0} s"),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
            new Failure.Unreachable($"{upstream.Name}: the name {upstream.Url.Host} was not found"),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new Failure.Unreachable($"{upstream.Name}: no secure connection to {upstream.Url.Host}"),
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } =>
            new Failure.Unreachable($"{upstream.Name}: no connection to {upstream.Url.Authority}"),
        HttpRequestException or IOException => new Failure.Cut($"{upstream.Name}: the connection broke before the reply's end"),
        InvalidDataException => new Failure.Garbled($"{upstream.Name}: {exception.Message}"),
        _ => null,
    };

    /// <summary>A linked source has no clock of its own, so the caller's token is forwarded by hand.</summary>
    void Start(TimeSpan limit, CancellationToken cancellationToken)
    {
        _limit = new(limit, clock);
        _forward = cancellationToken.UnsafeRegister(static source => Cancel((CancellationTokenSource)source!), _limit);
    }

    static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The reply ended in the same moment.
        }
    }

    async Task<ReadOnlyMemory<byte>> ReadUpTo(int most, HttpContent content)
    {
        await using Stream body = await content.ReadAsStreamAsync(_limit.Token);
        using MemoryStream read = new();
        byte[] buffer = new byte[16 * 1024];
        int count;
        while (read.Length < most && (count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, most - read.Length)), _limit.Token)) > 0)
            read.Write(buffer, 0, count);
        return read.ToArray();
    }

    TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("retry-after-ms", out IEnumerable<string>? values)
            && double.TryParse(values.First(), System.Globalization.CultureInfo.InvariantCulture, out double milliseconds) && milliseconds is >= 0 and < 1e9)
            return TimeSpan.FromMilliseconds(milliseconds);
        return response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            RetryConditionHeaderValue { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
            _ => null,
        };
    }
}
