// What becomes of Kimi's tool tokens in the text of a reply.

using Baltoro.Chat.Repair;
using Baltoro.Chat.Tests.History;
using static Baltoro.Chat.Tests.Repair.Leaks;

namespace Baltoro.Chat.Tests.Repair;

public class ToolMarkupTests
{
    [Fact]
    public void A_section_behind_text_becomes_a_call_in_a_block_of_its_own() => Assert.Equal(
        [
            Started, Open(BlockHead.Text.Plain), "Let me look.", ReplyEvent.Closed.Plain,
            Parsed, Open(new BlockHead.ToolCall("functions.Read:0", "Read")), """{"path":"a"}""", ReplyEvent.Closed.Plain, Finished(StopReason.ToolUse),
        ],
        Repaired(Text("Let me look.", Section + ReadMarkup + SectionEnd)));

    [Fact]
    public void Tokens_cut_at_every_character_are_tokens_all_the_same() =>
        Assert.Equal(
            Whole(1, 0, Say("Let me look."), Read),
            Mended(Text([.. ("Let me look." + Section + ReadMarkup + SectionEnd).Select(c => c.ToString())])));

    [Theory]
    [InlineData(ReadMarkup)]
    [InlineData("<|tool_call_section_begin|>" + ReadMarkup + "<|tool_call_section_end|>")]
    [InlineData("\n" + Section + "\n" + Begin + " functions.Read:0\n" + Arguments + "\n{\"path\":\"a\"}\n" + End + "\n" + SectionEnd + "\n")]
    [InlineData(Section + ReadMarkup)]
    [InlineData(Section + Begin + "functions.Read:0" + Arguments + """{"path":"a"}""")]
    [InlineData(Section + Begin + "functions.Read:0" + Arguments + """{"path":"a"}""" + SectionEnd)]
    [InlineData(Section + Begin + "functions.Read:0" + Arguments + """{"path":"a"}<|tool_call_e""")]
    [InlineData(Begin + "functions.Read:0{\"path\":\"a\"}" + End)]
    public void One_call_however_it_is_written(string markup) => Assert.Equal(Whole(1, 0, Read), Mended(Text(markup)));

    [Fact]
    public void Several_calls_of_one_section_are_several_blocks() => Assert.Equal(
        Whole(3, 0, Say("Both."), Read, new Block.ToolCall("functions.get-weather.v2:1", "get-weather.v2", """{"city":"北京"}"""), new Block.ToolCall("functions.Now:2", "Now", "")),
        Mended(Text("Both." + Section + ReadMarkup + "\n" + Call("functions.get-weather.v2:1", """{"city":"北京"}""") + Call("functions.Now:2", "") + SectionEnd)));

    [Fact]
    public void Text_between_and_after_calls_comes_in_blocks_of_its_own() => Assert.Equal(
        Whole(2, 0, Say("one "), Read, Say("two\n"), Read, Say("three ")),
        Mended(Text("one " + ReadMarkup + " two\n" + Section + ReadMarkup + SectionEnd + "\n\nthree ")));

    [Theory]
    [InlineData("functions.Read:12", "Read")]
    [InlineData("Read:0", "Read")]
    [InlineData("functions.Read", "Read")]
    [InlineData("Read", "Read")]
    [InlineData("functions.get-weather.v2:3", "get-weather.v2")]
    [InlineData("functions.mcp__git__log:7", "mcp__git__log")]
    [InlineData("3", "Read")]
    [InlineData(":3", "Read")]
    [InlineData("functions.:3", "Read")]
    [InlineData("call_a1b2", "Read")]
    public void The_tool_is_read_out_of_the_id_or_else_out_of_the_arguments(string id, string name) =>
        Assert.Equal(Whole(1, 0, new Block.ToolCall(id, name, """{"path":"a","limit":1}""")), Mended(Text(Call(id, """{"path":"a","limit":1}"""))));

    [Theory]
    [InlineData("""{"pattern":"x"}""", "Grep")]
    [InlineData("""{"path":"a","pattern":"x"}""", "Grep")]
    [InlineData("""{"city":"Bonn"}""", "get-weather.v2")]
    [InlineData("{}", "Now")]
    public void A_bare_counter_means_the_one_tool_that_takes_these_keys(string arguments, string name) =>
        Assert.Equal(Whole(1, 0, new Block.ToolCall("4", name, arguments)), Mended(Text(Call("4", arguments))));

