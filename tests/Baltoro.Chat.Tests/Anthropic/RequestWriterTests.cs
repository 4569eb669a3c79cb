// Single parts of a Messages request, written for an upstream.

using System.Text.Json.Nodes;
using Baltoro.Chat.Anthropic;

namespace Baltoro.Chat.Tests.Anthropic;

public class RequestWriterTests
{
    static readonly ChatRequest Hi = new() { Model = "m", Turns = [new Turn.User([new Block.Text("hi")])] };

    static JsonNode Written(ChatRequest request, ModelCard card) => Wire.Parse(Wire.Write(request, card));

    static string? Block(Block block, ModelCard? card = null) =>
        Written(Hi with { Turns = [new Turn.Assistant([block])] }, card ?? Wire.ClaudeCard)["messages"]![0]!["content"]![0]?.ToJsonString();

    [Fact]
    public void A_request_that_says_little_is_written_with_a_model_a_stream_and_a_limit() =>
        Assert.Equal(
            """{"model":"kimi-k2-thinking","stream":true,"max_tokens":32768,"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""",
            Wire.Write(Hi, Wire.KimiCard));

    [Theory]
    [InlineData("", "{}")]
    [InlineData("""{ "a": 1.0 }""", """{"a":1.0}""")]
    [InlineData("{\"a", """{"__unparsedToolInput":{"raw":"{\u0022a","len":3}}""")]
    [InlineData("[1]", """{"__unparsedToolInput":{"raw":"[1]","len":3}}""")]
    [InlineData("{} {}", """{"__unparsedToolInput":{"raw":"{} {}","len":5}}""")]
    public void Arguments_that_are_no_object_are_wrapped_so_that_nothing_is_lost(string arguments, string input) =>
        Assert.Equal($$"""{"type":"tool_use","id":"a","name":"N","input":{{input}}}""", Block(new Block.ToolCall("a", "N", arguments)));

    [Fact]
    public void Row_3_thinking_stays_a_thinking_block_on_a_Messages_endpoint()
    {
        Assert.Equal("""{"type":"thinking","thinking":"t","signature":""}""", Block(new Block.Thinking("t"), Wire.KimiCard));
        Assert.Equal("""{"type":"thinking","thinking":"t","signature":"sig"}""", Block(new Block.Thinking("t", new Seal(Wire.Kimi, "sig")), Wire.KimiCard));
    }

    [Fact]
    public void Row_4_no_reasoning_content_is_added_to_the_Messages_format() =>
        Assert.DoesNotContain("reasoning_content", Wire.Write(Hi with { Turns = [new Turn.Assistant([new Block.Thinking("t"), new Block.ToolCall("a", "N", "{}")])] }, Wire.KimiCard));

    [Fact]
    public void Thinking_and_redacted_thinking_go_to_Claude_with_its_own_words()
    {
        Assert.Equal("""{"type":"thinking","thinking":"","signature":"Eq"}""", Block(new Block.Thinking("", new Seal(Wire.Claude, "Eq"))));
        Assert.Equal("""{"type":"redacted_thinking","data":"cipher"}""", Block(new Block.RedactedThinking("cipher", Wire.Claude)));
    }

    [Fact]
    public void Row_31_a_marker_that_the_rules_reduced_is_reduced_in_opaque_blocks_too()
    {
        Block.Opaque read = (Block.Opaque)Wire.ReadBlock("""{"type":"search_result","cache_control":{"type":"ephemeral","scope":"global"},"title":"T"}""");
        Assert.Equal("""{"type":"search_result","cache_control":{"type":"ephemeral","scope":"global"},"title":"T"}""", Block(read));
        Assert.Equal("""{"type":"search_result","title":"T"}""", Block(read with { CacheControl = null }));
        Assert.Equal("""{"type":"search_result","title":"T","cache_control":{"type":"ephemeral"}}""",
            Block(read with { CacheControl = RawJson.Of("""{"type":"ephemeral"}""") }));
    }

