// Tool calls leave a reply whole, mended or not at all.

using Baltoro.Chat.Repair;
using static Baltoro.Chat.ReplyEvent;
using static Baltoro.Chat.Tests.Repair.Mending;

namespace Baltoro.Chat.Tests.Repair;

public class WholeCallsTests
{
    static readonly Sequence<ToolSpec> Tools =
    [
        new ToolSpec.Function("Read", null, RawJson.Of("""{"type":"object","properties":{"path":{"type":"string"},"limit":{"type":"integer"}},"required":["path"]}""")),
        new ToolSpec.Function("mcp__git__log-all", null, RawJson.Of("""{"type":"object","properties":{}}""")),
        new ToolSpec.Function("ls", null, RawJson.Of("{}")),
        new ToolSpec.Function("LS", null, RawJson.Of("{}")),
        new ToolSpec.Hosted(WireFormat.Anthropic, "bash_20250124", "bash", RawJson.Of("{}")),
    ];

    static List<ReplyEvent> Mended(IEnumerable<ReplyEvent> reply, BrokenCalls broken = BrokenCalls.Report) => new WholeCalls(Tools, broken).Mend(reply);

    static List<ReplyEvent> Mended(string name, string arguments) => Mended([.. Call("a", name, arguments), CallsDone]);

    static string Complaint(List<ReplyEvent> reply) =>
        Assert.IsType<Failure.BrokenCall>(Assert.IsType<Failed>(Assert.Single(reply).Value).Failure).Message;

    static ReplyEvent[] Mends(params Mend[] mends) => [.. mends.Select(mend => (ReplyEvent)new Mended(mend))];

    [Fact]
    public void What_comes_before_the_first_call_streams_through()
    {
        WholeCalls repair = new(Tools, BrokenCalls.Report);
        ReplyEvent[] before = [Begun, .. Thinking("hm"), .. Text("I ", "read")];
        Assert.Equal(before, repair.Mend(before));
        Assert.Empty(repair.Mend([.. Call("a", "Read", """{"path":""", "\"x\"}"), .. Text("and then")]));
    }

    [Fact]
    public void Calls_and_what_stands_behind_them_come_out_together_before_the_end_exactly_as_they_were()
    {
        ReplyEvent[] reply = [Begun, .. Text("so"), .. Call("a", "Read", """{ "path" :""", "\n\"x\" }"), .. Thinking("more"), .. Call("b", "bash", "{}"), CallsDone];
        Assert.Equal(reply, Mended(reply));
    }

    [Fact]
    public void What_the_reply_costs_is_told_at_once()
    {
        WholeCalls repair = new(Tools, BrokenCalls.Report);
        Counted counted = new(new Usage { Output = 7 });
        Assert.Equal([counted], repair.Mend([.. Call("a", "Read", """{"path":"x"}"""), counted]));
    }

    [Fact]
    public void A_reply_that_is_cut_later_has_run_none_of_its_calls() =>
        Assert.Equal([.. Text("so"), Cut], Mended([.. Text("so"), .. Call("a", "Read", """{"path":"x"}"""), new Opened(new BlockHead.ToolCall("b", "Read")), "{\"pa", Cut]));

    [Theory]
    [InlineData("\"{\\\"path\\\":\\\"x\\\"}\"", "JSON in a string")]
    [InlineData("\"\\\"{\\\\\\\"path\\\\\\\":\\\\\\\"x\\\\\\\"}\\\"\"", "JSON in a string in a string")]
    [InlineData("```json\n{\"path\":\"x\"}\n```", "a code fence")]
    [InlineData("```\n{\"path\":\"x\"}", "a fence that was never closed")]
    [InlineData("{\"path\":\"x\"}\n```", "a fence behind it")]
    [InlineData("{\"path\":\"x\"}}", "closed once too often")]
    [InlineData("{\"path\":\"x\"}]}\n", "closed twice too often")]
    public void Arguments_are_taken_out_of(string written, string wrapping)
    {
        Assert.NotEmpty(wrapping);
        Assert.Equal([.. Mends(Mend.ArgumentsUnwrapped), .. Call("a", "Read", """{"path":"x"}"""), CallsDone], Mended("Read", written));
    }

