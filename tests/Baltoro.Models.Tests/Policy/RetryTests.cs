// Requests that fail before they begin to be answered.

using Baltoro.Chat;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Models.Tests.Policy;

public class RetryTests
{
    const string Hello = "| <hm> \"hello\" EndTurn";

    readonly PassingTime _clock = new();

    Retry Around(Asked asked, RetryBudget? budget = null) => new(asked.Model, budget ?? new(), _clock, new(1));

    static Fault.Status After(int status, string wait) => new(status, null, new Dictionary<string, string> { ["retry-after"] = wait });

    public static TheoryData<Fault> Passing =>
    [
        new Fault.Status(429), new Fault.Status(500), new Fault.Status(502, "<html>"), new Fault.Status(503), new Fault.Status(529), new Fault.Status(408),
        new Fault.CutAfter(0), new Fault.CutAfter(1), new Fault.EndAfter(0), new Fault.EndAfter(1),
    ];

    [Theory, MemberData(nameof(Passing))]
    public async Task What_passes_by_itself_is_asked_again_and_nobody_sees_it(Fault fault)
    {
        await using Asked asked = await Asked.Of(_clock, fault, fault);
        Assert.Equal($"(Retried) (Retried) {Hello}", await Asked.Hear(Around(asked)));
        Assert.Equal(3, asked.Times);
    }

    [Theory]
    [InlineData(400, "InvalidRequest"), InlineData(401, "Unauthenticated"), InlineData(402, "QuotaExhausted"), InlineData(403, "Forbidden")]
    [InlineData(404, "NotFound"), InlineData(413, "TooLarge"), InlineData(501, "Unsupported")]
    public async Task What_does_not_pass_is_not_asked_again(int status, string failure)
    {
        await using Asked asked = await Asked.Of(_clock, new Fault.Status(status, "{}"));
        Assert.Equal(failure, await Asked.Hear(Around(asked)));
        Assert.Equal(1, asked.Times);
    }

    [Theory]
    [InlineData(429, """{"error":{"type":"exceeded_current_quota_error","message":"no money"}}""", "QuotaExhausted")]
    [InlineData(400, """{"error":{"type":"content_filter","message":"rejected by the filter"}}""", "ContentFiltered")]
    public async Task Neither_is_an_empty_purse_nor_a_filter(int status, string body, string failure)
    {
        await using Asked asked = await Asked.Of(_clock, new Fault.Status(status, body));
        Assert.Equal(failure, await Asked.Hear(Around(asked)));
        Assert.Equal(1, asked.Times);
    }

    [Fact]
    public async Task A_reply_that_has_begun_is_not_asked_again()
    {
        await using Asked asked = await Asked.Of(_clock, new Fault.CutAfter(2));
        Assert.Equal("| <hm… Cut", await Asked.Hear(Around(asked)));
        Assert.Equal(1, asked.Times);
    }

    [Fact]
    public async Task Pauses_double_with_chance_in_their_second_half()
    {
        await using Asked asked = await Asked.Of(_clock, [.. Enumerable.Repeat(new Fault.Status(500), 9)]);
        await Asked.Hear(Around(asked, new() { Tries = 9, Waiting = TimeSpan.FromDays(1) }));
        Assert.Equal(8, _clock.Pauses.Count);
        double[] full = [0.5, 1, 2, 4, 8, 16, 30, 30];
        Assert.All(_clock.Pauses.Zip(full), pause => Assert.InRange(pause.First.TotalSeconds, pause.Second / 2, pause.Second));
        Assert.Equal(8, _clock.Pauses.Zip(full, (pause, most) => Math.Round(pause / TimeSpan.FromSeconds(most), 3)).Distinct().Count());
    }

    [Fact]
    public async Task A_pause_that_was_asked_for_is_kept()
    {
        await using Asked asked = await Asked.Of(_clock, After(429, "7"), After(503, "20"));
        Assert.Equal($"(Retried) (Retried) {Hello}", await Asked.Hear(Around(asked)));
        Assert.Collection(_clock.Pauses, pause => Assert.InRange(pause.TotalSeconds, 7, 7.7), pause => Assert.InRange(pause.TotalSeconds, 20, 22));
    }

