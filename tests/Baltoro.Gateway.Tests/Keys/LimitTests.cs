// What a key may use, and what its clients are told of it.

using System.Net;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Gateway.Tests.Ledger;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Gateway.Tests.Keys;

public sealed class LimitTests : IDisposable
{
    const long Cent = 10_000_000;

    readonly LedgerFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Requests_a_minute_are_counted_told_and_refused_until_the_minute_is_over()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { RequestsPerMinute = 2 });
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        gateway.Clock.Advance(TimeSpan.FromSeconds(48));
        Assert.Equal("anthropic-ratelimit-requests-limit: 2\nanthropic-ratelimit-requests-remaining: 1\nanthropic-ratelimit-requests-reset: 2026-01-01T00:01:00Z", (await gateway.Ask(secret)).Limits());
        Assert.Equal("x-ratelimit-limit-requests: 2\nx-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 12s", (await gateway.Ask(secret, Keyed.Chat)).Limits());

        HttpResponseMessage refused = await gateway.Ask(secret);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal("The key \"ci\" may make 2 requests a minute.", await BadInputTests.AssertError(refused, Keyed.Messages, "rate_limit_error"));
        Assert.Equal("anthropic-ratelimit-requests-limit: 2\nanthropic-ratelimit-requests-remaining: 0\nanthropic-ratelimit-requests-reset: 2026-01-01T00:01:00Z\nretry-after: 12", refused.Limits());
        HttpResponseMessage chat = await gateway.Ask(secret, Keyed.Chat);
        await BadInputTests.AssertError(chat, Keyed.Chat, "rate_limit_error");
        Assert.Equal("retry-after: 12\nx-ratelimit-limit-requests: 2\nx-ratelimit-remaining-requests: 0\nx-ratelimit-reset-requests: 12s", chat.Limits());

        gateway.Clock.Advance(TimeSpan.FromSeconds(12));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
    }

    [Fact]
    public async Task Tokens_a_minute_are_reserved_by_estimate_and_put_right_by_what_was_used()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { TokensPerMinute = 3000 });
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        long used = 0;
        // Each is estimated at more than a thousand, and needs a few dozen.
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
            ScriptedUpstream.Usage billed = gateway.Upstream.Asked[^1].Billed!;
            used += billed.Prompt + billed.Output;
            await gateway.Settled(i + 1);
        }
        HttpResponseMessage last = await gateway.Ask(secret);
        long estimate = 1000 + TokenEstimate.Of(((Chat.Wire.Reading.Read)Chat.OpenAI.RequestReader.Read(gateway.Upstream.Asked[0].Body)).Request.Request);
        Assert.Equal($"anthropic-ratelimit-tokens-limit: 3000\nanthropic-ratelimit-tokens-remaining: {3000 - used - estimate}\nanthropic-ratelimit-tokens-reset: 2026-01-01T00:01:00Z", last.Limits());
    }

    [Fact]
    public async Task A_request_larger_than_the_minutes_allowance_gets_a_minute_of_its_own()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { TokensPerMinute = 50 });
        await using RunningGateway gateway = await Keyed.Gateway(_file, (_, _) => ScriptedUpstream.Reply.Of(new Part.Say(new string('x', 400))));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
        await gateway.Settled(1);
        Assert.Contains("may use 50 tokens a minute", await BadInputTests.AssertError(await gateway.Ask(secret), Keyed.Messages, "rate_limit_error"));
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
    }

    [Fact]
    public async Task A_cap_that_is_reached_answers_as_the_contract_says_and_begins_anew_with_its_period()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { Caps = [new(Cent, CapPeriod.Day), new(100 * Cent, CapPeriod.Month)] });
        await Spend("ci", Cent - 1_000_000);
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        HttpResponseMessage refused = await gateway.Ask(secret, body: Keyed.Body(words: string.Concat(Enumerable.Repeat("word ", 800))));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        string message = await BadInputTests.AssertError(refused, Keyed.Messages, "billing_error");
        Assert.StartsWith("The key \"ci\" may spend 0.01 US dollars a day; 0.009 are spent, and this request is likely to cost 0.00", message, StringComparison.Ordinal);
        Assert.EndsWith("It begins anew on 2026-01-02 (UTC).", message, StringComparison.Ordinal);
        string midnight = $"{Keyed.Start.AddDays(1).ToUnixTimeSeconds()}";
        Assert.Equal(
            $"""
            anthropic-ratelimit-unified-overage-disabled-reason: org_spend_cap_reached
            anthropic-ratelimit-unified-overage-period: daily
            anthropic-ratelimit-unified-overage-reset: {midnight}
            anthropic-ratelimit-unified-reset: {midnight}
            anthropic-ratelimit-unified-status: rejected
            retry-after: 86400
            x-should-retry: false
            """, refused.Limits());
        HttpResponseMessage chat = await gateway.Ask(secret, Keyed.Chat, Keyed.Body(words: string.Concat(Enumerable.Repeat("word ", 800))));
        await BadInputTests.AssertError(chat, Keyed.Chat, "insufficient_quota");
        Assert.Equal("retry-after: 86400\nx-should-retry: false", chat.Limits());
        Assert.Empty(gateway.Upstream.Requests);

        gateway.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
    }

    [Theory, InlineData(50, null), InlineData(80, "0.75"), InlineData(96, "0.95")]
    public async Task On_success_a_client_is_told_how_full_the_fullest_cap_is(int percent, string? surpassed)
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { Caps = [new(100 * Cent, CapPeriod.Day), new(10_000 * Cent, CapPeriod.Week)] });
        await Spend("ci", percent * Cent);
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        string midnight = $"{Keyed.Start.AddDays(1).ToUnixTimeSeconds()}";
        Assert.Equal(string.Join('\n', ((string?[])
        [
            $"anthropic-ratelimit-unified-overage-reset: {midnight}",
            "anthropic-ratelimit-unified-overage-status: allowed",
            surpassed is null ? null : $"anthropic-ratelimit-unified-overage-surpassed-threshold: {surpassed}",
            $"anthropic-ratelimit-unified-overage-utilization: 0.{percent}",
            "anthropic-ratelimit-unified-representative-claim: overage",
            $"anthropic-ratelimit-unified-reset: {midnight}",
            "anthropic-ratelimit-unified-status: allowed",
        ]).Where(line => line is not null)), (await gateway.Ask(secret)).Limits());
    }

    [Fact]
    public async Task A_hundred_requests_at_once_never_spend_more_than_the_cap()
    {
        TaskCompletionSource all = new();
        string secret = await Keyed.Add(_file, "ci", key => key with { Caps = [new(4 * Cent, CapPeriod.Day)] });
        // None is over before all have asked, so that what each reserves is all that stands between them and the cap.
        RunningGateway gateway = await Keyed.Gateway(_file, faults: (_, _) => new Fault.StallAfter(2, all.Task));
        Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, 100).Select(_ => gateway.Ask(secret))];
        await StreamTests.Until(() => asked.Count(request => request.IsCompleted) + gateway.Upstream.Asked.Count == asked.Length);
        all.SetResult();
        HttpStatusCode[] outcomes = [.. (await Task.WhenAll(asked)).Select(response => response.StatusCode)];
        await gateway.DisposeAsync();
        long each = 2_500_000 + 600 * TokenEstimate.Of(((Chat.Wire.Reading.Read)Chat.OpenAI.RequestReader.Read(gateway.Upstream.Asked[0].Body)).Request.Request);
        Assert.Equal((4 * Cent / each, 100 - 4 * Cent / each), (outcomes.Count(status => status == HttpStatusCode.OK), outcomes.Count(status => status == HttpStatusCode.TooManyRequests)));
    }

    [Fact]
    public async Task What_was_spent_before_a_restart_still_counts()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { Caps = [new(Cent, CapPeriod.Week)] });
        await Spend("ci", Cent);
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await gateway.Ask(secret)).StatusCode);
    }

    [Fact]
    public async Task A_failed_request_gives_back_what_was_reserved()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { Caps = [new(Cent / 2, CapPeriod.Day)] });
        await using RunningGateway gateway = await Keyed.Gateway(_file, faults: (_, _) => new Fault.Status(500));
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.InternalServerError, (await gateway.Ask(secret)).StatusCode);
            await gateway.Settled(i + 1);
        }
    }

    async Task Spend(string key, long nanos)
    {
        await using ILedgerStore ledger = _file.Store();
        await ledger.Append([new() { Id = "before", At = Keyed.Start, Format = "messages", Key = key, Asked = "m", Cost = nanos, Outcome = "end_turn", Shares = [new("up", "m", new(), nanos, true, false)] }], default);
    }
}
