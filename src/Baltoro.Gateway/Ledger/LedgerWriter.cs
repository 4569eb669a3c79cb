// Between requests that end and a ledger that may be slow: takes a row without waiting, writes many at once. It refuses to know where to.

using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Ledger;

/// <summary>
/// Rows are gathered for a tenth of a second and written together, so that a killed process loses less than the last 250 ms; disposal writes
/// everything. While the ledger cannot be used, rows are kept and tried again; what does not fit any more is lost and counted. Each kind
/// of trouble is logged once, and so is its end. <see cref="Write"/> is safe to call from all threads and never waits.
/// </summary>
sealed partial class LedgerWriter : IAsyncDisposable
{
    /// <summary>Rows that wait at most; a few MB.</summary>
    const int Capacity = 20_000;

    /// <summary>Rows of one transaction at most.</summary>
    const int Largest = 1000;

    static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100), FirstPause = TimeSpan.FromSeconds(1), LongestPause = TimeSpan.FromSeconds(30);

    readonly ILedgerStore _store;
    readonly TimeProvider _clock;
    readonly ILogger _log;
    readonly Channel<LedgerRow> _rows = Channel.CreateBounded<LedgerRow>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    readonly CancellationTokenSource _stop = new();
    readonly Task _running;
    long _written, _lost;
    string? _trouble;

    /// <param name="store">Stays the caller's.</param>
    public LedgerWriter(ILedgerStore store, TimeProvider clock, ILogger log)
    {
        (_store, _clock, _log) = (store, clock, log);
        _running = Task.Run(Run);
    }

    /// <summary>Rows that are in the ledger.</summary>
    public long Written => Interlocked.Read(ref _written);

    /// <summary>Rows that never will be.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>One word for what is wrong now; null when nothing is.</summary>
    public string? Trouble => Volatile.Read(ref _trouble);

    public void Write(LedgerRow row)
    {
        if (_rows.Writer.TryWrite(row)) return;
        if (Interlocked.Increment(ref _lost) == 1) Losing(_log, Capacity);
    }

    async Task Run()
    {
        List<LedgerRow> batch = new(Largest);
        while (await _rows.Reader.WaitToReadAsync())
        {
            await Pause(Gathering);
            do
            {
                while (batch.Count < Largest && _rows.Reader.TryRead(out LedgerRow? row)) batch.Add(row);
                await Keep(batch);
                batch.Clear();
            }
            while (_rows.Reader.TryPeek(out _));
        }
    }

    /// <summary>Writes a batch, however long it takes; at the end of the program there is one try.</summary>
    async Task Keep(List<LedgerRow> batch)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await _store.Append(batch, CancellationToken.None);
                Interlocked.Add(ref _written, batch.Count);
                if (_trouble is not null) Well(_log, Rows(Lost), Lost == 1 ? "was" : "were");
                Volatile.Write(ref _trouble, null);
                return;
            }
            catch (LedgerUnavailableException e)
            {
                if (_trouble != e.Condition) Unavailable(_log, e.Message);
                Volatile.Write(ref _trouble, e.Condition);
            }
            if (_stop.IsCancellationRequested)
            {
                Interlocked.Add(ref _lost, batch.Count);
                LostAtTheEnd(_log, Rows(batch.Count), batch.Count == 1 ? "is" : "are");
                return;
            }
            await Pause(pause);
        }
    }

    async Task Pause(TimeSpan length)
    {
        try
        {
            await Task.Delay(length, _clock, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // What is left is written at once.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _rows.Writer.Complete();
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    static string Rows(long count) => count == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{count} rows");

    [LoggerMessage(LogLevel.Warning, "ledger: {message}. Requests go on; their rows are kept in memory and tried again.")]
    static partial void Unavailable(ILogger log, string message);

    [LoggerMessage(LogLevel.Information, "ledger: written again; {rows} {were} lost since the start.")]
    static partial void Well(ILogger log, string rows, string were);

    [LoggerMessage(LogLevel.Warning, "ledger: {capacity} rows wait already; more are lost. See baltoro_ledger_rows_lost in GET /metrics.")]
    static partial void Losing(ILogger log, int capacity);

    [LoggerMessage(LogLevel.Warning, "ledger: {rows} could not be written before the end and {are} lost.")]
    static partial void LostAtTheEnd(ILogger log, string rows, string are);
}
