// What every kind of counters does, whether in memory or on a server.

using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Gateway.Tests.Keys;

public abstract class CounterTests : IAsyncDisposable
{
    static readonly DateTimeOffset Later = TimeProvider.System.GetUtcNow().AddHours(1);

    /// <summary>Counters that all callers share. The test disposes them.</summary>
    private protected abstract ICounters Counters();

    public abstract ValueTask DisposeAsync();

    static Counter Count(string kind, long limit, long amount, long? known = null) =>
        new($"ci:{kind}:1", limit, amount, Later, known is { } value ? _ => Task.FromResult(value) : null);

    static string Shown(Reservation reservation) => $"{reservation.Exceeded?.ToString() ?? "fits"}: {string.Join(' ', reservation.Values)}";

    [Fact]
    public async Task All_are_added_to_or_none()
    {
        await using ICounters counters = Counters();
        Assert.Equal("fits: 1 40", Shown(await counters.Reserve([Count("rpm", 3, 1), Count("day", 100, 40)], default)));
        Assert.Equal("fits: 2 80", Shown(await counters.Reserve([Count("rpm", 3, 1), Count("day", 100, 40)], default)));
        Assert.Equal("1: 2 80", Shown(await counters.Reserve([Count("rpm", 3, 1), Count("day", 100, 40)], default)));
        Assert.Equal("0: 80 2", Shown(await counters.Reserve([Count("day", 100, 40), Count("rpm", 3, 1)], default)));
        Assert.Equal("fits: 3 100", Shown(await counters.Reserve([Count("rpm", 3, 1), Count("day", 100, 20)], default)));
        Assert.Equal("0: 3 100", Shown(await counters.Reserve([Count("rpm", 3, 1), Count("day", 100, 0)], default)));
    }

    [Fact]
    public async Task What_was_estimated_is_put_right()
    {
        await using ICounters counters = Counters();
        await counters.Reserve([Count("day", 100, 60)], default);
        await counters.Add([Count("day", 100, -50)], default);
        Assert.Equal("fits: 70", Shown(await counters.Reserve([Count("day", 100, 60)], default)));
        await counters.Add([Count("day", 100, 100)], default);
        Assert.Equal("0: 170", Shown(await counters.Reserve([Count("day", 100, 1)], default)));
    }

    [Fact]
    public async Task A_counter_begins_with_what_is_known()
    {
        await using ICounters counters = Counters();
        Assert.Equal("fits: 95 5", Shown(await counters.Reserve([Count("week", 100, 5, known: 90), Count("month", 100, 5, known: 0)], default)));
        Assert.Equal("0: 95 5", Shown(await counters.Reserve([Count("week", 100, 6, known: 0), Count("month", 100, 6, known: 50)], default)));
    }

    [Fact]
    public async Task However_many_ask_at_once_no_limit_is_exceeded()
    {
        await using ICounters one = Counters(), other = Counters();
        int let = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            // Half of them in the other order, which must not make two wait for each other.
            Counter[] asked = [Count("day", 70, 1, known: 10), Count("month", 1000, 1, known: 10)];
            if (i % 2 == 0) Array.Reverse(asked);
            if ((await (i % 3 == 0 && Shares ? other : one).Reserve(asked, default)).Exceeded is null) Interlocked.Increment(ref let);
        })));
        Assert.Equal(60, let);
    }

    /// <summary>True where two of them count together.</summary>
    private protected virtual bool Shares => true;
}

public sealed class MemoryCounterTests : CounterTests
{
    private protected override ICounters Counters() => new MemoryCounters(TimeProvider.System);

    private protected override bool Shares => false;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class PostgresCounterTests(Servers.Servers servers) : CounterTests, IAsyncLifetime
{
    readonly List<ILedgerStore> _ledgers = [];
    string _url = "";

    public async ValueTask InitializeAsync() => _url = await servers.Database();

    private protected override ICounters Counters()
    {
        PostgresLedger ledger = new(_url);
        _ledgers.Add(ledger);
        return ledger.Counters(TimeProvider.System);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (ILedgerStore ledger in _ledgers) await ledger.DisposeAsync();
    }
}

public sealed class RedisCounterTests(Servers.Servers servers) : CounterTests, IAsyncLifetime
{
    string _url = "";

    public async ValueTask InitializeAsync() => _url = await servers.Redis();

    private protected override ICounters Counters() => new RedisCounters(_url, TimeProvider.System);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_without_its_password()
    {
        await using RedisCounters counters = new("redis://me:very-secret@127.0.0.1:1", TimeProvider.System);
        CountersUnavailableException e = await Assert.ThrowsAsync<CountersUnavailableException>(async () => await counters.Reserve([new("ci:rpm:1", 1, 1, default)], default));
        Assert.Equal("redis at 127.0.0.1:1 does not answer as it should", e.Message);
    }
}