    [Theory]
    [InlineData("4", """{"colour":"red"}""")]
    [InlineData("4", """{"limit":1}""")]
    [InlineData("4", "{")]
    [InlineData("", """{"colour":"red"}""")]
    public void A_call_whose_tool_cannot_be_told_is_asked_for_again(string id, string arguments) => Assert.Equal(
        [Started, Open(BlockHead.Text.Plain), "Hm.", Dropped, ReplyEvent.Closed.Plain],
        Repaired(Text("Hm." + Call(id, arguments)))[..^1]);

    [Fact]
    public void At_last_a_call_whose_tool_cannot_be_told_goes_to_the_client_under_what_stands_in_place_of_a_name()
    {
        List<ReplyEvent> passed = [];
        ToolMarkup last = new(Leaks.Kimi, new() { Model = "m" }, BrokenCalls.PassOn);
        foreach (ReplyEvent step in Text("Hm." + Call("4", "{}"))) last.Next(step, passed);
        Assert.Contains(new ReplyEvent.Opened(new BlockHead.ToolCall("4", "4")), passed);
        Assert.Equal(StopReason.ToolUse, Assert.IsType<ReplyEvent.Finished>(passed[^1].Value).Reason);
    }

    [Fact]
    public void The_failure_names_the_id_and_not_the_arguments() => Assert.Equal(
        new ReplyEvent.Failed(new Failure.BrokenCall("The model called a tool that cannot be told from what it wrote (id \"4\").")),
        Repaired(Text(Call("4", """{"secret":1}""")))[^1]);

    [Theory]
    [InlineData("""{"path":"a", """)]
    [InlineData("")]
    public void A_call_begun_again_replaces_the_unfinished_one(string unfinished) =>
        Assert.Equal(Whole(1, 1, Read), Mended(Text(Section + Begin + "functions.Read:0" + Arguments + unfinished + ReadMarkup + SectionEnd)));

    [Theory]
    [InlineData("")]
    [InlineData(Section)]
    [InlineData(End)]
    public void A_call_may_be_begun_again_in_the_middle_of_a_string(string between)
    {
        Outcome mended = Mended(Text(Begin + "functions.Grep:0" + Arguments + """{"pattern":"half of it""" + between + ReadMarkup + SectionEnd));
        Assert.Equal(Read, mended.Blocks[^1]);
        Assert.Equal(StopReason.ToolUse, mended.End);
    }

    [Fact]
    public void Tokens_inside_a_string_of_whole_arguments_belong_to_the_string()
    {
        const string Arguments = """{"path":"a <|tool_call_end|> <|tool_calls_section_end|> </think> <|im_end|> \" <|tool_call_begin|>functions.X:0"}""";
        Assert.Equal(Whole(1, 0, new Block.ToolCall("functions.Read:0", "Read", Arguments)), Mended(Text(Section + Call("functions.Read:0", Arguments) + SectionEnd)));
    }

    [Fact]
    public void A_whole_call_without_an_end_counts_beside_the_next_one() => Assert.Equal(
        Whole(2, 0, new Block.ToolCall("functions.Read:0", "Read", """{"path":"a"}"""), new Block.ToolCall("functions.Read:1", "Read", """{"path":"b"}""")),
        Mended(Text(Begin + "functions.Read:0" + Arguments + """{"path":"a"}""" + Call("functions.Read:1", """{"path":"b"}"""))));

    [Fact]
    public void A_whole_call_without_an_end_is_replaced_by_one_with_its_id() =>
        Assert.Equal(Whole(1, 1, Read), Mended(Text(Begin + "functions.Read:0" + Arguments + """{"path":"b"}""" + ReadMarkup)));

    [Fact]
    public void A_closed_call_is_passed_on_whatever_its_arguments_look_like() =>
        Assert.Equal(Whole(1, 0, new Block.ToolCall("functions.Read:0", "Read", """{"path":""")), Mended(Text(Call("functions.Read:0", """{"path":"""))));

