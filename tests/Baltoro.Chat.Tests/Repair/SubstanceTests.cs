// A reply that says nothing is not a reply.

using Baltoro.Chat.Repair;
using static Baltoro.Chat.ReplyEvent;
using static Baltoro.Chat.Tests.Repair.Mending;

namespace Baltoro.Chat.Tests.Repair;

public class SubstanceTests
{
    static List<ReplyEvent> Mended(params IEnumerable<ReplyEvent> reply) => new Substance().Mend(reply);

    static void Becomes(Failure failure, params ReplyEvent[] reply) => Assert.Equal([.. reply[..^1], new Failed(failure)], Mended(reply));

    static void Stays(params ReplyEvent[] reply) => Assert.Equal(reply, Mended(reply));

    [Fact]
    public void A_reply_of_nothing_is_empty() => Becomes(new Failure.Empty("The model's reply is empty."), Begun, Done);

    [Fact]
    public void A_reply_of_blank_text_is_empty() => Becomes(new Failure.Empty("The model's reply is empty."), [Begun, .. Text(" ", "\n"), Done]);

    [Fact]
    public void A_reply_of_thinking_only_is_empty() =>
        Becomes(new Failure.Empty("The model's reply holds nothing but thinking."), [Begun, .. Thinking("hm"), new Whole(new Block.RedactedThinking("x")), CallsDone]);

    [Fact]
    public void A_limit_reached_in_the_thinking_is_a_want_of_room() =>
        Becomes(new Failure.OutOfRoom("The model used up the output limit in its thinking, before it said anything."), [.. Thinking("hm"), LimitReached]);

    [Fact]
    public void A_limit_reached_before_anything_is_a_want_of_room() =>
        Becomes(new Failure.OutOfRoom("The model used up the output limit before it said anything."), LimitReached);

    [Fact]
    public void A_limit_reached_in_the_only_call_is_a_want_of_room() => Assert.Equal(
        [.. Thinking("hm"), new Failed(new Failure.OutOfRoom("The model used up the output limit in its thinking, before it said anything."))],
        Mended(new WholeCalls([], BrokenCalls.PassOn).Mend([.. Thinking("hm"), .. Call("a", "Write", "{\"text\":\"half a no"), LimitReached])));

    [Fact]
    public void Text_a_call_or_an_opaque_block_is_something()
    {
        Stays([.. Thinking("hm"), .. Text(" ", "yes"), Done]);
        Stays([.. Call("a", "ls", "{}"), CallsDone]);
        Stays(new Whole(new Block.Opaque(WireFormat.Anthropic, "server_tool_use", RawJson.Of("{}"))), Done);
        Stays([.. Text("half a sen"), LimitReached]);
    }

    [Theory]
    [InlineData(StopReason.Refusal)]
    [InlineData(StopReason.Pause)]
    [InlineData(StopReason.StopSequence)]
    [InlineData(StopReason.WindowFull)]
    public void An_end_that_speaks_for_itself_stays(StopReason reason) => Stays([.. Thinking("hm"), new Finished(reason)]);

    [Fact]
    public void A_failure_stays_what_it_is() => Stays(Begun, Cut);
}
