// A Messages stream, read; each test one thing that real upstreams do.

using System.Text;
using Baltoro.Chat.Anthropic;
using static Baltoro.Chat.ReplyEvent;

namespace Baltoro.Chat.Tests.Anthropic;

public class ReplyReaderTests
{
    static readonly ReplyEvent Begun = new Started("msg_01", "claude-opus-4-8");
    static readonly Usage AtStart = new() { Input = 10, CacheRead = 100, CacheWrite = 2, CacheWriteHour = 3, Output = 1 };
    static readonly Usage AtEnd = AtStart with { Output = 7 };
    static readonly ReplyEvent TextOpened = new Opened(BlockHead.Text.Plain);
    static readonly ReplyEvent ThinkingOpened = new Opened(BlockHead.Thinking.Plain);

    static ReplyEvent ToolOpened(string id, string name) => new Opened(new BlockHead.ToolCall(id, name));

    /// <summary>The events of these blocks between a proper start and a proper end, without those of start and end.</summary>
    static ReplyEvent[] Blocks(params string[] data) => BlocksOf(Dialect.Messages, data);

    static ReplyEvent[] BlocksOf(Dialect dialect, params string[] data)
    {
        ReplyEvent[] events = Wire.Events(dialect, [Wire.MessageStart, .. data, Wire.Ended("end_turn"), Wire.MessageStop]);
        Assert.IsType<Finished>(events[^1].Value);
        return events[2..^2];
    }

    static StopReason Reason(string reason, params string[] data) =>
        Assert.IsType<Finished>(Wire.Events(Dialect.Claude, [Wire.MessageStart, .. data, Wire.Ended(reason), Wire.MessageStop])[^1].Value).Reason;

    static readonly string[] OneCall = [Wire.Start(0, Wire.ToolBlock("a", "N")), Wire.InputDelta(0, "{}"), Wire.Stop(0)];

    [Fact]
    public void A_stream_of_thinking_text_and_a_call_is_read_step_by_step() =>
        Assert.Equal(
            [
                Begun, new Counted(AtStart),
                ThinkingOpened, "I ", "look", new Closed(new Seal(Wire.Claude, "Eq")),
                TextOpened, "Look", "ing", Closed.Plain,
                ToolOpened("toolu_1", "Read"), "{\"a\"", ":1}", Closed.Plain,
                new Counted(AtEnd), new Finished(StopReason.ToolUse),
            ],
            Wire.Events(Dialect.Claude,
                Wire.MessageStart,
                Wire.Start(0, Wire.ThinkingBlock), """{"type":"ping"}""", Wire.ThinkingDelta(0, "I "), Wire.ThinkingDelta(0, "look"),
                Wire.Delta(0, """{"type":"signature_delta","signature":"Eq"}"""), Wire.Stop(0),
                Wire.Start(1, Wire.TextBlock), Wire.TextDelta(1, "Look"), Wire.TextDelta(1, "ing"), Wire.Stop(1),
                Wire.Start(2, Wire.ToolBlock("toolu_1", "Read")), Wire.InputDelta(2, ""), Wire.InputDelta(2, "{\"a\""), Wire.InputDelta(2, ":1}"), Wire.Stop(2),
                Wire.Ended("tool_use"), Wire.MessageStop));

    [Fact]
    public void Members_may_stand_in_any_order() =>
        Assert.Equal([TextOpened, "x", Closed.Plain],
            Blocks(
                """{"content_block":{"text":"","type":"text"},"index":0,"type":"content_block_start"}""",
                """{"delta":{"text":"x","type":"text_delta"},"index":0,"type":"content_block_delta"}""",
                """{"index":0,"type":"content_block_stop"}"""));

