// What each shape of a Chat Completions stream means.

using System.Text;
using Baltoro.Chat.OpenAI;
using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class ReplyReaderTests
{
    [Fact]
    public void Thinking_text_and_a_call_become_three_blocks_one_after_another() => Assert.Equal(
        [
            Started, Thinking, "Let me", " look.", Sealed(Kimi), Text, "I look.", Closed,
            Call("functions.Read:0", "Read"), """{"path":"a"}""", Closed, Finished(StopReason.ToolUse),
        ],
        Deltas(Kimi, "tool_calls",
            """{"role":"assistant","content":""}""", """{"reasoning_content":"Let me"}""", """{"reasoning_content":" look."}""", """{"content":"I look."}""",
            """{"tool_calls":[{"index":0,"id":"functions.Read:0","type":"function","function":{"name":"Read","arguments":""}}]}""",
            """{"tool_calls":[{"index":0,"function":{"arguments":"{\"path\":"}}]}""", """{"tool_calls":[{"index":0,"function":{"arguments":"\"a\"}"}}]}"""));

    [Theory]
    [InlineData("""{"reasoning":"x"}""")]
    [InlineData("""{"reasoning_content":"x"}""")]
    [InlineData("""{"reasoning":"x","reasoning_content":"x"}""")]
    [InlineData("""{"reasoning_content":"","reasoning":"x","content":null}""")]
    public void Reasoning_is_read_under_either_name_and_counted_once(string delta) =>
        Assert.Equal([Started, Thinking, "x", Sealed(Plain), Finished(StopReason.EndTurn)], Deltas(Plain, "stop", delta));

    [Fact]
    public void A_refusal_is_text() =>
        Assert.Equal([Started, Text, "No.", Closed, Finished(StopReason.Refusal)], Deltas(Plain, "content_filter", """{"refusal":"No."}"""));

    [Fact]
    public void Content_in_parts_is_their_text() =>
        Assert.Equal([Started, Text, "ab", Closed, Finished(StopReason.EndTurn)],
            Deltas(Plain, "stop", """{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}"""));

    [Fact]
    public void The_role_alone_starts_the_reply_and_an_empty_delta_after_it_is_no_sign_of_life()
    {
        ReplyReader reader = new(Kimi);
        List<ReplyEvent> events = [];
        Assert.True(reader.Read("""{"id":"r1","model":"m","choices":[{"delta":{"role":"assistant"}}]}"""u8, events));
        Assert.False(reader.Read("""{"id":"r1","model":"m","choices":[{"delta":{"content":""}}]}"""u8, events));
        Assert.False(reader.Read("""{"id":"r1","choices":[]}"""u8, events));
        Assert.False(reader.Read("  "u8, events));
        Assert.Equal([Started], events);
    }

    [Fact]
    public void Half_a_character_in_a_delta_is_mended_and_the_stream_goes_on() =>
        Assert.Equal([Started, Text, "a\uFFFD", "b", Closed, Finished(StopReason.EndTurn)], Deltas(Plain, "stop", """{"content":"a\ud83d"}""", """{"content":"b"}"""));

    [Fact]
    public void Other_choices_than_the_first_are_not_read() => Assert.Equal(
        [Started, Text, "a", Closed, Finished(StopReason.EndTurn)],
        Events(Plain, """{"id":"r1","model":"m","choices":[{"delta":{"content":"z"},"index":1},{"delta":{"content":"a"},"index":0,"finish_reason":"stop"}]}"""));

    // The end.

    [Fact]
    public void An_end_without_a_finish_reason_is_a_cut() =>
        Assert.IsType<Failure.Cut>(Failed(Events(Kimi, """{"choices":[{"delta":{"content":"I will"}}]}""")));

    [Fact]
    public void Done_without_a_finish_reason_is_a_cut() =>
        Assert.IsType<Failure.Cut>(Failed(Events(Kimi, """{"choices":[{"delta":{"content":"I will"}}]}""", "[DONE]")));

    [Fact]
    public void An_empty_stream_is_a_cut() => Assert.IsType<Failure.Cut>(Failed(Events(Kimi)));

    [Fact]
    public void A_clean_end_after_a_finish_reason_needs_no_done() => Assert.Equal(
        [Started, Text, "a", Closed, Finished(StopReason.EndTurn)],
        Events(Kimi, """{"id":"r1","model":"m","choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"""));

    [Fact]
    public void Nothing_follows_the_final_event()
    {
        ReplyReader reader = new(Kimi);
        List<ReplyEvent> events = [];
        reader.Read("nonsense"u8, events);
        reader.Read("""{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"""u8, events);
        reader.Read("[DONE]"u8, events);
        reader.End(events);
        Assert.IsType<Failure.Garbled>(Failed(events));
    }

    [Theory]
    [InlineData("stop", StopReason.EndTurn)]
    [InlineData("length", StopReason.OutputLimit)]
    [InlineData("content_filter", StopReason.Refusal)]
    [InlineData("sensitive", StopReason.Refusal)]
    [InlineData("model_context_window_exceeded", StopReason.WindowFull)]
    [InlineData("tool_calls", StopReason.EndTurn)]
    [InlineData("unexpected_state", StopReason.EndTurn)]
    public void Without_a_call_the_finish_reason_decides(string reason, StopReason expected) =>
        Assert.Equal([Started, Text, "a", Closed, Finished(expected)], Deltas(Kimi, reason, """{"content":"a"}"""));

    [Theory]
    [InlineData("error", typeof(Failure.UpstreamError))]
    [InlineData("network_error", typeof(Failure.UpstreamError))]
    [InlineData("insufficient_system_resource", typeof(Failure.Overloaded))]
    [InlineData("abort", typeof(Failure.Cut))]
    public void A_finish_reason_that_means_a_breakdown_is_a_failure(string reason, Type expected) =>
        Assert.IsType(expected, Failed(Deltas(DeepSeek, reason, """{"content":"a"}""")));

    [Fact]
    public void A_stop_sequence_is_named_where_the_server_names_it() => Assert.Equal(
        new ReplyEvent.Finished(StopReason.StopSequence, "###"),
        Events(SelfHosted, """{"choices":[{"delta":{"content":"a"},"finish_reason":"stop","stop_reason":"###"}]}""")[^1].Value);

    [Fact]
    public void A_call_that_the_output_limit_cut_in_two_does_not_count_as_one() =>
        Assert.Equal(Finished(StopReason.OutputLimit),
            Deltas(Kimi, "length", """{"tool_calls":[{"index":0,"id":"a","function":{"name":"Write","arguments":"{\"text\":\"unfin"}}]}""")[^1].Value);

    // Failures.

    [Fact]
    public void An_error_in_the_stream_is_that_failure() => Assert.Equal(
        new Failure.Overloaded("The engine is overloaded") { Status = 500 },
        Failed(Events(Kimi, """{"choices":[{"delta":{"content":"a"}}]}""", """{"error":{"type":"engine_overloaded_error","message":"The engine is overloaded"}}""")));

    [Fact]
    public void OpenRouters_error_chunk_with_a_status_as_code_is_that_failure() => Assert.Equal(
        new Failure.RateLimited("Slow down") { Status = 429 },
        Failed(Events(OpenRouter, """{"id":"g","error":{"code":429,"message":"Slow down"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}""")));

    [Fact]
    public void SGLangs_error_object_is_a_failure() =>
        Assert.IsType<Failure.InvalidRequest>(Failed(Events(SelfHosted, """{"object":"error","message":"bad","type":"BadRequestError","code":400}""")));

    [Theory]
    [InlineData("<html>")]
    [InlineData("""{"choices":[{"delta":{"content":"a""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    public void What_is_no_chunk_is_garbled(string data) => Assert.IsType<Failure.Garbled>(Failed(Events(Kimi, data)));

    // Usage.

    [Theory]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":60,"cache_write_tokens":30},"completion_tokens_details":{"reasoning_tokens":5},"cost":0.0125}""", 10, 60, 30, 20, 5, 0.0125)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":20,"cached_tokens":60}""", 40, 60, 0, 20, 0, null)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":20,"prompt_cache_hit_tokens":75,"prompt_cache_miss_tokens":25}""", 25, 75, 0, 20, 0, null)]
    [InlineData("""{"prompt_tokens":50,"completion_tokens":20,"prompt_tokens_details":{"cached_tokens":60}}""", 0, 60, 0, 20, 0, null)]
    [InlineData("""{"prompt_tokens":50,"completion_tokens":20,"total_tokens":77,"completion_tokens_details":{"reasoning_tokens":7}}""", 50, 0, 0, 27, 7, null)]
    [InlineData("""{"prompt_tokens":50,"completion_tokens":-3,"prompt_tokens_details":null,"cost":null}""", 50, 0, 0, 0, 0, null)]
    public void Input_is_net_of_the_cache_and_never_negative(string usage, long input, long read, long written, long output, long reasoning, double? cost)
    {
        Usage expected = new() { Input = input, CacheRead = read, CacheWrite = written, Output = output, Reasoning = reasoning, Cost = (decimal?)cost };
        Assert.Equal(expected, Counted(Events(Kimi, $$"""{"choices":[],"usage":{{usage}}}"""))[^1]);
        Assert.Equal(expected, Counted(Events(Kimi, $$"""{"choices":[{"delta":{},"finish_reason":"stop","usage":{{usage}}}]}"""))[^1]);
    }

    [Fact]
    public void Usage_comes_between_the_finish_reason_and_the_end() => Assert.Equal(
        [Started, Text, "a", Closed, new ReplyEvent.Counted(new() { Input = 3, Output = 1 }), Finished(StopReason.EndTurn)],
        Events(Plain, """{"id":"r1","model":"m","choices":[{"delta":{"content":"a"},"finish_reason":"stop"}],"usage":null}""",
            """{"id":"r1","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}""", "[DONE]"));

    [Fact]
    public void Usage_in_every_chunk_is_told_when_it_changes() =>
        Assert.Equal([new() { Input = 3, Output = 1 }, new() { Input = 3, Output = 2 }], Counted(Events(SelfHosted,
            """{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""",
            """{"choices":[{"delta":{"content":"b"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""",
            """{"choices":[{"delta":{"content":"c"}}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""")));

    // Details.

    [Fact]
    public void Fragments_of_reasoning_details_become_one_entry_whose_text_is_not_kept_twice() => Assert.Equal(
        [
            Started, Thinking, "Let me", " look.",
            Sealed(OpenRouter, """[{"type":"reasoning.text","text":true,"format":"anthropic-claude-v1","index":0,"signature":"abc"}]"""),
            Text, "Hi", Closed, Finished(StopReason.EndTurn),
        ],
        Deltas(OpenRouter, "stop",
            """{"reasoning":"Let me","reasoning_details":[{"type":"reasoning.text","text":"Let me","format":"anthropic-claude-v1","index":0}]}""",
            """{"reasoning":" look.","reasoning_details":[{"type":"reasoning.text","text":" look.","signature":null,"format":"anthropic-claude-v1","index":0}]}""",
            """{"reasoning":null,"reasoning_details":[{"type":"reasoning.text","signature":"abc","format":"anthropic-claude-v1","index":0}]}""",
            """{"content":"Hi"}"""));

    [Fact]
    public void Details_alone_are_read_as_thinking() => Assert.Equal(
        [
            Started, Thinking, "Sum", "mary",
            Sealed(OpenRouter, """[{"type":"reasoning.summary","summary":"Summary","index":0},{"type":"reasoning.encrypted","data":"xyz","id":"rs_1","index":1}]"""),
            Finished(StopReason.EndTurn),
        ],
        Deltas(OpenRouter, "stop",
            """{"reasoning_details":[{"type":"reasoning.summary","summary":"Sum","index":0}]}""",
            """{"reasoning_details":[{"type":"reasoning.summary","summary":"mary","index":0},{"type":"reasoning.encrypted","data":"xyz","id":"rs_1","index":1}]}"""));

    [Fact]
    public void Encrypted_details_that_come_after_the_text_are_kept_before_the_calls() => Assert.Equal(
        [
            Started, Text, "Hi", Closed, Thinking, Sealed(OpenRouter, """[{"type":"reasoning.encrypted","data":"xyz","index":0}]"""),
            Call("a", "Read"), "{}", Closed, Finished(StopReason.ToolUse),
        ],
        Deltas(OpenRouter, "tool_calls", """{"content":"Hi"}""",
            """{"tool_calls":[{"index":0,"id":"a","function":{"name":"Read","arguments":"{}"}}],"reasoning_details":[{"type":"reasoning.encrypted","data":"xyz","index":0}]}"""));

    // Whole bodies.

    [Fact]
    public void A_whole_body_gives_the_events_that_its_stream_would_have_given()
    {
        List<ReplyEvent> events = [];
        new ReplyReader(Kimi).ReadWhole(Encoding.UTF8.GetBytes("""
            {"id":"r1","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi","reasoning_content":"Hm",
              "tool_calls":[{"id":"a","type":"function","function":{"name":"Read","arguments":"{}"}},{"id":"b","type":"function","function":{"name":"Read","arguments":"{}"}}]},
              "finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}
            """), events);
        Assert.Equal(
            [
                Started, Thinking, "Hm", Sealed(Kimi), Text, "Hi", Closed, new ReplyEvent.Counted(new() { Input = 3, Output = 1 }),
                Call("a", "Read"), "{}", Closed, Call("b", "Read"), "{}", Closed, Finished(StopReason.ToolUse),
            ], events);
    }

    [Theory]
    [InlineData("""{"error":{"message":"no","type":"rate_limit_reached_error"}}""", typeof(Failure.RateLimited))]
    [InlineData("""{"choices":[]}""", typeof(Failure.Garbled))]
    [InlineData("<html></html>", typeof(Failure.Garbled))]
    [InlineData("", typeof(Failure.Garbled))]
    public void A_whole_body_that_is_no_reply_is_a_failure(string body, Type expected)
    {
        List<ReplyEvent> events = [];
        new ReplyReader(Kimi).ReadWhole(Encoding.UTF8.GetBytes(body), events);
        Assert.IsType(expected, Failed(events));
    }

    static Failure Failed(List<ReplyEvent> events) => Assert.IsType<ReplyEvent.Failed>(events[^1].Value).Failure;

    static List<Usage> Counted(List<ReplyEvent> events) => [.. events.Select(each => each.Value).OfType<ReplyEvent.Counted>().Select(each => each.Usage)];
}