    [Theory]
    [InlineData(Section)]
    [InlineData(Section + SectionEnd)]
    [InlineData(Section + Begin)]
    [InlineData(Section + Begin + "functions.Re")]
    [InlineData(Begin + "functions.Read:0" + Arguments)]
    [InlineData(Begin + "functions.Read:0" + Arguments + """{"path":"a""")]
    [InlineData(Begin + "functions.Read:0" + Arguments + """{"path":"a""" + SectionEnd)]
    [InlineData("<|tool_calls_sec")]
    public void A_reply_that_ends_before_its_call_does_is_asked_for_again(string markup) => Assert.Equal(
        new([], nameof(Failure.BrokenCall), 0, 1), Mended(Text("Let me look.", markup)));

    [Theory]
    [InlineData(StopReason.OutputLimit)]
    [InlineData(StopReason.WindowFull)]
    [InlineData(StopReason.Refusal)]
    public void A_reason_that_says_the_reply_is_not_whole_stays(StopReason reason) => Assert.Equal(
        new([Say("Let me look.")], reason, 0, 1),
        Mended([.. Text("Let me look." + Begin + "functions.Read:0" + Arguments + """{"path":"a""")[..^1], Finished(reason)]));

    [Theory]
    [InlineData(StopReason.EndTurn)]
    [InlineData(StopReason.StopSequence)]
    [InlineData(StopReason.OutputLimit)]
    [InlineData(StopReason.ToolUse)]
    public void A_reply_with_a_call_ended_to_have_it_run(StopReason reason) =>
        Assert.Equal(Whole(1, 0, Read), Mended([.. Text(ReadMarkup)[..^1], Finished(reason)]));

    [Fact]
    public void An_announcement_is_kept_by_calls_that_the_server_parsed_itself() => Assert.Equal(
        Whole(0, 1, Say("Look:"), Read),
        Mended([.. Text("Look:" + Section)[..^1], Open(new BlockHead.ToolCall("functions.Read:0", "Read")), """{"path":"a"}""", ReplyEvent.Closed.Plain, Finished(StopReason.ToolUse)]));

    [Fact]
    public void A_cut_inside_a_call_stays_a_cut()
    {
        ReplyEvent cut = new ReplyEvent.Failed(new Failure.Cut("cut"));
        Assert.Equal(
            [Started, Open(BlockHead.Text.Plain), "Look: ", Dropped, cut],
            Repaired([.. Text("Look: " + Begin + "functions.Read:0" + Arguments + """{"path":"a"}""")[..^2], cut]));
    }

    [Fact]
    public void A_cut_behind_a_sign_that_began_no_token_keeps_the_sign()
    {
        ReplyEvent cut = new ReplyEvent.Failed(new Failure.Cut("cut"));
        Assert.Equal([Started, Open(BlockHead.Text.Plain), "a ", "<", cut], Repaired([.. Text("a <")[..^2], cut]));
    }

    [Fact]
    public void Strays_are_taken_out_and_the_text_around_them_stays() =>
        Assert.Equal(Whole(0, 4, Say("a b c d")), Mended(Text("a <|im_end|>b" + End + " c" + SectionEnd + " d<|im_user|>\n")));

    [Theory]
    [InlineData("a < b, List<T>, <|>, <table>, </thing>")]
    [InlineData("<|tool_", "kit|> <|tool_call_beginning|> <|", "im_possible|>")]
    [InlineData("<")]
    [InlineData("x <|t")]
    [InlineData("a </th")]
    [InlineData("In the middle, <think> and </think> are words.")]
    public void A_false_alarm_is_given_out_unchanged(params string[] deltas) => Assert.Equal(Whole(0, 0, Say(string.Concat(deltas))), Mended(Text(deltas)));

    [Fact]
    public void What_can_still_become_a_token_is_held_and_nothing_else() => Assert.Equal(
        [Started, Open(BlockHead.Text.Plain), "a ", "<|tool_kit b", ReplyEvent.Closed.Plain, Finished(StopReason.EndTurn)],
        Repaired(Text("a <|to", "ol_", "kit b")));