    [Fact]
    public void Pings_and_unknown_events_are_not_life()
    {
        ReplyReader reader = new(Wire.Claude, Dialect.Claude);
        List<ReplyEvent> events = [];
        Assert.False(reader.Read("""{"type":"ping"}"""u8, events));
        Assert.False(reader.Read("""{"type":"weather","delta":{"text":"x"}}"""u8, events));
        Assert.False(reader.Read(""u8, events));
        Assert.False(reader.Read("[DONE]"u8, events));
        Assert.Empty(events);
        Assert.True(reader.Read(Encoding.UTF8.GetBytes(Wire.MessageStart), events));
        Assert.True(reader.Read("""{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"","estimated_tokens":50}}"""u8, events));
    }

    [Fact]
    public void Redacted_thinking_and_server_tool_blocks_come_whole()
    {
        const string Result = """{"type":"web_search_tool_result","tool_use_id":"s","content":[]}""";
        Assert.Equal(
            [
                new Whole(new Block.RedactedThinking("cipher", Wire.Kimi)),
                new Whole(new Block.Opaque(WireFormat.Anthropic, "server_tool_use",
                    RawJson.Of("""{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"x"}}"""))),
                new Whole(new Block.Opaque(WireFormat.Anthropic, "web_search_tool_result", RawJson.Of(Result))),
            ],
            Blocks(
                Wire.Start(0, """{"type":"redacted_thinking","data":"cipher"}"""), Wire.Stop(0),
                Wire.Start(1, """{"type":"server_tool_use","id":"s","name":"web_search","input":{}}"""),
                Wire.InputDelta(1, "{\"query\""), Wire.InputDelta(1, ":\"x\"}"), Wire.Stop(1),
                Wire.Start(2, Result), Wire.Stop(2)));
    }

    [Fact]
    public void A_compaction_is_assembled_from_its_deltas() =>
        Assert.Equal(
            [new Whole(new Block.Opaque(WireFormat.Anthropic, "compaction", RawJson.Of("""{"type":"compaction","content":"so far","encrypted_content":"e"}""")))],
            Blocks(
                Wire.Start(0, """{"type":"compaction","content":null}"""),
                Wire.Delta(0, """{"type":"compaction_delta","content":"so far","encrypted_content":"e"}"""), Wire.Stop(0)));

    [Fact]
    public void Citations_come_at_the_end_of_their_text()
    {
        ReplyEvent[] events = Blocks(
            Wire.Start(0, """{"type":"text","text":"","citations":[]}"""), Wire.TextDelta(0, "grass"),
            Wire.Delta(0, """{"type":"citations_delta","citation":{"type":"char_location","cited_text":"g"}}"""), Wire.Stop(0));
        Block.Text cited = new("grass")
        {
            Extra = new(WireFormat.Anthropic, [new("citations", RawJson.Of("""[{"type":"char_location","cited_text":"g"}]"""))]),
        };
        Assert.Equal([cited], Wire.Fold([.. events, new Finished(StopReason.EndTurn)]).Blocks);
    }

    [Fact]
    public void A_call_without_arguments_is_called_with_an_empty_object() =>
        Assert.Equal([ToolOpened("a", "N"), "{}", Closed.Plain],
            Blocks(Wire.Start(0, Wire.ToolBlock("a", "N")), Wire.InputDelta(0, ""), Wire.Stop(0)));

    [Fact]
    public void Blocks_that_are_complete_with_their_start_lose_nothing() =>
        Assert.Equal(
            [
                ThinkingOpened, "t", new Closed(new Seal(Wire.Kimi, "s")),
                TextOpened, "x", Closed.Plain,
                ToolOpened("a", "N"), """{"b": 1}""", Closed.Plain,
            ],
            Blocks(
                Wire.Start(0, """{"type":"thinking","thinking":"t","signature":"s"}"""), Wire.Stop(0),
                Wire.Start(1, """{"type":"text","text":"x"}"""), Wire.Stop(1),
                Wire.Start(2, """{"type":"tool_use","id":"a","name":"N","input":{"b": 1}}"""), Wire.Stop(2)));