    [Fact]
    public void No_arguments_are_an_empty_object_and_nothing_to_count() =>
        Assert.Equal([.. Call("a", "mcp__git__log-all", "{}"), CallsDone], Mended([.. Call("a", "mcp__git__log-all"), CallsDone]));

    [Fact]
    public void A_number_as_text_becomes_a_number_where_the_schema_says_so() =>
        Assert.Equal([.. Mends(Mend.ArgumentsCoerced), .. Call("a", "Read", """{"path":"7","limit":20}"""), CallsDone], Mended("Read", """{"path": "7", "limit": "20"}"""));

    [Theory]
    [InlineData("functions.Read")]
    [InlineData("functions.Read:12")]
    [InlineData("Read:0")]
    [InlineData("read")]
    [InlineData(" READ")]
    public void A_name_in_another_spelling_is_the_one_tool_that_it_can_mean(string name) =>
        Assert.Equal([.. Mends(Mend.NameResolved), .. Call("a", "Read", """{"path":"x"}"""), CallsDone], Mended(name, """{"path":"x"}"""));

    [Fact]
    public void Dashes_and_underscores_are_told_apart_only_where_it_matters() =>
        Assert.Equal([.. Mends(Mend.NameResolved), .. Call("a", "mcp__git__log-all", "{}"), CallsDone], Mended("mcp--git--log_all", "{}"));

    [Fact]
    public void A_name_that_can_mean_two_tools_means_none() =>
        Assert.Equal("The model called a tool \"Ls\" that does not exist; expected one of Read, mcp__git__log-all, ls, LS, bash.", Complaint(Mended("Ls", "{}")));

    [Fact]
    public void A_declared_name_is_taken_as_it_is() =>
        Assert.Equal([.. Call("a", "ls", "{}"), CallsDone], Mended("ls", "{}"));

    [Fact]
    public void Without_declared_tools_any_name_is_right()
    {
        ReplyEvent[] reply = [.. Call("a", "functions.whatever", "{}"), CallsDone];
        Assert.Equal(reply, new WholeCalls([], BrokenCalls.Report).Mend(reply));
    }

    [Fact]
    public void Missing_and_repeated_ids_are_replaced_by_ids_that_no_other_call_has()
    {
        ReplyEvent[] reply =
        [
            .. Call("a", "ls", "{}"), .. Call("a", "ls", "{}"), .. Call("", "ls", "{}"), .. Call("1_call", "ls", "{}"), .. Call("", "ls", "{}"), CallsDone,
        ];
        ReplyEvent[] expected =
        [
            .. Call("a", "ls", "{}"), .. Mends(Mend.IdGiven), .. Call("1_a", "ls", "{}"), .. Mends(Mend.IdGiven), .. Call("2_call", "ls", "{}"),
            .. Call("1_call", "ls", "{}"), .. Mends(Mend.IdGiven), .. Call("3_call", "ls", "{}"), CallsDone,
        ];
        Assert.Equal(expected, Mended(reply));
    }

    [Fact]
    public void Several_mends_of_one_call_are_each_told_in_front_of_it() =>
        Assert.Equal(
            [.. Mends(Mend.IdGiven, Mend.NameResolved, Mend.ArgumentsUnwrapped, Mend.ArgumentsCoerced), .. Call("1_call", "Read", """{"path":"x","limit":3}"""), CallsDone],
            Mended([.. Call("", "functions.read:4", "\"{\\\"path\\\":\\\"x\\\",\\\"limit\\\":\\\"3\\\"}\""), CallsDone]));

    [Fact]
    public void Fields_of_a_calls_head_survive_its_mending()
    {
        Extra extra = new(WireFormat.Anthropic, [new Field("caller", RawJson.Of("{}"))]);
        Opened opened = new(new BlockHead.ToolCall("a", "read") { Extra = extra });
        Assert.Equal(
            [.. Mends(Mend.NameResolved), new Opened(new BlockHead.ToolCall("a", "Read") { Extra = extra }), "{}", Closed.Plain, CallsDone],
            Mended([opened, "{}", Closed.Plain, CallsDone]));
    }

