// Thinking that goes round in circles is ended; thinking that only looks like it is not.

using Baltoro.Chat.Repair;
using static Baltoro.Chat.ReplyEvent;
using static Baltoro.Chat.Tests.Repair.Mending;

namespace Baltoro.Chat.Tests.Repair;

public class ThinkingLoopTests
{
    const string Line = "Wait, I should read the file again.\n";

    static readonly Failed Looping = new(new Failure.Looping("The model repeated the same lines again and again in its thinking."));

    static List<ReplyEvent> Mended(params IEnumerable<ReplyEvent> reply) => new ThinkingLoop().Mend(reply);

    static string Times(int times, params string[] lines) => string.Concat(Enumerable.Repeat(string.Concat(lines), times));

    static void Passes(string thinking)
    {
        ReplyEvent[] reply = [Begun, .. Thinking(thinking), .. Text("so"), Done];
        Assert.Equal(reply, Mended(reply));
    }

    [Fact]
    public void A_line_that_comes_eight_times_in_a_row_ends_the_reply_behind_it() =>
        Assert.Equal(
            [Begun, new Opened(BlockHead.Thinking.Plain), "Let me see.\n" + Times(8, Line), Closed.Plain, Looping],
            Mended([Begun, .. Thinking("Let me see.\n" + Times(30, Line)), .. Text("so"), Done]));

    [Fact]
    public void Seven_times_is_not_yet_a_loop() => Passes(Times(7, Line));

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(12)]
    public void A_block_of_up_to_twelve_lines_ends_the_reply_when_it_comes_the_fifth_time(int lines)
    {
        string[] block = [.. Enumerable.Range(0, lines).Select(n => $"Now step {n} needs another careful look.\n")];
        Assert.Equal(
            [new Opened(BlockHead.Thinking.Plain), Times(5, block), Closed.Plain, Looping],
            Mended(Thinking(Times(9, block))));
        Passes(Times(4, block));
    }

    [Fact]
    public void Blank_lines_and_indenting_do_not_hide_a_loop() =>
        Assert.Equal(Looping, Mended(Thinking(Times(4, Line, "\n", "  " + Line, "\r\n"))).Last());

    [Theory]
    [InlineData("------------------------------\n")]
    [InlineData("}\n")]
    [InlineData("    },\n")]
    [InlineData("00000000 00000000 00000000 00000000\n")]
    [InlineData("ffffffff ffffffff ffffffff ffffffff\n")]
    [InlineData("| 0 | 0 | 0 | 0 | 0 |\n")]
    [InlineData("- done\n")]
    [InlineData("return;\n")]
    [InlineData("\n")]
    public void Separators_brackets_numbers_and_short_items_may_repeat(string line) => Passes(Times(200, line));

    [Fact]
    public void A_list_of_different_lines_may_be_long() =>
        Passes(string.Concat(Enumerable.Range(0, 300).Select(n => $"{n}. Read the file number {n} and write down what it says.\n")));

    [Fact]
    public void A_line_that_comes_back_after_others_is_no_loop() =>
        Passes(string.Concat(Enumerable.Range(0, 60).Select(n => $"{Line}But the case of {n} differs from the one before.\n")));

    [Theory]
    [InlineData("Wait, let me check once more. ")]
    [InlineData("Hmm, is that really right? No! Let me look at it again. ")]
    [InlineData("\u8ba9\u6211\u518d\u770b\u4e00\u904d\u90a3\u4e2a\u6587\u4ef6\u7684\u5185\u5bb9\u3002")]
    public void Sentences_in_one_long_line_are_watched_too(string circle) =>
        Assert.Equal(Looping, Mended(Thinking("So. " + Times(12, circle))).Last());

    [Fact]
    public void Names_and_numbers_with_points_in_them_are_no_sentences() =>
        Passes(Times(20, "src/Baltoro.Chat/Repair.Tests/Cycles.cs 1.0.0.0 "));

    [Fact]
    public void Only_thinking_is_watched()
    {
        ReplyEvent[] reply = [.. Text(Times(30, Line)), .. Call("a", "Write", Times(30, Line)), Done];
        Assert.Equal(reply, Mended(reply));
    }

    [Fact]
    public void Each_block_of_thinking_is_watched_by_itself()
    {
        ReplyEvent[] reply = [.. Thinking(Times(5, Line)), .. Thinking(Times(5, Line)), Done];
        Assert.Equal(reply, Mended(reply));
    }
}
