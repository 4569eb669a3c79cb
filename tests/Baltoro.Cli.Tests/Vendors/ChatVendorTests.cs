// The scripted Chat Completions vendors refuse what the real ones refuse, in their words.

using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Cli.Tests.Vendors;

public class ChatVendorTests
{
    const string Hello = """{"role":"user","content":"hello"}""";

    [Fact]
    public Task Every_vendor_wants_the_results_of_all_calls_directly_after_them() => Asking.Refuses(new SelfHosted(),
        "did not have response messages: b",
        Body($$"""{{Hello}},{{Called("a", "b")}},{{Result("a")}},{{Hello}}"""));

    [Fact]
    public Task Every_vendor_refuses_a_result_without_its_call() => Asking.Refuses(new SelfHosted(),
        "tool_call_id c is not found", Body($"{Hello},{Called("a")},{Result("a")},{Result("c")}"));

    [Fact]
    public Task Every_vendor_refuses_a_role_it_does_not_know() => Asking.Refuses(new DeepSeek(),
        "messages[1].role: unknown variant `developer`", Body($$"""{{Hello}},{"role":"developer","content":"x"}"""));

    [Fact]
    public Task Every_vendor_refuses_an_empty_text_part() => Asking.Refuses(new Kimi(),
        "text content is empty", Body("""{"role":"user","content":[{"type":"text","text":""}]}"""));

    [Fact]
    public Task Every_vendor_refuses_cache_control() => Asking.Refuses(new Glm(),
        "cache_control", Body("""{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral"}}]}"""));

    [Theory, InlineData("context_management"), InlineData("output_config"), InlineData("system")]
    public Task Every_vendor_refuses_fields_of_the_other_format(string field) => Asking.Refuses(new Kimi(),
        field, Body(Hello, $$"""
            "{{field}}":{}
            """));

    [Fact]
    public Task Every_vendor_refuses_arguments_that_are_not_an_object() => Asking.Refuses(new OpenRouter(),
        "function.arguments must be a JSON object", Body($"{Hello},{Called("a").Replace("{}", "{", StringComparison.Ordinal)},{Result("a")}"));

    [Fact]
    public Task Every_vendor_allows_128_tools_and_no_more() => Asking.Refuses(new Kimi(),
        "at most 128 tools", Body(Hello, $"\"tools\":[{string.Join(',', Enumerable.Range(0, 129).Select(i => Tool($"t{i}", "{\"type\":\"object\"}")))}]"));

    [Fact]
    public Task Kimi_wants_the_reasoning_of_every_turn_that_called_a_tool() => Asking.Refuses(new Kimi(),
        "thinking is enabled but reasoning_content is missing in assistant tool call message at index 1",
        Body($"{Hello},{Called("functions.Read:0")},{Result("functions.Read:0")}"));

    [Fact]
    public Task Kimi_takes_an_empty_reasoning() => Asking.Accepts(new Kimi(),
        Body($"{Hello},{Reasoned("functions.Read:0")},{Result("functions.Read:0")}"));

    [Fact]
    public Task Kimi_suffers_from_foreign_tool_ids() => Asking.Accepts(new Kimi(),
        Body($"{Hello},{Reasoned("toolu_1")},{Result("toolu_1")}"), suffering: "the model knows it as functions.Read:0");

    [Fact]
    public Task Kimi_allows_one_temperature() => Asking.Refuses(new Kimi(), "invalid temperature: only 1 is allowed", Body(Hello, "\"temperature\":0.6"));

    [Fact]
    public Task Kimi_cannot_be_forced_to_call_a_tool() => Asking.Refuses(new Kimi(), "tool_choice", Body(Hello, "\"tool_choice\":\"required\""));

    [Fact]
    public Task Kimi_refuses_a_property_without_a_type() => Asking.Refuses(new Kimi(),
        "At path 'properties.x': type is not defined", Body(Hello, $$"""
            "tools":[{{Tool("t", """{"type":"object","properties":{"x":{"enum":["a"]}}}""")}}]
            """));

    [Fact]
    public Task Kimi_refuses_more_output_than_its_window() => Asking.Refuses(new Kimi(), "max_tokens", Body(Hello, "\"max_tokens\":300000"));

    [Fact]
    public Task DeepSeek_wants_reasoning_on_all_turns_once_a_tool_was_used() => Asking.Refuses(new DeepSeek(),
        "must be passed back", Body($$"""{{Hello}},{{Reasoned("a")}},{{Result("a")}},{"role":"assistant","content":"done"},{{Hello}}"""));

    [Fact]
    public Task GLM_cannot_be_told_which_tool_to_choose() => Asking.Refuses(new Glm(), "only supports auto", Body(Hello, "\"tool_choice\":\"none\""));

    [Fact]
    public Task GLM_knows_no_max_completion_tokens() => Asking.Refuses(new Glm(), "max_completion_tokens", Body(Hello, "\"max_completion_tokens\":10"));

    [Fact]
    public Task A_strict_template_wants_the_system_message_first() => Asking.Refuses(new SelfHosted(),
        "System message must be at the beginning.", Body($$"""{{Hello}},{"role":"system","content":"x"}"""));

    static string Body(string messages, string? more = null) => $$"""{"model":"m","messages":[{{messages}}]{{(more is null ? "" : "," + more)}}}""";

    static string Called(params string[] ids) => $$"""
        {"role":"assistant","content":null,"tool_calls":[{{string.Join(',', ids.Select(id => $$$"""{"id":"{{{id}}}","type":"function","function":{"name":"Read","arguments":"{}"}}"""))}}]}
        """;

    static string Reasoned(string id) => Called(id).Replace("\"content\":null", "\"content\":null,\"reasoning_content\":\"\"", StringComparison.Ordinal);

    static string Result(string id) => $$"""{"role":"tool","tool_call_id":"{{id}}","content":"x"}""";

    static string Tool(string name, string schema) => $$$"""{"type":"function","function":{"name":"{{{name}}}","parameters":{{{schema}}}}}""";
}
