// The engine's own threads: one piece of work at a time, cut in parts. Knows no numbers.

using System.Runtime.ExceptionServices;

namespace Baltoro.Engine.Threads;

/// <summary>
/// <para>Lanes that wait for work by spinning, because the pauses between pieces of work are microseconds. A lane that spins in vain yields its core
/// and then sleeps until it is called.</para>
/// <para>Each lane begins with a stretch of neighbouring parts of its own, so that what it reads ahead is what it reads next, and then helps the others. Parts are
/// taken one by one, so a lane whose core is taken away delays the others by one part at most; one that has not joined a piece of work in time is not waited for. <see cref="Run"/> is for one caller at a time, who works as lane 0.</para>
/// </summary>
sealed class Crew : IDisposable
{
    const int Spins = 4_000;
    const int Yields = 200;
    const int RunsOfLane = 8;

    /// <summary>A microsecond or two, no more than calling the others takes.</summary>
    const int FewNumbers = 8192;

    const long Closed = 1 << 15;
    const long Members = Closed - 1;
    const long Generation = 1 << 16;

    /// <summary>Numbers of which each has a cache line to itself.</summary>
    const int Apart = 32;

    readonly Thread[] _threads;
    // For each lane the next part of its stretch.
    readonly int[] _next;
    readonly SemaphoreSlim _called = new(0);
    // Generation, closed bit and the number of lanes that joined, in one word so that joining and closing cannot miss each other.
    long _state = Closed;
    int _left;
    int _parts;
    int _asleep;
    readonly Action<int, int> _takeRun;
    Action<int, int>? _work;
    Action<int, int>? _each;
    int _count;
    int _runs;
    ExceptionDispatchInfo? _fault;
    volatile bool _ended;

    /// <param name="lanes">Threads, the caller among them.</param>
    public Crew(int lanes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lanes, 1);
        Lanes = lanes;
        _takeRun = TakeRun;
        _next = new int[(lanes + 1) * Apart];
        _threads = new Thread[lanes - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int lane = i + 1;
            _threads[i] = new(() => Work(lane)) { IsBackground = true, Name = $"engine {lane}" };
            _threads[i].Start();
        }
    }

    public int Lanes { get; }

    /// <summary>Calls <paramref name="work"/>(part, lane) for every part from 0, on all lanes, and returns when all have returned.</summary>
    /// <exception cref="Exception">The first that a part threw; the other parts have run or been left out.</exception>
    public void Run(int parts, Action<int, int> work)
    {
        if (parts <= 1 || Lanes == 1)
        {
            for (int part = 0; part < parts; part++) work(part, 0);
            return;
        }
        (_work, _parts, _left, _fault) = (work, parts, 0, null);
        for (int lane = 0; lane < Lanes; lane++) Volatile.Write(ref Next(lane), First(lane));
        Volatile.Write(ref _state, ((Volatile.Read(ref _state) & ~(Closed | Members)) + Generation));
        if (Volatile.Read(ref _asleep) > 0) Wake();
        Take(0);
        long joined = Interlocked.Or(ref _state, Closed) & Members;
        for (int spins = 0; Volatile.Read(ref _left) != joined;) Wait(ref spins);
        _work = null;
        _fault?.Throw();
    }

    /// <summary>Calls <paramref name="work"/>(i, lane) for every i from 0 to <paramref name="count"/> - 1, in runs of neighbours: for much small work, of which a part each would cost more than it does.</summary>
    /// <param name="numbers">How many numbers each reads, about: where all together are few, the caller works alone.</param>
    /// <exception cref="Exception">As <see cref="Run"/>.</exception>
    public void Each(int count, int numbers, Action<int, int> work)
    {
        if ((long)count * numbers < FewNumbers)
        {
            for (int i = 0; i < count; i++) work(i, 0);
            return;
        }
        (_each, _count) = (work, count);
        _runs = Math.Min(count, RunsOfLane * Lanes);
        Run(_runs, _takeRun);
    }

    void TakeRun(int run, int lane)
    {
        Action<int, int> each = _each!;
        int end = (int)((run + 1L) * _count / _runs);
        for (int i = (int)((long)run * _count / _runs); i < end; i++) each(i, lane);
    }

    public void Dispose()
    {
        _ended = true;
        _called.Release(Lanes);
        foreach (Thread thread in _threads) thread.Join();
        _called.Dispose();
    }

    void Work(int lane)
    {
        long seen = 0;
        while (true)
        {
            long state = AwaitWork(seen);
            if (_ended) return;
            if (Interlocked.CompareExchange(ref _state, state + 1, state) != state) continue;
            seen = state & ~(Closed | Members);
            Take(lane);
            Interlocked.Increment(ref _left);
        }
    }

    void Take(int lane)
    {
        Action<int, int> work = _work!;
        int parts = _parts;
        try
        {
            for (int i = 0; i < Lanes; i++)
            {
                int stretch = (lane + i) % Lanes, end = First(stretch + 1);
                for (int part; Volatile.Read(ref Next(stretch)) < end && (part = Interlocked.Increment(ref Next(stretch)) - 1) < end;) work(part, lane);
            }
        }
        catch (Exception fault)
        {
            Interlocked.CompareExchange(ref _fault, ExceptionDispatchInfo.Capture(fault), null);
            for (int i = 0; i < Lanes; i++) Volatile.Write(ref Next(i), parts);
        }
    }

    ref int Next(int lane) => ref _next[(lane + 1) * Apart];

    int First(int lane) => (int)((long)_parts * lane / Lanes);

    /// <summary>The state, once it is of another generation than <paramref name="seen"/> and open.</summary>
    long AwaitWork(long seen)
    {
        for (int spins = 0; ;)
        {
            long state = Volatile.Read(ref _state);
            if (((state & Closed) == 0 && (state & ~(Closed | Members)) != seen) || _ended) return state;
            if (spins < Spins + Yields) Wait(ref spins);
            else
            {
                Sleep(seen);
                spins = 0;
            }
        }
    }

    void Sleep(long seen)
    {
        Interlocked.Increment(ref _asleep);
        // Work that was called out between the last look and the line above has not seen this lane asleep.
        long state = Interlocked.Read(ref _state);
        if (((state & Closed) != 0 || (state & ~(Closed | Members)) == seen) && !_ended) _called.Wait();
        Interlocked.Decrement(ref _asleep);
    }

    void Wake()
    {
        int sleepers = Volatile.Read(ref _asleep) - _called.CurrentCount;
        if (sleepers > 0) _called.Release(sleepers);
    }

    static void Wait(ref int spins)
    {
        if (spins++ < Spins) Thread.SpinWait(8);
        else Thread.Yield();
    }
}
