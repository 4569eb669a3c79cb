// The many ways in which servers stream the same tool calls.

using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class ToolCallStreams
{
    static readonly List<ReplyEvent> One = [Started, Call("x", "Read"), """{"a":1}""", Closed, Finished(StopReason.ToolUse)];

    static List<ReplyEvent> Pieces(params string[] pieces) => Deltas(Plain, "tool_calls", [.. pieces.Select(piece => $$"""{"tool_calls":[{{piece}}]}""")]);

    [Theory]
    [InlineData("""{"index":0,"id":"x","function":{"name":"Read","arguments":"{\"a\":1}"}}""")]
    [InlineData("""{"id":"x","function":{"name":"Read","arguments":"{\"a\":1}"}}""")]
    [InlineData("""{"index":"zero","id":"x","type":"function","function":{"name":"Read","arguments":"{\"a\":1}"},"extra":{"b":[1]}}""")]
    [InlineData("""{"index":0,"id":"x","function":{"arguments":{"a":1},"name":"Read"}}""")]
    public void A_call_in_one_piece(string piece) => Assert.Equal(One, Pieces(piece));

    [Theory]
    [InlineData("""{"index":0,"function":{"arguments":":1}"}}""")]
    [InlineData("""{"index":0,"id":"x","type":"function","function":{"name":"Read","arguments":":1}"}}""")]
    [InlineData("""{"index":0,"id":"","function":{"name":"","arguments":":1}"}}""")]
    [InlineData("""{"index":0,"id":null,"function":{"name":null,"arguments":":1}"}}""")]
    [InlineData("""{"function":{"arguments":":1}"}}""")]
    [InlineData("""{"id":"x","function":{"name":"Read","arguments":":1}"}}""")]
    [InlineData("""{"index":0,"id":"fresh","function":{"arguments":":1}"}}""")]
    public void The_second_piece_of_a_call_may_repeat_or_leave_out_what_names_it(string second) =>
        Assert.Equal(One, Pieces("""{"index":0,"id":"x","function":{"name":"Read","arguments":"{\"a\""}}""", second));

    [Fact]
    public void The_name_may_come_after_the_id() => Assert.Equal(One, Pieces("""{"index":0,"id":"x"}""", """{"index":0,"function":{"name":"Read","arguments":"{\"a\":1}"}}"""));

    [Fact]
    public void A_call_sent_again_whole_is_the_same_call()
    {
        const string Whole = """{"index":0,"id":"x","function":{"name":"Read","arguments":"{\"a\":1}"}}""";
        Assert.Equal(One, Pieces(Whole, Whole));
    }

    [Fact]
    public void Calls_without_ids_and_indexes_are_told_apart_by_being_whole() => Assert.Equal(
        [Started, Call("", "Read"), """{"a":1}""", Closed, Call("", "Read"), """{"a":2}""", Closed, Finished(StopReason.ToolUse)],
        Pieces("""{"function":{"name":"Read","arguments":"{\"a\":1}"}},{"function":{"name":"Read","arguments":"{\"a\":2}"}}"""));

    [Fact]
    public void Another_name_under_the_same_index_is_another_call() => Assert.Equal(
        [Started, Call("", "Read"), "{}", Closed, Call("", "Grep"), "{}", Closed, Finished(StopReason.ToolUse)],
        Pieces("""{"index":0,"function":{"name":"Read","arguments":"{}"}}""", """{"index":0,"function":{"name":"Grep","arguments":"{}"}}"""));

    [Fact]
    public void A_call_without_arguments_has_none() => Assert.Equal(
        [Started, Call("x", "Now"), Closed, Finished(StopReason.ToolUse)], Pieces("""{"index":0,"id":"x","function":{"name":"Now","arguments":""}}"""));

    [Fact]
    public void A_call_that_the_output_limit_cut_behind_its_name_is_none_to_run() => Assert.Equal(
        [Started, Call("x", "Now"), Closed, Finished(StopReason.OutputLimit)],
        Deltas(Plain, "length", """{"tool_calls":[{"index":0,"id":"x","function":{"name":"Now","arguments":""}}]}"""));

    [Fact]
    public void The_old_function_call_is_a_call() => Assert.Equal(
        [Started, Call("", "Now"), "{}", Closed, Finished(StopReason.ToolUse)],
        Deltas(Plain, "function_call", """{"function_call":{"name":"Now","arguments":"{"}}""", """{"function_call":{"arguments":"}"}}"""));

    [Fact]
    public void Calls_that_come_after_the_finish_reason_are_not_lost() => Assert.Equal(
        One,
        Events(Plain, """{"id":"r1","model":"m","choices":[{"delta":{},"finish_reason":"tool_calls"}]}""",
            """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"x","function":{"name":"Read","arguments":"{\"a\":1}"}}]}}]}""", "[DONE]"));

    [Fact]
    public void Broken_arguments_are_passed_on_as_they_are() =>
        Assert.Equal("{\"a\":", Pieces("""{"index":0,"id":"x","function":{"name":"Read","arguments":"{\"a\":"}}""")[2].Value);
}
