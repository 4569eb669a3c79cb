// Routes: several models, asked in order.

using Baltoro.Chat;
using Baltoro.Chat.Repair;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;
using Reply = Baltoro.ScriptedUpstream.Reply;

namespace Baltoro.Models.Tests.Policy;

public class FailoverTests
{
    readonly PassingTime _clock = new();

    Failover Route(params Asked[] candidates) => new(candidates.Select(asked =>
        (IChatModel)new Steady(new Retry(asked.Model, new() { Tries = 2 }, _clock, new(1)), (_, _) => new Chain(), new(), _clock)).ToSequence());

    static Fault[] Always(Fault fault) => [.. Enumerable.Repeat(fault, 20)];

    [Theory]
    [InlineData(500, 2), InlineData(529, 2), InlineData(429, 2), InlineData(401, 1), InlineData(402, 1), InlineData(403, 1), InlineData(404, 1), InlineData(501, 1), InlineData(504, 2)]
    public async Task The_next_is_asked_when_one_fails(int status, int times)
    {
        await using Asked first = await Asked.Of(_clock, Always(new Fault.Status(status)));
        await using Asked second = await Asked.Of(_clock, Asked.Says("from the second"));
        string heard = await Asked.Hear(Route(first, second));
        Assert.EndsWith("(FailedOver) | <hm> \"from the second\" EndTurn", heard, StringComparison.Ordinal);
        Assert.Equal((times, 1), (first.Times, second.Times));
    }

    [Fact]
    public async Task The_next_is_asked_when_nobody_listens_at_the_first()
    {
        await using Asked first = await Asked.Of(_clock, Asked.Says());
        await first.Vendor.DisposeAsync();
        await using Asked second = await Asked.Of(_clock, Asked.Says("from the second"));
        Failover route = new([new Retry(first.Model, new() { Tries = 2 }, _clock, new(1)), second.Model]);
        Assert.Equal("(Retried) (FailedOver) | <hm> \"from the second\" EndTurn", await Asked.Hear(route));
    }

    [Theory, InlineData(400), InlineData(413), InlineData(422)]
    public async Task Not_when_the_request_is_at_fault(int status)
    {
        await using Asked first = await Asked.Of(_clock, Always(new Fault.Status(status)));
        await using Asked second = await Asked.Of(_clock);
        Assert.DoesNotContain("FailedOver", await Asked.Hear(Route(first, second)));
        Assert.Equal(0, second.Times);
    }

    [Fact]
    public async Task Behind_thinking_the_next_goes_on_in_a_block_of_its_own()
    {
        await using Asked first = await Asked.Of(_clock, Always(new Fault.CutAfter(2)));
        await using Asked second = await Asked.Of(_clock, Asked.Says("said", "thought"));
        string heard = await Asked.Hear(Route(first, second));
        Assert.EndsWith("<hm> (FailedOver) <thought> \"said\" EndTurn", heard, StringComparison.Ordinal);
        Assert.Single(heard, '|');
    }

    [Fact]
    public async Task Behind_text_nobody_else_is_asked()
    {
        Fault[] faults = [new Fault.CutAfter(3)];
        await using Asked first = await Asked.Of(
            _clock, new Glm(), Dialect.Glm, Asked.Says("a text that is cut off"), number => number < faults.Length ? faults[number] : new Fault.Status(529));
        await using Asked second = await Asked.Of(_clock);
        Assert.Equal("| <hm> \"a text that is…(Continued) ……(Retried) …… Overloaded", await Asked.Hear(Route(first, second)));
        Assert.Equal(0, second.Times);
    }

    [Fact]
    public async Task The_last_failure_is_the_clients_with_its_pause()
    {
        await using Asked first = await Asked.Of(_clock, Always(new Fault.Status(500)));
        await using Asked second = await Asked.Of(_clock, Always(new Fault.Status(429, null, new Dictionary<string, string> { ["retry-after"] = "300" })));
        List<ReplyEvent> events = await SteadyTests.Events(Route(first, second));
        Failure failure = Assert.IsType<ReplyEvent.Failed>(events[^1].Value).Failure;
        Assert.Equal((typeof(Failure.RateLimited), TimeSpan.FromSeconds(300)), (failure.GetType(), failure.RetryAfter!.Value));
        Assert.DoesNotContain(events, step => step.Value is ReplyEvent.Started);
    }

    [Fact]
    public async Task What_one_vendor_signed_never_reaches_another()
    {
        await using Asked claude = await Asked.Of(_clock, new Claude(), Dialect.Claude, Asked.Says(), Always(new Fault.Status(529)), "anthropic");
        await using Asked other = await Asked.Of(_clock, new CompatibleMessages(), Dialect.Messages, Asked.Says(), [], "other");
        await using Asked kimi = await Asked.Of(_clock, Asked.Says("from Kimi"));
        string signature = claude.Vendor.Vendor is Claude vendor ? vendor.Sign("a thought", "a thought") : "";
        ChatRequest request = Asked.Question with
        {
            Turns =
            [
                new Chat.Turn.User([new Block.Text("x")]),
                new Chat.Turn.Assistant([new Block.Thinking("a thought", new(claude.Model.Card.Origin, signature)), new Block.Text("y")]),
                new Chat.Turn.User([new Block.Text("z")]),
            ],
        };
        Assert.EndsWith("EndTurn", await Asked.Hear(Route(claude, other), request), StringComparison.Ordinal);
        Assert.EndsWith("EndTurn", await Asked.Hear(Route(claude, kimi), request), StringComparison.Ordinal);
        Assert.Contains(signature, Body(claude));
        Assert.All((Asked[])[other, kimi], asked => Assert.Contains("a thought", Body(asked)));
        Assert.All((Asked[])[other, kimi], asked => Assert.DoesNotContain(signature, Body(asked)));
        Assert.Empty(kimi.Vendor.Violations);
    }

    [Fact]
    public async Task Thinking_of_the_one_that_failed_is_sealed_as_its_own()
    {
        await using Asked first = await Asked.Of(_clock, new Kimi(), Dialect.Kimi, Asked.Says(), Always(new Fault.CutAfter(2)), "one");
        await using Asked second = await Asked.Of(_clock, new Kimi(), Dialect.Kimi, Asked.Says(), [], "two");
        string?[] origins = [.. (await SteadyTests.Events(Route(first, second))).Select(step => step.Value).OfType<ReplyEvent.Closed>().Select(closed => closed.Seal?.Origin?.Provider)];
        Assert.Equal(["one", "one", "one", "one", "one", "two", null], origins);
    }

    [Fact]
    public async Task A_route_plans_for_its_first_model()
    {
        await using Asked first = await Asked.Of(_clock, new Kimi(), Dialect.Kimi, Asked.Says(), [], "one");
        await using Asked second = await Asked.Of(_clock);
        Assert.Same(first.Model.Card, Route(first, second).Card);
    }

    static string Body(Asked asked) => System.Text.Encoding.UTF8.GetString(asked.Vendor.Asked[^1].Body);
}
