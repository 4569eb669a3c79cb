// One reply on its way to a streaming client: events become bytes as they come, and silence becomes pings. It knows no wire format.

using System.IO.Pipelines;
using Baltoro.Chat;
using Baltoro.Chat.Wire;

namespace Baltoro.Gateway.Endpoints;

/// <summary>
/// Writes events and, whenever nothing was written for a while, a ping. The pings stop with the events: the upstream's own limits end a dead
/// reply, so a stream that is still open is alive.
/// </summary>
sealed class ReplyStream(IReplyWriter writer, PipeWriter pipe, TimeSpan pingInterval, TimeProvider clock) : IAsyncDisposable
{
    // A pipe has one writer at a time; the ping timer is the other one.
    readonly SemaphoreSlim _turn = new(1, 1);
    readonly CancellationTokenSource _end = new();
    long _lastWrite = clock.GetTimestamp();
    Task _pinging = Task.CompletedTask;

    public void StartPings() => _pinging = Ping();

    /// <param name="flush">False when more events are at hand, so that several leave in one packet.</param>
    public async ValueTask Write(ReplyEvent step, bool flush, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            writer.Write(step, pipe);
            _lastWrite = clock.GetTimestamp();
            if (flush) await pipe.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Sends what was written without a flush.</summary>
    public async ValueTask Flush(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await pipe.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    async Task Ping()
    {
        using PeriodicTimer timer = new(pingInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_end.Token))
            {
                if (clock.GetElapsedTime(_lastWrite) < pingInterval) continue;
                await _turn.WaitAsync(_end.Token);
                try
                {
                    writer.WritePing(pipe);
                    await pipe.FlushAsync(_end.Token);
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reply has ended.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _pinging;
        _end.Dispose();
        _turn.Dispose();
    }
}
