// What every ledger does, whatever database it is on.

using Baltoro.Chat;
using Baltoro.Gateway.Ledger;

namespace Baltoro.Gateway.Tests.Ledger;

public abstract class StoreTests : IAsyncDisposable
{
    static readonly DateTimeOffset Noon = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A store on the test's own, at first empty, ledger. The test disposes it.</summary>
    public abstract ILedgerStore Store();

    public abstract ValueTask DisposeAsync();

    static readonly Usage Tokens = new() { Input = 100, CacheRead = 20, CacheWrite = 3, CacheWriteHour = 1, Output = 50, Reasoning = 40 };

    static LedgerRow Row(string id, int day = 0, string model = "kimi", string upstream = "novita", string session = "s1", string agent = "", long cost = 1000, bool failed = false, bool isEstimate = false, bool isPriced = true) => new()
    {
        Id = id, At = Noon.AddDays(day), Format = "messages", Asked = "baltoro", Model = model, Upstream = upstream, Session = session, Agent = agent, Usage = Tokens,
        Price = cost, Cost = cost, Took = TimeSpan.FromSeconds(3), FirstToken = TimeSpan.FromSeconds(1), Tries = 1, Outcome = failed ? "cut" : "end_turn", Failed = failed,
        IsEstimate = isEstimate, Shares = [new(upstream, model, Tokens, cost, isPriced, isEstimate)],
    };

    static Usage Times(int count) => Enumerable.Repeat(Tokens, count).Aggregate((one, other) => one.Plus(other));

    [Fact]
    public async Task Sums_are_made_by_day_model_session_agent_upstream_and_key()
    {
        await using ILedgerStore store = Store();
        await store.Append([Row("1"), Row("2", day: -1, cost: 5000), Row("3", model: "glm", upstream: "zai", agent: "a1"), Row("4", session: "s2", failed: true, isEstimate: true, isPriced: false) with { Key = "ci" }], default);
        Assert.Equal([new("2026-11-23", 3, 1, Times(3), 3000, 1, 1), new("2026-11-22", 1, 0, Times(1), 5000, 0, 0)], await store.Costs(new(CostBy.Day), default));
        Assert.Equal([new("kimi", 3, 1, Times(3), 7000, 1, 1), new("glm", 1, 0, Times(1), 1000, 0, 0)], await store.Costs(new(CostBy.Model), default));
        Assert.Equal([new("s1", 3, 0, Times(3), 7000, 0, 0), new("s2", 1, 1, Times(1), 1000, 1, 1)], await store.Costs(new(CostBy.Session), default));
        Assert.Equal([new("", 3, 1, Times(3), 7000, 1, 1), new("a1", 1, 0, Times(1), 1000, 0, 0)], await store.Costs(new(CostBy.Agent), default));
        Assert.Equal([new("novita", 3, 1, Times(3), 7000, 1, 1), new("zai", 1, 0, Times(1), 1000, 0, 0)], await store.Costs(new(CostBy.Upstream), default));
        Assert.Equal([new("", 3, 0, Times(3), 7000, 0, 0), new("ci", 1, 1, Times(1), 1000, 1, 1)], await store.Costs(new(CostBy.Key), default));
    }

    [Fact]
    public async Task Only_days_from_the_first_one_on_count()
    {
        await using ILedgerStore store = Store();
        await store.Append([Row("1"), Row("2", day: -1)], default);
        Assert.Equal(["2026-11-23"], (await store.Costs(new(CostBy.Day, new(2026, 11, 23)), default)).Select(line => line.Name));
        Assert.Empty(await store.Costs(new(CostBy.Day, new(2026, 11, 24)), default));
    }

    [Fact]
    public async Task A_row_that_comes_twice_counts_once()
    {
        await using ILedgerStore store = Store();
        await store.Append([Row("1")], default);
        await store.Append([Row("1"), Row("2")], default);
        Assert.Equal([new("kimi", 2, 0, Times(2), 2000, 0, 0)], await store.Costs(new(CostBy.Model), default));
    }

    [Fact]
    public async Task The_same_tokens_are_reckoned_at_other_prices_and_a_long_prompt_at_those_of_long_ones()
    {
        await using ILedgerStore store = Store();
        LedgerRow big = Row("2") with { Usage = Tokens with { Input = 1000 } };
        await store.Append([Row("1"), big], default);
        Prices other = new(3, 15, 0.3m, 3.75m, 6) { Long = new(200, new(6, 22.5m, 0.6m)) };
        CostLine line = Assert.Single(await store.Costs(new(CostBy.Model, Compare: other), default));
        Assert.Equal((2000, Pricing.Nanos(other.Of(Tokens) + other.Of(big.Usage))), (line.Cost, line.Compared));
    }

    [Fact]
    public async Task Where_length_does_not_matter_the_same_comes_of_the_sums()
    {
        await using ILedgerStore store = Store();
        await store.Append([Row("1"), Row("2", model: "glm")], default);
        Prices other = new(3, 15, 0.3m, 3.75m, 6), nearly = other with { Long = new(1_000_000, other) };
        Assert.Equal(await store.Costs(new(CostBy.Model, Compare: nearly), default), await store.Costs(new(CostBy.Model, Compare: other), default));
        Assert.Equal(2 * Pricing.Nanos(other.Of(Tokens)), (await store.Costs(new(CostBy.Model, Compare: other), default)).Sum(line => line.Compared));
    }

    [Fact]
    public async Task Several_writers_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
        {
            await using ILedgerStore store = Store();
            for (int batch = 0; batch < 5; batch++)
                await store.Append([.. Enumerable.Range(0, 10).Select(row => Row($"{writer}-{batch}-{row}", session: $"s{row % 3}"))], default);
        }));
        await using ILedgerStore read = Store();
        Assert.Equal([new("kimi", 200, 0, Times(200), 200_000, 0, 0)], await read.Costs(new(CostBy.Model), default));
    }

    [Fact]
    public async Task What_one_program_wrote_another_one_reads()
    {
        await using (ILedgerStore store = Store()) await store.Append([Row("1")], default);
        await using ILedgerStore later = Store();
        Assert.Single(await later.Costs(new(CostBy.Day), default));
    }
}

public sealed class SqliteStoreTests : StoreTests
{
    readonly LedgerFile _file = new();

    public override ILedgerStore Store() => _file.Store();

    public override ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
