// What an exchange is billed for, from its events alone.

using Baltoro.Chat;
using Baltoro.Models.Remote;

namespace Baltoro.Models.Tests.Remote;

public class MeterTests
{
    static readonly ModelCard Card = new() { Id = "m", Origin = new("up", "https://x", "m"), Dialect = Dialect.Kimi };
    static readonly ChatRequest Request = new() { Model = "m", Turns = [new Turn.User([new Block.Text("a question of a few words")])] };
    static readonly Usage Told = new() { Input = 70, CacheRead = 30, Output = 20, Reasoning = 5 };
    static readonly ReplyEvent Started = new ReplyEvent.Started("id", "m"), Text = new ReplyEvent.Opened(BlockHead.Text.Plain), Thinking = new ReplyEvent.Opened(BlockHead.Thinking.Plain),
        Closed = ReplyEvent.Closed.Plain, Counted = new ReplyEvent.Counted(Told), Finished = new ReplyEvent.Finished(StopReason.EndTurn), Cut = new ReplyEvent.Failed(new Failure.Cut("cut"));

    /// <summary>Each inner list is one piece of the stream, with nothing held back behind it.</summary>
    static Attempt Of(params List<ReplyEvent>[] pieces)
    {
        Meter meter = new(Card, Request);
        foreach (List<ReplyEvent> piece in pieces) meter.Note(piece, 0);
        return meter.Attempt();
    }

    [Fact]
    public void An_upstream_that_counted_and_came_to_its_end_is_believed() =>
        Assert.Equal(new Attempt(Card, Told, false), Of([Started], [Text], ["more words than it counted"], [Closed, Counted, Finished]));

    [Fact]
    public void What_came_after_the_last_count_is_added_at_four_bytes_a_token() =>
        Assert.Equal(new Attempt(Card, Told with { Output = 23 }, true), Of([Started], [Text], ["before"], [Counted], ["nine bytes"], [Cut]));

    [Fact]
    public void A_count_covers_the_whole_piece_in_which_it_came() =>
        Assert.Equal(new Attempt(Card, Told, true), Of([Started], [Counted, Text, "all of this", Closed], [Cut]));

    [Fact]
    public void Without_a_count_the_prompt_is_estimated_and_thinking_is_told_apart() => Assert.Equal(
        new Attempt(Card, new() { Input = TokenEstimate.Of(Request), Output = 5, Reasoning = 2 }, true),
        Of([Started], [Thinking], ["12345678"], [Closed], [Text], ["ünd zwölf"], [Cut]));

    [Fact]
    public void An_end_without_a_count_is_an_estimate_too() =>
        Assert.Equal(new Attempt(Card, new() { Input = TokenEstimate.Of(Request), Output = 1 }, true), Of([Started], [Text, "four", Closed, Finished]));

    [Fact]
    public void What_was_read_and_not_passed_on_counts_and_counts_once()
    {
        Meter meter = new(Card, Request);
        meter.Note([Started], 40);
        meter.Note([new ReplyEvent.Opened(new BlockHead.ToolCall("1", "Write")), new string('x', 40), Closed], 8);
        Assert.Equal(12, meter.Attempt().Usage.Output);
    }

    [Fact]
    public void An_exchange_of_which_nothing_came_costs_nothing() => Assert.Equal(new Attempt(Card, new(), false), Of([Cut]));

    [Fact]
    public void An_event_costs_no_memory()
    {
        const int Times = 10_000;
        Meter meter = new(Card, Request);
        meter.Note([Started, Text], 0);
        List<ReplyEvent> delta = [" some words"];
        for (int i = 0; i < Times; i++) meter.Note(delta, 3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++) meter.Note(delta, 3);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