    [Fact]
    public void Unsigned_thinking_is_stamped_with_its_origin_unless_it_is_Claudes()
    {
        string[] data = [Wire.Start(0, Wire.ThinkingBlock), Wire.ThinkingDelta(0, "t"), Wire.Stop(0)];
        Assert.Equal([ThinkingOpened, "t", new Closed(new Seal(Wire.Kimi))], BlocksOf(Dialect.Messages, data));
        Assert.Equal([ThinkingOpened, "t", new Closed()], BlocksOf(Dialect.Claude, data));
    }

    [Fact]
    public void Row_13_thinking_twice_gives_two_blocks() =>
        Assert.Equal(
            [ThinkingOpened, "a", new Closed(new Seal(Wire.Kimi)), TextOpened, "b", Closed.Plain, ThinkingOpened, "c", new Closed(new Seal(Wire.Kimi))],
            Blocks(
                Wire.Start(0, Wire.ThinkingBlock), Wire.ThinkingDelta(0, "a"),
                Wire.TextDelta(0, "b"), Wire.ThinkingDelta(0, "c"), Wire.Stop(0)));

    [Fact]
    public void Row_14_text_after_a_tool_call_is_a_block_of_its_own() =>
        Assert.Equal(
            [TextOpened, "a", Closed.Plain, ToolOpened("t", "N"), "{}", Closed.Plain, TextOpened, "b", Closed.Plain],
            Blocks(
                Wire.Start(0, Wire.TextBlock), Wire.TextDelta(0, "a"), Wire.Stop(0),
                Wire.Start(1, Wire.ToolBlock("t", "N")), Wire.InputDelta(1, "{}"), Wire.TextDelta(1, "b"), Wire.Stop(1)));

    [Fact]
    public void Row_15_a_thinking_delta_inside_a_text_block_opens_a_thinking_block() =>
        Assert.Equal([TextOpened, Closed.Plain, ThinkingOpened, "t", new Closed(new Seal(Wire.Kimi))],
            Blocks(Wire.Start(0, Wire.TextBlock), Wire.ThinkingDelta(0, "t"), Wire.Stop(0)));

    [Fact]
    public void Row_15_a_second_message_start_starts_nothing()
    {
        ReplyEvent[] events = Wire.Events(Dialect.Claude, Wire.MessageStart, Wire.MessageStart, Wire.Ended("end_turn"), Wire.MessageStop);
        Assert.Single(events, step => step.Value is Started);
        Assert.Equal(new Finished(StopReason.EndTurn), events[^1].Value);
    }

    [Fact]
    public void Row_16_line_ends_written_into_a_tool_call_are_dropped() =>
        Assert.Equal([ToolOpened("a", "N"), "{\"x\":", "1}", Closed.Plain, ToolOpened("b", "M"), "{}", Closed.Plain],
            Blocks(
                Wire.Start(0, Wire.ToolBlock("a", "N")), Wire.InputDelta(0, "{\"x\":"), Wire.TextDelta(0, "\n"), Wire.InputDelta(0, "1}"), Wire.TextDelta(0, "\n"), Wire.Stop(0),
                Wire.Start(1, Wire.ToolBlock("b", "M")), Wire.Stop(1)));

    [Fact]
    public void Row_17_two_calls_written_at_once_come_one_after_the_other() =>
        Assert.Equal([ToolOpened("a", "N"), "{\"x\":", "1}", Closed.Plain, ToolOpened("b", "M"), "{\"y\":2}", Closed.Plain],
            Blocks(
                Wire.Start(0, Wire.ToolBlock("a", "N")), Wire.Start(1, Wire.ToolBlock("b", "M")),
                Wire.InputDelta(0, "{\"x\":"), Wire.InputDelta(1, "{\"y\":"), Wire.InputDelta(0, "1}"), Wire.InputDelta(1, "2}"),
                Wire.Stop(1), Wire.Stop(0)));

    [Fact]
    public void Row_17_a_delta_for_a_text_that_never_began_begins_it() =>
        Assert.Equal([TextOpened, "x", "y", Closed.Plain], Blocks(Wire.TextDelta(3, "x"), Wire.TextDelta(3, "y"), Wire.Stop(3)));

