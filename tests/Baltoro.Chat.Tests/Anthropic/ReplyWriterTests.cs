// Reply events, written as a Messages stream: recorded steps in, exact bytes out.

using System.Text.Json.Nodes;
using Baltoro.Chat.Anthropic;
using static Baltoro.Chat.ReplyEvent;

namespace Baltoro.Chat.Tests.Anthropic;

public class ReplyWriterTests
{
    static readonly ReplyEvent Begun = new Started("chatcmpl-7", "kimi-k2-thinking");

    static string[] Names(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("event: ", StringComparison.Ordinal)).Select(line => line["event: ".Length..])];

    static JsonNode[] Data(string stream) =>
        [.. stream.Split('\n').Where(line => line.StartsWith("data: ", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line["data: ".Length..])!)];

    [Fact]
    public void A_reply_is_written_as_the_format_says_byte_by_byte()
    {
        string written = Wire.Stream(
            Begun, new Counted(new Usage { Input = 8, CacheRead = 20 }),
            new Opened(BlockHead.Thinking.Plain), "Hm", new Closed(new Seal(null, "Eq")),
            new Opened(BlockHead.Text.Plain), "Grüße \"a\"\n", Closed.Plain,
            new Opened(new BlockHead.ToolCall("functions.Bash:0", "Bash")), "{\"c\":1}", Closed.Plain,
            new Counted(new Usage { Input = 8, CacheRead = 20, CacheWrite = 2, CacheWriteHour = 3, Output = 9, Reasoning = 4 }), new Finished(StopReason.EndTurn));
        Assert.Equal("""
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"kimi","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":8,"cache_creation_input_tokens":0,"cache_read_input_tokens":20,"cache_creation":{"ephemeral_5m_input_tokens":0,"ephemeral_1h_input_tokens":0},"output_tokens":0,"output_tokens_details":{"thinking_tokens":0}}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Hm"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Eq"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüße \"a\"\n"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"functions.Bash:0","name":"Bash","input":{},"caller":{"type":"direct"}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"c\":1}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"input_tokens":8,"cache_creation_input_tokens":5,"cache_read_input_tokens":20,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":3},"output_tokens":9,"output_tokens_details":{"thinking_tokens":4}}}

            event: message_stop
            data: {"type":"message_stop"}


            """, written);
    }

    [Fact]
    public void Row_8_a_seal_travels_as_the_signature()
    {
        Seal seal = new(Wire.Kimi, "sig");
        JsonNode signature = Data(Wire.Stream(Begun, new Opened(BlockHead.Thinking.Plain), "t", new Closed(seal), new Finished(StopReason.EndTurn)))[3];
        Assert.Equal("signature_delta", (string?)signature["delta"]!["type"]);
        Assert.Equal(seal, Envelope.Unpack((string?)signature["delta"]!["signature"]));
    }

    [Fact]
    public void Thinking_without_a_seal_gets_no_signature() =>
        Assert.DoesNotContain("signature_delta", Wire.Stream(Begun, new Opened(BlockHead.Thinking.Plain), "t", new Closed(), new Finished(StopReason.EndTurn)));

    [Fact]
    public void Redacted_and_opaque_blocks_are_a_start_and_a_stop()
    {
        Block.RedactedThinking hidden = new("cipher", Wire.Claude);
        JsonNode[] data = Data(Wire.Stream(
            Begun, new Whole(hidden), new Whole(new Block.Opaque(WireFormat.Anthropic, "x", RawJson.Of("{\"type\":\"x\",\r\n \"a\":1}"))),
            new Whole(new Block.Opaque(WireFormat.OpenAI, "y", RawJson.Of("{}"))), new Finished(StopReason.EndTurn)));
        Assert.Equal(hidden, Envelope.UnpackRedacted((string)data[1]["content_block"]!["data"]!));
        Assert.Equal("""{"type":"content_block_start","index":1,"content_block":{"type":"x","a":1}}""", data[3].ToJsonString());
        Assert.Equal(7, data.Length);
    }

    [Fact]
    public void Citations_are_told_before_their_text_ends()
    {
        Extra cited = new(WireFormat.Anthropic, [new("citations", RawJson.Of("""[{"a":1},{"a":2}]"""))]);
        JsonNode[] data = Data(Wire.Stream(Begun, new Opened(BlockHead.Text.Plain), "x", new Closed(Extra: cited), new Finished(StopReason.EndTurn)));
        Assert.Equal("""{"type":"citations_delta","citation":{"a":2}}""", data[4]["delta"]!.ToJsonString());
        Assert.Equal("content_block_stop", (string?)data[5]["type"]);
    }

    [Fact]
    public void Whatever_order_the_steps_come_in_the_stream_obeys_its_format() =>
        Assert.Equal(
            [
                "message_start", "content_block_start", "content_block_delta", "content_block_stop", "content_block_start", "content_block_stop",
                "message_delta", "message_stop",
            ],
            Names(Wire.Stream("text", new Opened(BlockHead.Text.Plain), Closed.Plain, Closed.Plain, Begun, new Finished(StopReason.EndTurn), Begun, "late", new Finished(StopReason.EndTurn))));

    [Fact]
    public void Row_15_there_is_exactly_one_message_start() =>
        Assert.Single(Names(Wire.Stream(Begun, Begun, "x", Begun, new Finished(StopReason.EndTurn))), "message_start");

    [Theory]
    [InlineData(StopReason.EndTurn, "tool_use")]
    [InlineData(StopReason.ToolUse, "tool_use")]
    [InlineData(StopReason.OutputLimit, "max_tokens")]
    [InlineData(StopReason.Pause, "pause_turn")]
    public void Row_19_a_tool_use_block_makes_the_reason_tool_use(StopReason reason, string name) =>
        Assert.Equal(name, (string?)Data(Wire.Stream(Begun, new Opened(new BlockHead.ToolCall("a", "N")), "{}", Closed.Plain, new Finished(reason)))[^2]["delta"]!["stop_reason"]);

    [Theory]
    [InlineData(StopReason.EndTurn, "end_turn")]
    [InlineData(StopReason.ToolUse, "end_turn")]
    [InlineData(StopReason.OutputLimit, "max_tokens")]
    [InlineData(StopReason.Pause, "pause_turn")]
    [InlineData(StopReason.Refusal, "refusal")]
    [InlineData(StopReason.WindowFull, "model_context_window_exceeded")]
    public void Row_41_without_a_call_the_reason_is_the_replys(StopReason reason, string name) =>
        Assert.Equal(name, (string?)Data(Wire.Stream(Begun, "x", new Finished(reason)))[^2]["delta"]!["stop_reason"]);

    [Fact]
    public void What_stood_beside_the_reason_is_told_where_the_format_has_it()
    {
        Extra extra = new(WireFormat.Anthropic,
        [
            new("stop_reason", RawJson.Of("\"compaction\"")), new("stop_details", RawJson.Of("{\"a\":1}")),
            new("usage", RawJson.Of("{\"service_tier\":\"standard\"}")), new("context_management", RawJson.Of("{\"applied_edits\":[]}")),
        ]);
        JsonNode end = Data(Wire.Stream(Begun, "x", new Finished(StopReason.EndTurn, null, extra)))[^2];
        Assert.Equal("""{"stop_reason":"compaction","stop_sequence":null,"stop_details":{"a":1}}""", end["delta"]!.ToJsonString());
        Assert.Equal("standard", (string?)end["usage"]!["service_tier"]);
        Assert.Equal("""{"applied_edits":[]}""", end["context_management"]!.ToJsonString());
    }

    [Fact]
    public void Row_20_a_failure_is_an_error_event_and_leaves_a_broken_call_open()
    {
        string written = Wire.Stream(Begun, new Opened(new BlockHead.ToolCall("a", "N")), "{\"x", new Failed(new Failure.Cut("cut")), Closed.Plain);
        Assert.Equal(["message_start", "content_block_start", "content_block_delta", "error"], Names(written));
        Assert.EndsWith("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"cut\"},\"request_id\":null}\n\n", written);
    }

    [Fact]
    public void A_call_without_an_id_gets_one() =>
        Assert.Equal("toolu_msg_1_0", (string?)Data(Wire.Stream(Begun, new Opened(new BlockHead.ToolCall("", "N")), Closed.Plain))[1]["content_block"]!["id"]);

    [Fact]
    public void A_ping_is_a_ping_before_the_start_and_after_it()
    {
        ReplyWriter writer = new("msg_1", "m");
        Assert.Equal("event: ping\ndata: {\"type\":\"ping\"}\n\n", Wire.Text(writer.WritePing));
        writer.Write(Begun, new System.Buffers.ArrayBufferWriter<byte>());
        Assert.Equal(["message_start", "ping"], Names(Wire.Text(writer.WritePing)));
        Assert.Equal(["ping"], Names(Wire.Text(writer.WritePing)));
    }
}
