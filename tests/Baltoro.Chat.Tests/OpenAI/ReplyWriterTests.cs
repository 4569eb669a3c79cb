// The bytes that an OpenAI client gets for a reply.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.OpenAI;
using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class ReplyWriterTests
{
    static string Chunk(string delta, string finish = "null") =>
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"kimi","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finish}}}]}""" + "\n\n";

    const string Role = """{"role":"assistant"}""", Done = "data: [DONE]\n\n";

    static readonly Seal Seal = new(Moonshot, "sig");

    [Fact]
    public void A_reply_with_thinking_text_and_a_call() => Assert.Equal(
        string.Concat(
            Chunk(Role), Chunk("""{"reasoning_content":"Let me look."}"""),
            Chunk($$"""{"reasoning_details":[{"type":"reasoning.text","signature":"{{Envelope.Pack(Seal)}}","format":"baltoro-1","index":0}]}"""),
            Chunk("""{"content":"I look.\n"}"""),
            Chunk("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"Read","arguments":""}}]}"""),
            Chunk("""{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}"""),
            Chunk("""{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"Grep","arguments":""}}]}"""),
            Chunk("{}", "\"tool_calls\""),
            """data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"kimi","choices":[],"usage":{"prompt_tokens":12,"completion_tokens":5,"total_tokens":17,"prompt_tokens_details":{"cached_tokens":8,"cache_write_tokens":1},"completion_tokens_details":{"reasoning_tokens":2},"cost":0.5}}""" + "\n\n",
            Done),
        Written(Writer(countAtEnd: true),
            Started, Thinking, "Let me look.", new ReplyEvent.Closed(Seal), Text, "I look.\n", Closed, Call("a", "Read"), "{}", Closed, Call("b", "Grep"), Closed,
            new ReplyEvent.Counted(new() { Input = 3, CacheRead = 8, CacheWriteHour = 1, Output = 5, Reasoning = 2, Cost = 0.5m }), Finished(StopReason.EndTurn)));

    [Fact]
    public void Thinking_that_came_to_nothing_is_told_from_the_thinking_after_it_in_the_text_alone()
    {
        string written = Written(Writer(countAtEnd: false),
            Started, Thinking, "Let me lo", new ReplyEvent.Closed(Seal with { IsAbandoned = true }), Thinking, "Let me look.", new ReplyEvent.Closed(Seal), Text, "So.", Closed, Finished(StopReason.EndTurn));
        string text = string.Concat(Deltas(written).Select(delta => delta.TryGetProperty("reasoning_content", out JsonElement piece) ? piece.GetString() : ""));
        Block[] expected = [new Block.Thinking(text[..^12], new(null) { IsAbandoned = true }), new Block.Thinking("Let me look."), new Block.Text("So.")];
        Assert.StartsWith("Let me lo\n\n[", text, StringComparison.Ordinal);
        Assert.Equal(expected, Read(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["model"] = "m",
            ["messages"] = (object[])[new Dictionary<string, string> { ["role"] = "user", ["content"] = "Hi" }, new Dictionary<string, string> { ["role"] = "assistant", ["reasoning_content"] = text, ["content"] = "So." }],
        })).Request.Turns[1].Blocks);
    }

    static IEnumerable<JsonElement> Deltas(string written) =>
        from line in written.Split('\n')
        where line.StartsWith("data: {", StringComparison.Ordinal)
        select JsonDocument.Parse(line[6..]).RootElement.GetProperty("choices")[0].GetProperty("delta");

    [Fact]
    public void A_failure_is_an_error_event_and_no_end() => Assert.Equal(
        Chunk(Role) + Chunk("""{"content":"I wi"}""") + """data: {"error":{"message":"gone","type":"server_error","param":null,"code":"upstream_cut"}}""" + "\n\n",
        Written(Writer(countAtEnd: true), Started, Text, "I wi", new ReplyEvent.Failed(new Failure.Cut("gone")), Finished(StopReason.EndTurn)));

    [Fact]
    public void A_failure_before_anything_else_is_the_only_event() =>
        Assert.StartsWith("data: {\"error\":", Written(Writer(), new ReplyEvent.Failed(new Failure.Overloaded("busy"))));

    [Fact]
    public void Whatever_order_the_events_come_in_the_role_comes_first_and_the_end_once() =>
        Assert.Equal(Chunk(Role) + Chunk("""{"content":"a"}""") + Chunk("{}", "\"stop\"") + Done, Written(Writer(), "a", Finished(StopReason.EndTurn), "b", Finished(StopReason.EndTurn)));

    [Fact]
    public void A_call_without_an_id_gets_one() =>
        Assert.Contains("\"id\":\"call_chatcmpl-1_0\"", Written(Writer(), Call("", "Read")));

    [Theory]
    [InlineData(StopReason.EndTurn, "stop")]
    [InlineData(StopReason.StopSequence, "stop")]
    [InlineData(StopReason.Pause, "stop")]
    [InlineData(StopReason.ToolUse, "tool_calls")]
    [InlineData(StopReason.OutputLimit, "length")]
    [InlineData(StopReason.WindowFull, "length")]
    [InlineData(StopReason.Refusal, "content_filter")]
    public void Every_reason_has_its_word(StopReason reason, string word) =>
        Assert.Equal(Chunk(Role) + Chunk("{}", $"\"{word}\"") + Done, Written(Writer(), Started, Finished(reason)));

    [Fact]
    public void A_ping_is_a_comment()
    {
        ArrayBufferWriter<byte> into = new();
        Writer().WritePing(into);
        Assert.Equal(": ping\n\n", Encoding.UTF8.GetString(into.WrittenSpan));
    }

    [Fact]
    public void A_whole_reply_is_what_the_stream_adds_up_to() => Assert.Equal(
        """
        {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"kimi","choices":[{"index":0,"message":{"role":"assistant","content":"I look.",
        "reasoning_content":"Hm","reasoning_details":[{"type":"reasoning.text","signature":"ENVELOPE","format":"baltoro-1","index":0}],
        "tool_calls":[{"id":"a","type":"function","function":{"name":"Read","arguments":"{}"}}]},"finish_reason":"tool_calls"}],
        "usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}
        """.ReplaceLineEndings("").Replace("ENVELOPE", Envelope.Pack(Seal), StringComparison.Ordinal),
        Encoding.UTF8.GetString(WholeReplyWriter.Write(
            new()
            {
                Blocks = [new Block.Thinking("Hm", Seal), new Block.Text("I look."), new Block.ToolCall("a", "Read", "{}")],
                Reason = StopReason.ToolUse,
                Usage = new() { Input = 3, Output = 5 },
            }, "chatcmpl-1", "kimi", 1_700_000_000)));

    // What a client that returns what it got sends with its next request.

    static readonly Block[][] Thoughts =
    [
        [new Block.Thinking("Hm", Seal)],
        [new Block.Thinking("", Seal)],
        [new Block.Thinking("Hm", new(Moonshot, null, RawJson.Of("""[{"type":"reasoning.text","text":true,"signature":"x"}]""")))],
        [new Block.Thinking("Hm", new(null, "foreign"))],
        [new Block.Thinking("one", Seal), new Block.Thinking("two", KimiSeal), new Block.Thinking("three", Seal)],
        [new Block.Thinking("one"), new Block.Thinking("two", Seal), new Block.Thinking("three")],
        [new Block.Thinking("one", Seal), new Block.Thinking("two"), new Block.Thinking("three", Seal)],
        [new Block.RedactedThinking("cipher", Moonshot), new Block.Thinking("two", Seal), new Block.RedactedThinking("cipher", Moonshot)],
    ];

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Thoughts.Length)];

    [Theory, MemberData(nameof(Cases))]
    public void Thinking_comes_back_with_its_seals_from_a_client_that_returns_details(int which)
    {
        Block[] blocks = Thoughts[which];
        Assert.Equal(blocks, Returned(Written(Writer(), [.. Events(blocks)])).Blocks);
        byte[] whole = WholeReplyWriter.Write(new() { Blocks = [.. blocks, new Block.Text("a")] }, "chatcmpl-1", "kimi", 0);
        using JsonDocument body = JsonDocument.Parse(whole);
        Assert.Equal([.. blocks, new Block.Text("a")], Turns($"[{body.RootElement.GetProperty("choices")[0].GetProperty("message").GetRawText()}]")[0].Blocks);
    }

    [Fact]
    public void A_client_that_changed_the_text_keeps_the_first_seal_only() => Assert.Equal(
        [new Block.Thinking("o", Seal)],
        Turns($$"""
            [{"role":"assistant","content":null,"reasoning_content":"o","reasoning_details":[{"type":"reasoning.text","signature":"{{Envelope.Pack(Seal)}}","format":"baltoro-1","index":0},
            {"type":"reasoning.text","signature":"{{Envelope.Pack(Seal)}}","id":"at-3","format":"baltoro-1","index":1}]}]
            """)[0].Blocks);

    static IEnumerable<ReplyEvent> Events(Block[] blocks)
    {
        yield return Started;
        foreach (Block block in blocks)
        {
            if (block is Block.Thinking thinking)
            {
                yield return Thinking;
                yield return thinking.Content;
                yield return new ReplyEvent.Closed(thinking.Seal);
            }
            else
            {
                yield return new ReplyEvent.Whole(block);
            }
        }
        yield return Finished(StopReason.EndTurn);
    }

    /// <summary>Joins the deltas as such a client does, and reads the message that it would send.</summary>
    static Turn Returned(string stream)
    {
        StringBuilder reasoning = new(), details = new();
        foreach (string line in stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using JsonDocument chunk = JsonDocument.Parse(line[6..]);
            JsonElement delta = chunk.RootElement.GetProperty("choices")[0].GetProperty("delta");
            if (delta.TryGetProperty("reasoning_content", out JsonElement text)) reasoning.Append(text.GetString());
            if (delta.TryGetProperty("reasoning_details", out JsonElement array))
                foreach (JsonElement entry in array.EnumerateArray()) details.Append(details.Length > 0 ? "," : "").Append(entry.GetRawText());
        }
        return Turns($$"""[{"role":"assistant","content":null,"reasoning_content":"{{reasoning}}","reasoning_details":[{{details}}]}]""")[0];
    }
}