    [Fact]
    public void Row_17_arguments_of_a_call_that_never_began_fail_the_reply() =>
        Assert.Equal(
            [Begun, new Counted(AtStart), new Failed(new Failure.Garbled("The upstream sent arguments of a tool call that never began."))],
            Wire.Events(Dialect.Messages, Wire.MessageStart, Wire.InputDelta(0, "{}"), Wire.MessageStop));

    [Fact]
    public void Blocks_that_are_never_stopped_end_where_the_next_begins() =>
        Assert.Equal(
            [
                ThinkingOpened, "t", new Closed(new Seal(Wire.Kimi)), TextOpened, "x", Closed.Plain,
                ToolOpened("a", "N"), "{\"a\":", "1}", Closed.Plain, ToolOpened("b", "M"), "{}", Closed.Plain,
            ],
            Blocks(
                Wire.Start(0, Wire.ThinkingBlock), Wire.ThinkingDelta(0, "t"), Wire.Start(1, Wire.TextBlock), Wire.TextDelta(1, "x"),
                Wire.Start(2, Wire.ToolBlock("a", "N")), Wire.InputDelta(2, "{\"a\":"), Wire.InputDelta(2, "1}"), Wire.Start(3, Wire.ToolBlock("b", "M")), Wire.InputDelta(3, "{}")));

    [Fact]
    public void Blocks_that_all_have_one_index_stay_apart() =>
        Assert.Equal([TextOpened, "x", Closed.Plain, ToolOpened("a", "N"), "{}", Closed.Plain, ToolOpened("b", "N"), "{}", Closed.Plain],
            Blocks(
                Wire.Start(0, Wire.TextBlock), Wire.TextDelta(0, "x"), Wire.Start(0, Wire.ToolBlock("a", "N")), Wire.InputDelta(0, "{}"),
                Wire.Start(0, Wire.ToolBlock("b", "N")), Wire.InputDelta(0, "{}"), Wire.Stop(0)));

    [Fact]
    public void Kimi_305_a_block_started_twice_and_stopped_twice_is_one_block() =>
        Assert.Equal([ThinkingOpened, "t", new Closed(new Seal(Wire.Kimi)), TextOpened, "x", Closed.Plain],
            Blocks(
                Wire.Start(0, Wire.ThinkingBlock), Wire.Start(0, Wire.ThinkingBlock), Wire.ThinkingDelta(0, "t"), Wire.Stop(0), Wire.Stop(0),
                Wire.Start(1, Wire.TextBlock), Wire.TextDelta(1, "x"), Wire.Stop(1), Wire.Stop(0), Wire.Stop(1)));

    [Fact]
    public void The_first_index_need_not_be_zero() =>
        Assert.Equal([TextOpened, "x", Closed.Plain], Blocks(Wire.Start(5, Wire.TextBlock), Wire.TextDelta(5, "x"), Wire.Stop(5)));

    [Fact]
    public void A_stream_without_a_message_start_is_read_all_the_same() =>
        Assert.Equal([new Started(null, null), TextOpened, "x", Closed.Plain, new Finished(StopReason.EndTurn)],
            Wire.Events(Dialect.Messages, Wire.Start(0, Wire.TextBlock), Wire.TextDelta(0, "x"), Wire.MessageStop));

    [Theory]
    [InlineData("end_turn", StopReason.EndTurn)]
    [InlineData("max_tokens", StopReason.OutputLimit)]
    [InlineData("pause_turn", StopReason.Pause)]
    [InlineData("refusal", StopReason.Refusal)]
    [InlineData("model_context_window_exceeded", StopReason.WindowFull)]
    [InlineData("stop_sequence", StopReason.StopSequence)]
    [InlineData("tool_use", StopReason.EndTurn)]
    [InlineData("boredom", StopReason.EndTurn)]
    public void Without_a_call_the_reason_is_the_upstreams(string reason, StopReason read) => Assert.Equal(read, Reason(reason));

