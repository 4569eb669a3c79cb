// The latency that the gateway adds at a given rate: requests through it and straight to the upstream, in turns, in the same seconds.

using System.Collections.Concurrent;
using System.Diagnostics;

namespace Baltoro.Load;

/// <summary>Times in milliseconds of all requests of one kind in one round, sorted.</summary>
sealed record Times(double[] Sorted, int Failed)
{
    public double At(double quantile) => Sorted.Length == 0 ? double.NaN : Sorted[Math.Min(Sorted.Length - 1, (int)(Sorted.Length * quantile))];
}

/// <summary>One round.</summary>
/// <param name="Direct">Straight to the upstream.</param>
/// <param name="Late">How late the 99th of 100 requests left the load maker: a machine too busy to be measured on shows here.</param>
/// <param name="Processor">The gateway's processor time for one request.</param>
sealed record Round(Times Direct, Times Streamed, Times Whole, double Late, TimeSpan Processor);

/// <summary>
/// Open loop: requests leave by the clock, whether or not the ones before them were answered. Of five requests two stream through the gateway,
/// two get a whole reply through it, one goes straight to the upstream.
/// </summary>
static class Latency
{
    /// <summary>Where requests pile up without end, the answer is known.</summary>
    const int MostAtOnce = 2000;

    public static async Task<IReadOnlyList<Round>> Measure(GatewayProcess gateway, InstantUpstream upstream, int rate, TimeSpan length, int rounds, CancellationToken cancellation)
    {
        Target direct = new(upstream.Url, "/at-once/v1/chat/completions", """{"model":"m","stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        Target streamed = new(gateway.Url, "/v1/messages", """{"model":"at-once","max_tokens":1000,"stream":true,"messages":[{"role":"user","content":"hello"}]}""");
        Target whole = new(gateway.Url, "/v1/messages", """{"model":"at-once","max_tokens":1000,"messages":[{"role":"user","content":"hello"}]}""");
        // The JIT compiles what is used much a second time, and both sides open their connections.
        await Run(gateway, [streamed, direct, whole, streamed, whole], rate, TimeSpan.FromSeconds(8), cancellation);
        List<Round> measured = [];
        for (int i = 0; i < rounds; i++)
            measured.Add(await Run(gateway, [streamed, direct, whole, streamed, whole], rate, length, cancellation));
        return measured;
    }

    static async Task<Round> Run(GatewayProcess gateway, Target[] order, int rate, TimeSpan length, CancellationToken cancellation)
    {
        foreach (Target target in order) target.Reset();
        double perSecond = rate * order.Length / (double)order.Count(target => target.Url == gateway.Url);
        int count = (int)(perSecond * length.TotalSeconds);
        double[] late = new double[count];
        TimeSpan processor = gateway.Processor();
        Thread clock = new(() =>
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < count && !cancellation.IsCancellationRequested; i++)
            {
                while (Stopwatch.GetElapsedTime(start).TotalSeconds * perSecond < i) Thread.Sleep(1);
                late[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds - i * 1000 / perSecond;
                order[i % order.Length].Send();
            }
        });
        clock.Start();
        await Task.Run(clock.Join, cancellation);
        foreach (Target target in order.Distinct()) await target.Settled();
        processor = gateway.Processor() - processor;
        Array.Sort(late);
        return new(order[1].Times(), order[0].Times(), order[2].Times(), late[(int)(count * 0.99)], processor / (count * 4 / 5.0));
    }

    /// <summary>One kind of request, with the connections on which it is sent.</summary>
    sealed class Target(Uri url, string path, string body)
    {
        readonly byte[] _request = Line.Request(url, path, body);
        readonly ConcurrentBag<Line> _free = [];
        readonly ConcurrentQueue<double> _times = [];
        int _running, _failed;

        public Uri Url => url;

        public void Reset()
        {
            _times.Clear();
            _failed = 0;
        }

        public void Send()
        {
            if (Interlocked.Increment(ref _running) > MostAtOnce)
            {
                Interlocked.Decrement(ref _running);
                Interlocked.Increment(ref _failed);
                return;
            }
            _ = Ask();
        }

        async Task Ask()
        {
            Line? line = null;
            try
            {
                if (!_free.TryTake(out line)) line = await Line.To(url);
                long sent = Stopwatch.GetTimestamp();
                if (!await line.Ask(_request)) throw new IOException("no good reply");
                _times.Enqueue(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                _free.Add(line);
            }
            catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidDataException)
            {
                line?.Dispose();
                Interlocked.Increment(ref _failed);
            }
            finally
            {
                Interlocked.Decrement(ref _running);
            }
        }

        /// <summary>Waits, for ten seconds at most, until everything sent was answered.</summary>
        public async Task Settled()
        {
            for (int i = 0; i < 1000 && Volatile.Read(ref _running) > 0; i++) await Task.Delay(10);
        }

        public Times Times() => new([.. _times.Order()], _failed + Volatile.Read(ref _running));
    }
}