    [Fact]
    public async Task A_longer_pause_than_anyone_waits_is_passed_on_at_once()
    {
        await using Asked asked = await Asked.Of(_clock, After(429, "61"));
        List<ReplyEvent> events = [];
        await foreach (ReplyEvent step in Around(asked).Reply(Asked.Question, default)) events.Add(step);
        Failure failure = Assert.IsType<ReplyEvent.Failed>(Assert.Single(events).Value).Failure;
        Assert.Equal((typeof(Failure.RateLimited), TimeSpan.FromSeconds(61)), (failure.GetType(), failure.RetryAfter!.Value));
        Assert.Empty(_clock.Pauses);
    }

    [Fact]
    public async Task Tries_are_counted()
    {
        await using Asked asked = await Asked.Of(_clock, [.. Enumerable.Repeat(new Fault.Status(529), 9)]);
        Assert.Equal("(Retried) (Retried) (Retried) Overloaded", await Asked.Hear(Around(asked)));
        Assert.Equal(4, asked.Times);
    }

    [Fact]
    public async Task All_pauses_together_stay_inside_their_budget()
    {
        await using Asked asked = await Asked.Of(_clock, [.. Enumerable.Repeat(After(529, "40"), 9)]);
        Assert.Equal("(Retried) (Retried) Overloaded", await Asked.Hear(Around(asked)));
        Assert.True(_clock.Pauses.Aggregate(TimeSpan.Zero, (sum, pause) => sum + pause) < TimeSpan.FromSeconds(90));
    }

    [Fact]
    public async Task An_upstream_that_stays_silent_is_asked_again()
    {
        TaskCompletionSource never = new();
        Limits limits = new() { Connect = TimeSpan.FromSeconds(10), FirstByte = TimeSpan.FromSeconds(170), Idle = TimeSpan.FromSeconds(170) };
        await using Asked asked = await Asked.Of(_clock, new Kimi(), Dialect.Kimi, Asked.Says(), [new Fault.StallAfter(0, never.Task)], limits: limits);
        Task<string> heard = Asked.Hear(Around(asked));
        await Until(() => asked.Times == 1);
        _clock.Advance(TimeSpan.FromSeconds(181));
        Assert.Equal($"(Retried) {Hello}", await heard);
        never.SetResult();
    }

    [Fact]
    public async Task Someone_who_goes_away_ends_the_waiting_at_once()
    {
        Microsoft.Extensions.Time.Testing.FakeTimeProvider still = new();
        await using Asked asked = await Asked.Of(still, new Fault.Status(500));
        using CancellationTokenSource source = new();
        await using IAsyncEnumerator<ReplyEvent> reply = new Retry(asked.Model, new(), still, new(1)).Reply(Asked.Question, source.Token).GetAsyncEnumerator(source.Token);
        Assert.True(await reply.MoveNextAsync());
        Assert.Equal(new ReplyEvent.Mended(Mend.Retried), reply.Current.Value);
        ValueTask<bool> waiting = reply.MoveNextAsync();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        Assert.Equal(1, asked.Times);
    }

    /// <summary>Other threads do the work; this gives them the processor until they have.</summary>
    internal static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [Fact] // Row 24
    public async Task A_server_that_will_not_count_is_asked_without_and_its_tokens_are_estimated()
    {
        await using Asked asked = await Asked.Of(_clock, new SelfHosted { KnowsStreamOptions = false }, Dialect.SelfHosted, Asked.Says(), []);
        List<ReplyEvent> first = await SteadyTests.Events(asked.Model), second = await SteadyTests.Events(asked.Model);
        Assert.All((List<ReplyEvent>[])[first, second], events =>
        {
            Assert.IsType<ReplyEvent.Finished>(events[^1].Value);
            Chat.Usage usage = Assert.IsType<ReplyEvent.Counted>(events[^2].Value).Usage;
            Assert.True(usage is { Input: > 0, Output: > 0 });
        });
        // Refused once, and not asked again the next time.
        Assert.Equal(3, asked.Vendor.Requests.Count);
    }
}
