// What users of other gateways complained about, each complaint a test; the numbers are the rows of the table of known failures.

using System.Text.Json;
using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class KnownFailures
{
    static readonly ChatRequest Loop = Request(
        new Turn.User([new Block.Text("Hi")]),
        new Turn.Assistant([new Block.Thinking("I should read."), new Block.ToolCall("functions.Read:0", "Read", "{}")]),
        new Turn.User([new Block.ToolResult("functions.Read:0", [new Block.Text("one")])]),
        new Turn.Assistant([new Block.ToolCall("functions.Read:1", "Read", "{}")]),
        new Turn.User([new Block.ToolResult("functions.Read:1", [new Block.Text("two")])]));

    static string[] AssistantMessages(ModelCard card)
    {
        using JsonDocument messages = JsonDocument.Parse(Messages(Loop, card));
        return [.. messages.RootElement.EnumerateArray().Where(message => message.GetProperty("role").GetString() == "assistant").Select(message => message.GetRawText())];
    }

    [Fact, Trait("row", "1"), Trait("row", "2")]
    public void Thinking_is_enabled_but_reasoning_content_is_missing_in_assistant_tool_call_message() => Assert.Equal(
        [
            """{"role":"assistant","reasoning_content":"I should read.","tool_calls":[{"id":"functions.Read:0","type":"function","function":{"name":"Read","arguments":"{}"}}]}""",
            """{"role":"assistant","reasoning_content":"","tool_calls":[{"id":"functions.Read:1","type":"function","function":{"name":"Read","arguments":"{}"}}]}""",
        ],
        AssistantMessages(Kimi));

    [Fact, Trait("row", "4")]
    public void A_gateway_added_reasoning_content_where_the_upstreams_protocol_has_none() =>
        Assert.All([Plain, OpenRouter], card => Assert.DoesNotContain("reasoning_content", Write(Loop, card)));

    [Fact, Trait("row", "5")]
    public void The_reasoning_content_in_the_thinking_mode_must_be_passed_back_to_the_API() =>
        Assert.All(AssistantMessages(DeepSeek), message => Assert.Contains("\"reasoning_content\":", message));

    [Fact, Trait("row", "13")]
    public void Content_block_is_not_a_thinking_block_when_the_model_thinks_twice() => Assert.Equal(
        [Started, Thinking, "a", Sealed(Kimi), Text, "b", Closed, Thinking, "c", Sealed(Kimi), Text, "d", Closed, Finished(StopReason.EndTurn)],
        Deltas(Kimi, "stop", """{"reasoning_content":"a"}""", """{"content":"b"}""", """{"reasoning_content":"c"}""", """{"content":"d"}"""));

    [Fact, Trait("row", "14")]
    public void Content_block_is_not_a_text_block_on_text_call_text() => Assert.Equal(
        [Started, Text, "a", Closed, Text, "b", Closed, Call("x", "Read"), "{}", Closed, Finished(StopReason.ToolUse)],
        Deltas(Kimi, "tool_calls", """{"content":"a"}""", """{"tool_calls":[{"index":0,"id":"x","function":{"name":"Read","arguments":"{}"}}]}""", """{"content":"b"}"""));

    [Fact, Trait("row", "15")]
    public void A_thinking_delta_inside_a_text_block_and_a_second_start_of_the_message() => Assert.Equal(
        [Started, Text, "a", Closed, Thinking, "b", Sealed(Kimi), Finished(StopReason.EndTurn)],
        Deltas(Kimi, "stop", """{"role":"assistant","content":"a"}""", """{"role":"assistant","content":"","reasoning_content":"b"}"""));

    [Fact, Trait("row", "16")]
    public void A_line_break_between_two_tool_calls_ended_up_inside_a_call() => Assert.Equal(
        [Started, Call("x", "Read"), "{}", Closed, Call("y", "Read"), "{}", Closed, Finished(StopReason.ToolUse)],
        Deltas(SelfHosted, "tool_calls",
            """{"content":"\n"}""", """{"tool_calls":[{"index":0,"id":"x","function":{"name":"Read","arguments":"{}"}}]}""", """{"content":"\n"}""",
            """{"tool_calls":[{"index":1,"id":"y","function":{"name":"Read","arguments":"{}"}}]}""", """{"content":" \n"}"""));

    [Fact, Trait("row", "17")]
    public void Content_block_not_found_for_parallel_calls_whose_pieces_alternate() => Assert.Equal(
        [Started, Call("x", "Read"), """{"a":1}""", Closed, Call("y", "Grep"), """{"b":2}""", Closed, Finished(StopReason.ToolUse)],
        Deltas(Glm, "tool_calls",
            """{"tool_calls":[{"index":5,"id":"y","function":{"name":"Grep","arguments":"{\"b\""}}]}""", """{"tool_calls":[{"index":2,"id":"x","function":{"name":"Read","arguments":"{\"a\""}}]}""",
            """{"tool_calls":[{"index":5,"function":{"arguments":":2}"}}]}""", """{"tool_calls":[{"index":2,"function":{"arguments":":1}"}}]}"""));

    [Theory, Trait("row", "18")]
    [InlineData("""{"index":0,"id":"x","function":{"name":"Read","arguments":"{}"}}""", """{"index":0,"id":"y","function":{"name":"Read","arguments":"{}"}}""")]
    [InlineData("""{"id":"x","function":{"name":"Read","arguments":"{}"}}""", """{"id":"y","function":{"name":"Read","arguments":"{}"}}""")]
    [InlineData("""{"index":0,"id":"x","function":{"name":"Read","arguments":"{}"}}""", """{"index":1,"id":"y","function":{"name":"Read","arguments":"{}"}}""")]
    public void Parallel_calls_were_merged_into_one(string first, string second)
    {
        List<ReplyEvent> expected = [Started, Call("x", "Read"), "{}", Closed, Call("y", "Read"), "{}", Closed, Finished(StopReason.ToolUse)];
        Assert.Equal(expected, Deltas(Plain, "tool_calls", $$"""{"tool_calls":[{{first}}]}""", $$"""{"tool_calls":[{{second}}]}"""));
        Assert.Equal(expected, Deltas(Plain, "tool_calls", $$"""{"tool_calls":[{{first}},{{second}}]}"""));
    }

    [Theory, Trait("row", "19"), Trait("row", "41")]
    [InlineData("stop")]
    [InlineData("length")]
    [InlineData("unexpected_state")]
    public void A_turn_with_text_and_a_call_ended_as_if_there_were_no_call(string reason) =>
        Assert.Equal(Finished(StopReason.ToolUse),
            Deltas(Kimi, reason, """{"content":"a"}""", """{"tool_calls":[{"index":0,"id":"x","function":{"name":"Read","arguments":"{}"}}]}""")[^1].Value);

    [Fact, Trait("row", "20")]
    public void The_upstream_died_in_mid_stream_and_the_client_saw_a_clean_end()
    {
        List<ReplyEvent> events = Events(Kimi, """{"choices":[{"delta":{"content":"I will now"}}]}""");
        Assert.IsType<Failure.Cut>(Assert.IsType<ReplyEvent.Failed>(events[^1].Value).Failure);
        Assert.DoesNotContain("[DONE]", Written(Writer(), [.. events]));
    }

    [Fact, Trait("row", "23")]
    public void Input_tokens_were_zero_so_compaction_never_fired() => Assert.Contains(
        new ReplyEvent.Counted(new() { Input = 6, CacheRead = 4, Output = 5 }),
        Events(Plain, """{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}""",
            """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":4}}}""", "[DONE]"));

    [Fact, Trait("row", "24")]
    public void Local_servers_were_never_asked_for_usage() =>
        Assert.All([Kimi, Glm, DeepSeek, OpenRouter, SelfHosted, Plain], card => Assert.Contains("\"stream\":true,\"stream_options\":{\"include_usage\":true}", Write(Loop, card)));

    [Fact, Trait("row", "25")]
    public void Input_tokens_were_six_hundred_million() => Assert.DoesNotContain(
        Events(Plain, """{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":675947905,"completion_tokens":5}}"""),
        each => each.Value is ReplyEvent.Counted);

    [Fact, Trait("row", "26")]
    public void An_overflow_in_the_stream_became_a_clean_end() => Assert.Equal(
        new ReplyEvent.Failed(new Failure.PromptTooLong(269030, 262144) { Status = 400 }),
        Events(Kimi, """{"error":{"code":"context_length_exceeded","message":"Your request exceeded model token limit: 262144 (requested: 269030)"}}""")[^1].Value);

    [Fact, Trait("row", "34")]
    public void An_image_in_a_tool_result_reached_the_upstream_as_base64_in_a_text() => Assert.Equal(
        """[{"role":"tool","tool_call_id":"a","content":"A picture:\n[image]"},{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}]""",
        Messages(Request(
            new Turn.User([new Block.ToolResult("a", [new Block.Text("A picture:"), new Block.Image(new Media.Inline("image/png", "iVBO"))])]),
            new Turn.User([new Block.Image(new Media.Inline("image/png", "iVBO"))])), Kimi));

    [Fact, Trait("row", "45")]
    public void Thinking_was_replayed_as_visible_text() =>
        Assert.All([Kimi, Glm, DeepSeek, OpenRouter, SelfHosted, Plain], card =>
        {
            using JsonDocument messages = JsonDocument.Parse(Messages(Loop, card));
            Assert.DoesNotContain(messages.RootElement.EnumerateArray(), message =>
                message.TryGetProperty("content", out JsonElement content) && content.GetRawText().Contains("I should read.", StringComparison.Ordinal));
        });
}