    [Theory]
    [InlineData("end_turn", StopReason.ToolUse)]
    [InlineData("stop_sequence", StopReason.ToolUse)]
    [InlineData("boredom", StopReason.ToolUse)]
    [InlineData("max_tokens", StopReason.OutputLimit)]
    [InlineData("pause_turn", StopReason.Pause)]
    [InlineData("refusal", StopReason.Refusal)]
    public void Row_19_a_call_that_came_is_to_be_run_unless_the_reply_was_broken_off(string reason, StopReason read) => Assert.Equal(read, Reason(reason, OneCall));

    [Fact]
    public void Row_37_what_stands_beside_the_reason_is_kept()
    {
        Finished finished = Assert.IsType<Finished>(Wire.Events(Dialect.Claude, Wire.MessageStart,
            """{"type":"message_delta","delta":{"stop_reason":"refusal","stop_sequence":null,"stop_details":{"category":"cyber"},"container":null},"usage":{"output_tokens":1,"server_tool_use":{"web_search_requests":2}},"context_management":{"applied_edits":[]}}""",
            Wire.MessageStop)[^1].Value);
        Assert.Equal(
            new Finished(StopReason.Refusal, null, new(WireFormat.Anthropic,
            [
                new("context_management", RawJson.Of("""{"applied_edits":[]}""")),
                new("stop_details", RawJson.Of("""{"category":"cyber"}""")),
                new("usage", RawJson.Of("""{"server_tool_use":{"web_search_requests":2}}""")),
            ])),
            finished);
    }

    [Fact]
    public void Row_37_usage_is_cumulative_and_its_last_numbers_win()
    {
        string[] counts =
        [
            """{"type":"message_start","message":{"usage":{"input_tokens":0,"output_tokens":0}}}""",
            """{"type":"message_delta","delta":{},"usage":{"output_tokens":5}}""",
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":20,"cache_read_input_tokens":300,"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}""",
        ];
        ReplyEvent[] events = Wire.Events(Dialect.Messages, [.. counts, Wire.MessageStop]);
        Assert.Equal(
            [new Usage(), new Usage { Output = 5 }, new Usage { Input = 20, CacheRead = 300, Output = 9, Reasoning = 4 }],
            events.Select(step => step.Value).OfType<Counted>().Select(counted => counted.Usage));
    }

    [Fact]
    public void Row_23_zeros_at_the_end_do_not_replace_the_input_told_at_the_start()
    {
        ReplyEvent[] events = Wire.Events(Dialect.Messages, Wire.MessageStart,
            """{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":0,"cache_read_input_tokens":0,"output_tokens":7}}""", Wire.MessageStop);
        Assert.Equal(AtEnd, events.Select(step => step.Value).OfType<Counted>().Last().Usage);
    }

