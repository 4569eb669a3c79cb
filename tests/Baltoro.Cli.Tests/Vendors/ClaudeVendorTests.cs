// The scripted servers of Anthropic Messages refuse what the real ones refuse, in their words.

using Baltoro.ScriptedUpstream.Vendors.Messages;

namespace Baltoro.Cli.Tests.Vendors;

public class ClaudeVendorTests
{
    const string Hello = """{"role":"user","content":"hello"}""";
    const string ContextManagement = "\"context_management\":{\"edits\":[{\"type\":\"clear_thinking_20251015\",\"keep\":\"all\"}]}";
    const string ContextManagementBeta = "context-management-2025-06-27";

    [Fact]
    public Task Claude_takes_back_no_thinking_that_it_did_not_sign() => Refuses(
        "messages.1.content.0: Invalid `signature` in `thinking` block",
        Body($$"""{{Hello}},{"role":"assistant","content":[{"type":"thinking","thinking":"mine","signature":"Zm9yZ2Vk"},{"type":"text","text":"x"}]},{{Hello}}"""));

    [Fact]
    public Task Claude_takes_back_no_thinking_whose_text_was_changed()
    {
        var signature = new Claude().Sign("as shown", "as thought");
        return Refuses("Invalid `signature`",
            Body($$"""{{Hello}},{"role":"assistant","content":[{"type":"thinking","thinking":"as shown?","signature":"{{signature}}"},{"type":"text","text":"x"}]},{{Hello}}"""));
    }

    [Fact]
    public Task Claude_refuses_ids_of_other_vendors() => Refuses("tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'",
        Body($"{Hello},{Called("functions.Read:0")},{Results("functions.Read:0")}"));

    [Fact]
    public Task Claude_wants_the_result_of_each_call_in_the_next_message() => Refuses(
        "messages.1: `tool_use` ids were found without `tool_result` blocks immediately after: b",
        Body($"{Hello},{Called("a", "b")},{Results("a")}"));

    [Fact]
    public Task Claude_wants_results_before_anything_else_in_their_message() => Refuses("unexpected `tool_use_id`",
        Body($$"""{{Hello}},{{Called("a")}},{"role":"user","content":[{"type":"text","text":"first"},{"type":"tool_result","tool_use_id":"a","content":"x"}]}"""));

    [Fact]
    public Task Claude_wants_a_thought_before_the_open_calls_when_thinking_is_enabled() => Refuses("Expected `thinking` or `redacted_thinking`, but found `tool_use`",
        Body($"{Hello},{Called("a")},{Results("a")}", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}"));

    [Fact]
    public Task Claude_marks_no_empty_text_for_its_cache() => Refuses("cache_control cannot be set for empty text blocks",
        Body("""{"role":"user","content":[{"type":"text","text":"","cache_control":{"type":"ephemeral"}}]}"""));

    [Fact]
    public Task Claude_allows_four_cache_marks() => Refuses("A maximum of 4 blocks with cache_control may be provided. Found 5.",
        Body($$"""{"role":"user","content":[{{string.Join(',', Enumerable.Repeat("""{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}""", 5))}}]}"""));

    [Fact]
    public Task Claude_knows_no_other_fields() => Refuses("reasoning_effort: Extra inputs are not permitted", Body(Hello, "\"reasoning_effort\":\"high\""));

    [Fact]
    public Task Context_management_needs_its_beta() => Refuses("context_management: Extra inputs are not permitted",
        Body(Hello, "\"thinking\":{\"type\":\"adaptive\"}," + ContextManagement));

    [Fact]
    public Task Clearing_thinking_needs_thinking() => Refuses("`clear_thinking_20251015` strategy requires `thinking` to be enabled",
        Body(Hello, ContextManagement), ContextManagementBeta);

    [Fact]
    public Task Context_management_with_its_beta_and_a_system_message_in_the_middle_are_fine() => Asking.Accepts(new Claude(),
        Body($$"""{{Hello}},{"role":"system","content":"now"}""", "\"thinking\":{\"type\":\"adaptive\"}," + ContextManagement), betas: ContextManagementBeta);

    [Fact]
    public Task An_output_limit_is_required() => Refuses("max_tokens: Field required", $$"""{"model":"m","messages":[{{Hello}}]}""");

    [Fact]
    public Task A_compatible_server_knows_no_system_message_in_the_middle() => Asking.Refuses(new CompatibleMessages(),
        "messages[1].role: unknown variant `system`", Body($$"""{{Hello}},{"role":"system","content":"now"}"""));

    [Fact]
    public Task A_compatible_server_knows_no_tool_references() => Asking.Refuses(new CompatibleMessages(), "unknown content block type: tool_reference",
        Body($$"""{{Hello}},{{Called("functions.Read:0")}},{"role":"user","content":[{"type":"tool_result","tool_use_id":"functions.Read:0","content":[{"type":"tool_reference","tool_name":"x"}]}]}"""));

    [Fact]
    public Task A_compatible_server_wants_the_thinking_of_every_call() => Asking.Refuses(new CompatibleMessages(),
        "reasoning_content is missing in assistant tool call message at index 1",
        Body($"{Hello},{Called("functions.Read:0")},{Results("functions.Read:0")}", "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024}"));

    static Task Refuses(string words, string body, string? betas = null) => Asking.Refuses(new Claude(), words, body, betas);

    static string Body(string messages, string? more = null) =>
        $$"""{"model":"m","max_tokens":2048,"messages":[{{messages}}]{{(more is null ? "" : "," + more)}}}""";

    static string Called(params string[] ids) => $$"""
        {"role":"assistant","content":[{{string.Join(',', ids.Select(id => $$$"""{"type":"tool_use","id":"{{{id}}}","name":"Read","input":{}}"""))}}]}
        """;

    static string Results(params string[] ids) => $$"""
        {"role":"user","content":[{{string.Join(',', ids.Select(id => $$"""{"type":"tool_result","tool_use_id":"{{id}}","content":"x"}"""))}}]}
        """;
}