    [Fact]
    public void Blocks_of_the_other_format_are_not_written() =>
        Assert.Empty(Written(Hi with { Turns = [new Turn.Assistant([new Block.Opaque(WireFormat.OpenAI, "x", RawJson.Of("{}"))])] }, Wire.ClaudeCard)
            ["messages"]![0]!["content"]!.AsArray());

    [Theory]
    [InlineData(ThinkingSupport.Adaptive, ThinkingMode.Adaptive, null, """{"type":"adaptive"}""")]
    [InlineData(ThinkingSupport.Adaptive, ThinkingMode.On, 5000, """{"type":"adaptive"}""")]
    [InlineData(ThinkingSupport.Adaptive, ThinkingMode.Off, null, null)]
    [InlineData(ThinkingSupport.Budget, ThinkingMode.On, 5000, """{"type":"enabled","budget_tokens":5000}""")]
    [InlineData(ThinkingSupport.Budget, ThinkingMode.On, 90000, """{"type":"enabled","budget_tokens":9999}""")]
    [InlineData(ThinkingSupport.Budget, ThinkingMode.Off, null, """{"type":"disabled"}""")]
    [InlineData(ThinkingSupport.Switchable, ThinkingMode.Adaptive, null, """{"type":"enabled","budget_tokens":8000}""")]
    [InlineData(ThinkingSupport.Switchable, ThinkingMode.Off, null, """{"type":"disabled"}""")]
    [InlineData(ThinkingSupport.Always, ThinkingMode.Off, null, null)]
    [InlineData(ThinkingSupport.None, ThinkingMode.On, 5000, null)]
    [InlineData(ThinkingSupport.Switchable, ThinkingMode.Unset, null, null)]
    public void Thinking_is_asked_for_in_the_form_that_the_model_takes(ThinkingSupport support, ThinkingMode mode, int? budget, string? written) =>
        Assert.Equal(written, Written(
            Hi with { OutputLimit = 10_000, Thinking = new() { Mode = mode, Budget = budget } },
            Wire.ClaudeCard with { Thinking = support })["thinking"]?.ToJsonString());

    [Fact]
    public void An_effort_is_sent_where_the_model_has_it_and_announced_to_Anthropic()
    {
        ChatRequest request = Hi with { Thinking = new() { Effort = Effort.High } };
        Assert.Equal("""{"effort":"high"}""", Written(request, Wire.ClaudeCard)["output_config"]!.ToJsonString());
        Assert.Null(Written(request, Wire.KimiCard)["output_config"]);
        Assert.Equal([new Header("anthropic-beta", "effort-2025-11-24")], RequestWriter.Headers(request, Wire.ClaudeCard));
        Assert.Equal([new Header("anthropic-beta", "a,effort-2025-11-24")],
            RequestWriter.Headers(request with { Headers = [new("anthropic-beta", "a")] }, Wire.ClaudeCard));
    }

    [Fact]
    public void A_tool_choice_without_tools_is_left_out() =>
        Assert.Null(Written(Hi with { ToolChoice = new ToolChoice.Auto() }, Wire.ClaudeCard)["tool_choice"]);

    [Fact]
    public void Unknown_fields_of_the_other_format_go_nowhere() =>
        Assert.Equal(Wire.Write(Hi, Wire.ClaudeCard),
            Wire.Write(Hi with { Extra = new(WireFormat.OpenAI, [new("logit_bias", RawJson.Of("{}"))]) }, Wire.ClaudeCard));

    [Fact]
    public void A_growing_conversation_keeps_its_bytes()
    {
        ChatRequest shorter = Hi with { System = [new Block.Text("S")], Tools = [new ToolSpec.Function("N", null, RawJson.Of("{}"))] };
        ChatRequest longer = shorter with { Turns = [.. shorter.Turns, new Turn.Assistant([new Block.Text("ho")]), new Turn.User([new Block.Text("x")])] };
        string prefix = Wire.Write(shorter, Wire.ClaudeCard)[..^"]}".Length];
        Assert.StartsWith(prefix, Wire.Write(longer, Wire.ClaudeCard));
    }
}