    [Theory]
    [InlineData("""{"path":"x""", "cut off or not JSON")]
    [InlineData("""{"path":x}""", "not JSON (line 1, byte 9)")]
    [InlineData("""["x"]""", "not a JSON object but an array")]
    [InlineData("7", "not a JSON object but a number")]
    [InlineData("""{"path":"x"}{"path":"y"}""", "not JSON (line 1, byte 13)")]
    [InlineData("""{"path":"x"} and so on""", "cut off or not JSON")]
    [InlineData("\"{\\\"path\\\":\"", "not a JSON object but a string")]
    public void Arguments_that_cannot_be_mended_end_the_reply_in_a_failure_that_says_what_was_expected(string arguments, string flaw) =>
        Assert.Equal($"The arguments in the call of tool \"Read\" are {flaw}; expected a JSON object with path: string, limit?: integer.", Complaint(Mended("Read", arguments)));

    [Fact]
    public void One_broken_call_takes_the_whole_ones_with_it_so_that_nothing_runs_twice() =>
        Complaint(Mended([.. Call("a", "Read", """{"path":"x"}"""), .. Call("b", "Write", "{}"), CallsDone]));

    [Fact]
    public void On_the_last_try_a_broken_call_goes_out_as_the_model_wrote_it()
    {
        ReplyEvent[] reply = [.. Call("a", "Read", """{"path":"""), .. Call("b", "Write", "\"{}\""), .. Call("c", "ls", "{}"), CallsDone];
        Assert.Equal(reply, Mended(reply, BrokenCalls.PassOn));
    }

    [Theory]
    [InlineData(StopReason.OutputLimit, "{\"path\":\"x")]
    [InlineData(StopReason.OutputLimit, "")]
    [InlineData(StopReason.OutputLimit, "\"{\\\"path\\\":")]
    [InlineData(StopReason.WindowFull, "{")]
    [InlineData(StopReason.StopSequence, "{\"path\":")]
    [InlineData(StopReason.Refusal, "{\"path\":")]
    public void A_call_in_which_the_reply_was_stopped_is_dropped_and_the_reason_stays(StopReason reason, string arguments)
    {
        Finished end = new(reason);
        foreach (BrokenCalls broken in Enum.GetValues<BrokenCalls>())
            Assert.Equal([.. Text("so"), end], Mended([.. Text("so"), .. Call("b", "Read", arguments), end], broken));
    }

    [Fact]
    public void Whole_calls_before_the_dropped_one_are_to_be_run()
    {
        ReplyEvent[] whole = [.. Text("so"), .. Call("a", "Read", """{"path":"x"}""")];
        Assert.Equal([.. whole, CallsDone], Mended([.. whole, .. Call("b", "Read", """{"path":"""), LimitReached]));
    }

    [Fact]
    public void A_whole_call_at_the_output_limit_stays()
    {
        ReplyEvent[] reply = [.. Call("a", "Read", """{"path":"x"}"""), LimitReached];
        Assert.Equal(reply, Mended(reply));
    }

    [Fact]
    public void A_broken_call_that_is_not_the_last_was_not_cut_by_the_limit() =>
        Complaint(Mended([.. Call("a", "Read", "{"), .. Text("and"), LimitReached]));

    [Fact]
    public void A_call_that_never_ended_is_reported_and_on_the_last_try_dropped()
    {
        ReplyEvent[] reply = [new Opened(new BlockHead.ToolCall("a", "ls")), "{}", CallsDone];
        Assert.Equal("The call of tool \"ls\" is cut off.", Complaint(Mended(reply)));
        Assert.Equal([CallsDone], Mended(reply, BrokenCalls.PassOn));
    }

    [Fact]
    public void Calls_of_the_vendors_own_tools_are_left_alone()
    {
        ReplyEvent[] reply = [new Whole(new Block.Opaque(WireFormat.Anthropic, "server_tool_use", RawJson.Of("{}"))), .. Text("found"), Done];
        Assert.Equal(reply, Mended(reply));
    }

    [Fact]
    public void Nothing_follows_the_end() => Assert.Equal([Done], Mended([Done, .. Text("x"), Cut]));
}