    [Fact]
    public void Row_20_a_stream_without_an_end_mark_is_cut_and_never_finished()
    {
        Failure cut = new Failure.Cut("The upstream's stream ended before the reply did.");
        Assert.Equal([Begun, new Counted(AtStart), TextOpened, "x", new Failed(cut)],
            Wire.Events(Dialect.Claude, Wire.MessageStart, Wire.Start(0, Wire.TextBlock), Wire.TextDelta(0, "x")));
        Assert.Equal(new Failed(cut), Wire.Events(Dialect.Claude, [Wire.MessageStart, .. OneCall, Wire.Ended("tool_use")])[^1].Value);
        Assert.Equal([new Failed(new Failure.Cut("The upstream's stream ended before the reply began."))], Wire.Events(Dialect.Claude));
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", typeof(Failure.Overloaded), "Overloaded")]
    [InlineData("""{"type":"error","error":{"type":"api_error","message":"Oops"}}""", typeof(Failure.UpstreamError), "Oops")]
    [InlineData("""{"type":"error","error":{"type":"rate_limit_error","message":"Slow down"}}""", typeof(Failure.RateLimited), "Slow down")]
    [InlineData("""{"error":{"message":"boom","code":500}}""", typeof(Failure.UpstreamError), "boom")]
    [InlineData("""{"type":"error","error":"plain"}""", typeof(Failure.UpstreamError), "plain")]
    [InlineData("""{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 270000 tokens > 262144 maximum"}}""", typeof(Failure.PromptTooLong), "prompt is too long: 270000 tokens > 262144 maximum")]
    public void Row_26_an_error_event_is_the_failure_it_names(string error, Type failure, string message)
    {
        ReplyEvent[] events = Wire.Events(Dialect.Messages, Wire.MessageStart, Wire.Start(0, Wire.TextBlock), error, Wire.Stop(0), Wire.MessageStop);
        Failure failed = Assert.IsType<Failed>(events[^1].Value).Failure;
        Assert.IsType(failure, failed);
        Assert.Equal(message, failed.Message);
        Assert.Single(events, step => step.Value is Failed or Finished);
    }

    [Theory]
    [InlineData("<html>502</html>")]
    [InlineData("{\"type\":\"content_block_delta\",")]
    [InlineData("[1]")]
    [InlineData("""{"type":"content_block_start","index":0}""")]
    [InlineData("""{"type":"content_block_start","index":0,"content_block":{"text":"x"}}""")]
    public void Garbage_fails_the_reply(string data) =>
        Assert.IsType<Failure.Garbled>(Assert.IsType<Failed>(Wire.Events(Dialect.Messages, Wire.MessageStart, data)[^1].Value).Failure);

    [Fact]
    public void After_the_end_nothing_is_read()
    {
        ReplyReader reader = new(Wire.Claude, Dialect.Claude);
        List<ReplyEvent> events = [];
        reader.Read(Encoding.UTF8.GetBytes(Wire.MessageStop), events);
        int count = events.Count;
        Assert.False(reader.Read(Encoding.UTF8.GetBytes(Wire.TextDelta(0, "x")), events));
        reader.End(events);
        Assert.Equal(count, events.Count);
    }

    [Fact]
    public void A_whole_message_gives_the_events_of_its_stream()
    {
        ReplyReader reader = new(Wire.Claude, Dialect.Claude);
        List<ReplyEvent> events = [];
        reader.ReadWhole("""
            {"id":"msg_01","type":"message","role":"assistant","model":"claude-opus-4-8","content":[
              {"type":"thinking","thinking":"t","signature":"Eq"},
              {"type":"text","text":"x","citations":null},
              {"type":"tool_use","id":"a","name":"N","input":{"b": 1}}],
             "stop_reason":"tool_use","stop_sequence":null,"stop_details":null,"usage":{"input_tokens":3,"output_tokens":4,"service_tier":"standard"}}
            """u8.ToArray(), events);
        Assert.Equal(
            [
                Begun, new Counted(new Usage { Input = 3, Output = 4 }),
                ThinkingOpened, "t", new Closed(new Seal(Wire.Claude, "Eq")), TextOpened, "x", Closed.Plain, ToolOpened("a", "N"), """{"b": 1}""", Closed.Plain,
                new Finished(StopReason.ToolUse, null, new(WireFormat.Anthropic, [new("usage", RawJson.Of("""{"service_tier":"standard"}"""))])),
            ],
            events);
    }

    [Theory]
    [InlineData("""{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""", typeof(Failure.Overloaded))]
    [InlineData("""{"type":"message"}""", typeof(Failure.Garbled))]
    [InlineData("", typeof(Failure.Garbled))]
    [InlineData("nonsense", typeof(Failure.Garbled))]
    public void A_whole_body_that_is_no_message_fails(string body, Type failure)
    {
        ReplyReader reader = new(Wire.Claude, Dialect.Claude);
        List<ReplyEvent> events = [];
        reader.ReadWhole(Encoding.UTF8.GetBytes(body), events);
        Assert.IsType(failure, Assert.IsType<Failed>(Assert.Single(events).Value).Failure);
    }
}