    [Theory]
    [InlineData("`<|tool_call_begin|>` begins a call, `</think>` ends thinking.")]
    [InlineData("``<|tool_call_begin|> and ` `` too")]
    [InlineData("As raw text:\n```\n<|tool_calls_section_begin|><|tool_call_begin|>functions.Read:0<|tool_call_argument_begin|>{\"path\":\"a\"}<|tool_call_end|><|im_end|>\n```\nThat is it.")]
    [InlineData("~~~text\n`<|im_end|>\n~~~\nover")]
    public void In_code_the_tokens_are_talked_about(string text)
    {
        Assert.Equal(Whole(0, 0, Say(text)), Mended(Text(text)));
        Assert.Equal(Whole(0, 0, Think(text)), Mended(Thinking(text)));
    }

    [Theory]
    [InlineData("I run `ls ")]
    [InlineData("```sh\nls\n")]
    public void Whole_calls_that_end_a_block_are_real_even_where_code_was_left_open(string before)
    {
        Assert.Equal(Whole(1, 0, Say(before), Read), Mended(Text(before + Section + ReadMarkup + SectionEnd + "\n")));
        Assert.Equal(Whole(2, 0, Think(before), Read, Read), Mended(Thinking(before, ReadMarkup, "\n", ReadMarkup)));
    }

    [Theory]
    [InlineData("functions.Write:0", "{}")]
    [InlineData("3", "{\"path\":\"a\"}")]
    [InlineData("functions.Read:0", "{…}")]
    [InlineData("functions.Read:0", "{\"path\":\"a")]
    public void In_code_left_open_what_is_no_whole_call_of_a_tool_is_text(string id, string arguments)
    {
        string text = "Like so: `" + Section + Call(id, arguments);
        Assert.Equal(Whole(0, 0, Say(text)), Mended(Text(text)));
    }

    [Fact]
    public void A_call_behind_a_quotation_is_real() =>
        Assert.Equal(Whole(1, 0, Say("A call begins with `" + Section + "`."), Read), Mended(Text("A call begins with `" + Section + "`." + ReadMarkup)));

    [Fact]
    public void A_call_that_the_server_both_leaked_and_parsed_is_one_call()
    {
        ReplyEvent[] own = [Open(new BlockHead.ToolCall("call_1", "Read")), "{\"path\"", ":\"a\"}", ReplyEvent.Closed.Plain];
        ReplyEvent[] other = [Open(new BlockHead.ToolCall("call_2", "Read")), "{\"path\":\"b\"}", ReplyEvent.Closed.Plain];
        Assert.Equal(
            Whole(1, 1, Read, new Block.ToolCall("call_2", "Read", "{\"path\":\"b\"}")),
            Mended([.. Text(ReadMarkup)[..^1], .. own, .. other, Finished(StopReason.ToolUse)]));
    }

    [Theory]
    [InlineData("Reading `a`: ")]
    [InlineData("```\ncode\n```\n")]
    [InlineData("```one``` line\n")]
    [InlineData("don`t\n")]
    public void Code_that_is_over_hides_nothing(string before) => Assert.Equal(Whole(1, 0, Say(before), Read), Mended(Text(before + ReadMarkup)));

    [Theory]
    [InlineData("The <|tool_call_begin|> token begins a call.", "The  token begins a call.")]
    [InlineData("A <|tool_calls_section_begin|> opens a section.", "A  opens a section.")]
    [InlineData("Between <|tool_call_begin|> and <|tool_call_end|> stands a call.", "Between  and  stands a call.")]
    public void Bare_tokens_in_prose_are_taken_out_and_the_prose_stays(string text, string left) =>
        Assert.Equal(new([Say(left)], StopReason.EndTurn, 0, text.Split("<|").Length - 1), Mended(Text(text)));

    [Fact]
    public void Markup_in_the_arguments_of_a_real_call_is_left_alone()
    {
        List<ReplyEvent> events = [Started, Open(new BlockHead.ToolCall("x", "Write")), "{\"a\":\"" + ReadMarkup + "\"}", ReplyEvent.Closed.Plain, Finished(StopReason.ToolUse)];
        Assert.Equal(events, Repaired(events));
    }

    [Fact]
    public void It_is_for_models_with_ids_of_Kimi_only() =>
        Assert.Equal(Cards.All.Where(card => card.Ids == IdDialect.Kimi), Cards.All.Where(ToolMarkup.Applies));
}
