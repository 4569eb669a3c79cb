// What becomes of Kimi's tokens where thinking and text meet.

using static Baltoro.Chat.Tests.Repair.Leaks;

namespace Baltoro.Chat.Tests.Repair;

public class ToolMarkupInThinkingTests
{
    static readonly Seal Signed = new(Kimi.Origin, "signature", RawJson.Of("""[{"type":"reasoning.encrypted","data":"x"}]"""));

    [Fact]
    public void A_call_inside_thinking_is_a_call_behind_it() => Assert.Equal(
        [
            Started, Open(BlockHead.Thinking.Plain), "I must read it.", new ReplyEvent.Closed(Mine),
            Parsed, Open(new BlockHead.ToolCall("functions.Read:0", "Read")), """{"path":"a"}""", ReplyEvent.Closed.Plain, Finished(StopReason.ToolUse),
        ],
        Repaired(Thinking("I must read it.", Section, ReadMarkup, SectionEnd)));

    [Fact]
    public void Thinking_that_goes_on_behind_a_call_is_a_new_block_and_has_the_seal() => Assert.Equal(
        Whole(1, 0, Think("one"), Read, Think("two", Signed)), Mended(Thinking(Signed, "one" + Section + ReadMarkup + SectionEnd + "\ntwo")));

    [Fact]
    public void Thinking_that_was_nothing_but_calls_leaves_no_block() => Assert.Equal(Whole(1, 0, Read), Mended(Thinking("\n" + Section + ReadMarkup)));

    [Fact]
    public void A_seal_that_says_more_than_a_name_is_never_lost()
    {
        Assert.Equal(Whole(1, 0, Read, Think("", Signed)), Mended(Thinking(Signed, ReadMarkup)));
        Assert.Equal(Whole(0, 1, Think("one"), Say("two"), Think("", Signed)), Mended(Thinking(Signed, "one</think>two")));
    }

    [Fact]
    public void What_stands_behind_the_end_of_thinking_is_text() => Assert.Equal(
        Whole(1, 1, Think("I know."), Say("It is so."), Read), Mended(Thinking("I know.</th", "ink>\n\nIt is so.", Section + ReadMarkup + SectionEnd)));

    [Fact]
    public void Thinking_at_the_beginning_of_the_text_is_thinking() => Assert.Equal(
        Whole(0, 2, Think("I know."), Say("It is so.")), Mended(Text("<think>", "I know.", "</think>", "\n\n", "It is so.")));

    [Fact]
    public void Thinking_that_never_ends_is_thinking() => Assert.Equal(Whole(1, 1, Think("I know."), Read), Mended(Text("\n<think>I know." + ReadMarkup)));

    [Fact]
    public void Empty_thinking_leaves_nothing() => Assert.Equal(Whole(0, 2, Say("Hi.")), Mended(Text("<think></think>Hi.")));

    [Fact]
    public void Tags_that_repeat_the_border_are_taken_out() => Assert.Equal(
        Whole(0, 2, Think("I know."), Say("It is so.")),
        Mended([.. Thinking("<think>I know.")[..^1], Open(BlockHead.Text.Plain), "</think>\nIt is so.", ReplyEvent.Closed.Plain, Finished(StopReason.EndTurn)]));

    [Fact]
    public void Once_something_was_said_a_tag_is_a_word() => Assert.Equal(
        Whole(1, 0, Say("Hi."), Read, Say("<think> is a tag.")), Mended(Text("Hi.", ReadMarkup, "<think> is a tag.")));

    [Fact]
    public void An_announcement_in_thinking_is_kept_by_calls_in_the_text() => Assert.Equal(
        Whole(1, 1, Think("So."), Read),
        Mended([.. Thinking("So." + Section)[..^1], Open(BlockHead.Text.Plain), ReadMarkup + SectionEnd, ReplyEvent.Closed.Plain, Finished(StopReason.EndTurn)]) with { Dropped = 1 });

    [Fact]
    public void A_turn_that_runs_on_loses_its_border_tokens() => Assert.Equal(Whole(0, 1, Think("So."), Say("Done.")), Mended(
        [.. Thinking("So.")[..^1], Open(BlockHead.Text.Plain), "Done.<|im_end|>", ReplyEvent.Closed.Plain, Finished(StopReason.EndTurn)]));

    [Fact]
    public void A_stream_of_Kimi_whose_server_parses_nothing_comes_to_thinking_text_and_calls() => Assert.Equal(
        Whole(1, 3, Think("I must look."), Say("One moment."), Read),
        Mended(OpenAI.Sample.Deltas(
            Kimi, "stop", """{"content":"<th"}""", """{"content":"ink>I must look."}""", """{"content":"</think>"}""", """{"content":"One moment."}""",
            """{"content":"<|tool_calls_section_begin|><|tool_call_begin|>functions.Read:0<|tool_"}""",
            """{"content":"call_argument_begin|>{\"path\":\"a\"}<|tool_call_end|>"}""", """{"content":"<|tool_calls_section_end|><|im_end|>"}""")));
}
