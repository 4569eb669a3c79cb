// Upstreams that are left alone for a while.

using Baltoro.Chat;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Microsoft.Extensions.Time.Testing;

namespace Baltoro.Models.Tests.Policy;

public class BreakerTests
{
    readonly FakeTimeProvider _clock = new();

    static Fault[] Times(int count, Fault fault) => [.. Enumerable.Repeat(fault, count)];

    static async Task<string[]> Hear(IChatModel model, int times)
    {
        List<string> heard = [];
        for (int i = 0; i < times; i++) heard.Add(await Asked.Hear(model));
        return [.. heard];
    }

    [Fact]
    public async Task Five_failures_in_a_row_and_nobody_is_asked_any_more()
    {
        await using Asked asked = await Asked.Of(_clock, Times(9, new Fault.Status(500)));
        Breaker model = new(asked.Model, new("up", _clock));
        Assert.Equal(["UpstreamError", "UpstreamError", "UpstreamError", "UpstreamError", "UpstreamError", "Overloaded", "Overloaded"], await Hear(model, 7));
        Assert.Equal(5, asked.Times);
    }

    [Fact]
    public async Task Its_failure_says_how_long()
    {
        await using Asked asked = await Asked.Of(_clock, Times(9, new Fault.Status(500)));
        Breaker model = new(asked.Model, new("up", _clock));
        await Hear(model, 5);
        _clock.Advance(TimeSpan.FromSeconds(11));
        ReplyEvent.Failed failed = Assert.IsType<ReplyEvent.Failed>(Assert.Single(await SteadyTests.Events(model)).Value);
        Assert.Equal(
            new Failure.Overloaded("up failed several times in a row and is left alone for 19 s") { RetryAfter = TimeSpan.FromSeconds(19) }, failed.Failure);
    }

    [Fact]
    public async Task A_success_between_them_starts_the_count_again()
    {
        await using Asked asked = await Asked.Of(_clock, [.. Times(4, new Fault.Status(500)), new Fault.None(), .. Times(4, new Fault.CutAfter(2))]);
        await Hear(new Breaker(asked.Model, new("up", _clock)), 9);
        Assert.Equal(9, asked.Times);
    }

    [Fact]
    public async Task A_request_that_is_refused_for_itself_shows_good_health()
    {
        await using Asked asked = await Asked.Of(_clock, [.. Times(4, new Fault.Status(500)), new Fault.Status(400), .. Times(4, new Fault.Status(500))]);
        await Hear(new Breaker(asked.Model, new("up", _clock)), 9);
        Assert.Equal(9, asked.Times);
    }

    [Fact]
    public async Task After_the_pause_one_probe_decides_and_the_next_pause_is_twice_as_long()
    {
        await using Asked asked = await Asked.Of(_clock, Times(7, new Fault.Status(500)));
        Breaker model = new(asked.Model, new("up", _clock));
        await Hear(model, 5);
        foreach (int pause in (int[])[30, 60])
        {
            _clock.Advance(TimeSpan.FromSeconds(pause - 1));
            Assert.Equal("Overloaded", await Asked.Hear(model));
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("UpstreamError", await Asked.Hear(model));
        }
        _clock.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal(["| <hm> \"hello\" EndTurn", "| <hm> \"hello\" EndTurn"], await Hear(model, 2));
    }

    [Fact]
    public async Task While_the_probe_runs_nobody_else_is_let_through()
    {
        TaskCompletionSource never = new();
        await using Asked asked = await Asked.Of(_clock, [.. Times(5, new Fault.Status(500)), new Fault.StallAfter(1, never.Task)]);
        Breaker model = new(asked.Model, new("up", _clock));
        await Hear(model, 5);
        _clock.Advance(TimeSpan.FromSeconds(30));
        Task<string> probe = Asked.Hear(model);
        await RetryTests.Until(() => asked.Times == 6);
        Assert.Equal("Overloaded", await Asked.Hear(model));
        never.SetResult();
        Assert.EndsWith("EndTurn", await probe, StringComparison.Ordinal);
        Assert.EndsWith("EndTurn", await Asked.Hear(model), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_that_is_given_up_makes_room_for_another()
    {
        TaskCompletionSource never = new();
        await using Asked asked = await Asked.Of(_clock, [.. Times(5, new Fault.Status(500)), new Fault.StallAfter(1, never.Task)]);
        Breaker model = new(asked.Model, new("up", _clock));
        await Hear(model, 5);
        _clock.Advance(TimeSpan.FromSeconds(30));
        using CancellationTokenSource source = new();
        Task<string> probe = Asked.Hear(model, cancellationToken: source.Token);
        await RetryTests.Until(() => asked.Times == 6);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => probe);
        Assert.EndsWith("EndTurn", await Asked.Hear(model), StringComparison.Ordinal);
        never.SetResult();
    }

    [Theory, InlineData(401), InlineData(402)]
    public async Task An_empty_purse_or_a_wrong_key_keeps_it_open_for_five_minutes(int status)
    {
        await using Asked asked = await Asked.Of(_clock, new Fault.Status(status));
        Breaker model = new(asked.Model, new("up", _clock));
        await Hear(model, 2);
        _clock.Advance(TimeSpan.FromMinutes(4.9));
        Assert.Equal("Overloaded", await Asked.Hear(model));
        Assert.Equal(1, asked.Times);
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        Assert.EndsWith("EndTurn", await Asked.Hear(model), StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_route_an_open_one_costs_no_time()
    {
        PassingTime clock = new();
        await using Asked first = await Asked.Of(clock, Times(99, new Fault.Status(503)));
        await using Asked second = await Asked.Of(clock, Asked.Says("from the second"));
        Failover route = new([new Retry(new Breaker(first.Model, new("up", clock)), new() { Tries = 3, LongestPause = TimeSpan.FromSeconds(5) }, clock, new(1)), second.Model]);
        await Hear(route, 3);
        int pauses = clock.Pauses.Count;
        Assert.Equal("(FailedOver) | <hm> \"from the second\" EndTurn", await Asked.Hear(route));
        Assert.Equal((5, pauses), (first.Times, clock.Pauses.Count));
    }
}
