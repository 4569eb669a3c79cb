// Counters of one gateway, in its memory: after a restart they begin with what the ledger knows.

namespace Baltoro.Gateway.Keys;

sealed class MemoryCounters(TimeProvider clock) : ICounters
{
    sealed class Count(long value, DateTimeOffset ends)
    {
        public long Value = value;
        public readonly DateTimeOffset Ends = ends;
    }

    readonly Lock _turn = new();
    readonly Dictionary<string, Count> _counts = [];
    DateTimeOffset _swept = clock.GetUtcNow();

    public async ValueTask<Reservation> Reserve(IReadOnlyList<Counter> counters, CancellationToken cancellationToken)
    {
        foreach (Counter counter in counters) await Begin(counter, cancellationToken);
        lock (_turn)
        {
            Sweep();
            int? exceeded = null;
            Count[] counts = [.. counters.Select(At)];
            for (int i = 0; i < counts.Length && exceeded is null; i++)
                if (counts[i].Value + counters[i].Amount > counters[i].Limit) exceeded = i;
            for (int i = 0; i < counts.Length && exceeded is null; i++) counts[i].Value += counters[i].Amount;
            return new(exceeded, [.. counts.Select(count => count.Value)]);
        }
    }

    public ValueTask Add(IReadOnlyList<Counter> counters, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            foreach (Counter counter in counters) At(counter).Value += counter.Amount;
        }
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    async ValueTask Begin(Counter counter, CancellationToken cancellationToken)
    {
        if (counter.Known is null) return;
        lock (_turn)
        {
            if (_counts.ContainsKey(counter.Name)) return;
        }
        long known = await counter.Known(cancellationToken);
        lock (_turn) _counts.TryAdd(counter.Name, new(known, counter.Ends));
    }

    Count At(Counter counter)
    {
        if (!_counts.TryGetValue(counter.Name, out Count? count)) _counts.Add(counter.Name, count = new(0, counter.Ends));
        return count;
    }

    /// <summary>A minute's counters are of no use in the next one.</summary>
    void Sweep()
    {
        DateTimeOffset now = clock.GetUtcNow();
        if (now - _swept < TimeSpan.FromMinutes(10)) return;
        _swept = now;
        foreach (string name in _counts.Where(count => count.Value.Ends < now.AddMinutes(-10)).Select(count => count.Key).ToArray()) _counts.Remove(name);
    }
}
