// GLM's and DeepSeek's formats against prompts and replies written by hand from their templates.

using Baltoro.Chat;
using Baltoro.Models.Local;

namespace Baltoro.Models.Tests.Local;

public class OtherFormatTests
{
    static readonly GlmFormat Glm = new();
    static readonly DeepSeekFormat DeepSeek = new();

    static readonly ChatRequest Task = Shown.Asked(
        Shown.User("Hi"),
        new Turn.Assistant([new Block.Thinking("old"), new Block.Text("Hello.")]),
        Shown.User("Weather?"),
        new Turn.Assistant([new Block.Thinking("look"), new Block.Text("Looking."),
            new Block.ToolCall("call_0", "get_weather", """{"city":"Oslo","days":2}"""), new Block.ToolCall("call_1", "get_weather", """{"city":"Rome"}""")]),
        new Turn.User([new Block.ToolResult("call_0", [new Block.Text("rain")]), new Block.ToolResult("call_1", [new Block.Text("sun")])])) with { System = [new Block.Text("S")] };

    [Fact]
    public void GLM_writes_arguments_in_pairs_and_drops_the_thinking_of_before_the_user_spoke() => Assert.Equal(
        "[gMASK]<sop><|system|>S<|user|>Hi<|assistant|></think>Hello.<|user|>Weather?<|assistant|><think>look</think>Looking."
        + "<tool_call>get_weather<arg_key>city</arg_key><arg_value>Oslo</arg_value><arg_key>days</arg_key><arg_value>2</arg_value></tool_call>"
        + "<tool_call>get_weather<arg_key>city</arg_key><arg_value>Rome</arg_value></tool_call>"
        + "<|observation|><tool_response>rain</tool_response><tool_response>sun</tool_response><|assistant|><think>", Glm.Prompt(Task));

    [Fact]
    public void GLM_keeps_all_thinking_when_asked_to_and_thinks_only_when_wanted() => Assert.Equal(
        "[gMASK]<sop><|user|>Hi<|assistant|><think>old</think>Hello.<|user|>Bye<|assistant|></think>",
        Glm.Prompt(Shown.Asked(Shown.User("Hi"), new Turn.Assistant([new Block.Thinking("old"), new Block.Text("Hello.")]), Shown.User("Bye")) with { Thinking = new() { Mode = ThinkingMode.Off, KeepAll = true } }));

    [Fact]
    public void GLM_s_tools_stand_in_front_one_to_a_line() => Assert.StartsWith(
        "[gMASK]<sop><|system|>\n# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function signatures within <tools></tools> XML tags:\n<tools>\n"
        + "{\"type\": \"function\", \"function\": {\"name\": \"get_weather\"", Glm.Prompt(Task with { Tools = [Shown.Weather] }), StringComparison.Ordinal);

    [Theory]
    [InlineData("hm</think>Yes.", "(hm) Yes. [EndTurn]")]
    [InlineData("hm</think>Go.<tool_call>get_weather<arg_key>city</arg_key><arg_value>12</arg_value><arg_key>days</arg_key><arg_value>2</arg_value></tool_call>",
        "(hm) Go. call_0=get_weather({\"city\": \"12\", \"days\": 2}) [ToolUse]")]
    [InlineData("</think><tool_call>other\n<arg_key>a</arg_key>\n<arg_value>[1, \"x\"]</arg_value>\n<arg_key>b</arg_key>\n<arg_value>no json</arg_value>\n</tool_call>\n<tool_call>none</tool_call>\n",
        "call_0=other({\"a\": [1, \"x\"], \"b\": \"no json\"}) call_1=none({}) [ToolUse]")]
    public void GLM_s_replies_are_read_from_their_marks(string written, string expected) =>
        Assert.Equal(expected, Glm.Read(Shown.Asked(Shown.User("x")) with { Tools = [Shown.Weather] }, written).Reply?.Line());

    [Theory]
    [InlineData("""{"type":"string"}""", "\"12\"")]
    [InlineData("""{"type":["string"]}""", "\"12\"")]
    [InlineData("""{"type":["string","null"]}""", "12")]
    [InlineData("""{"type":"integer"}""", "12")]
    public void GLM_s_texts_are_texts_however_their_type_is_spelled(string argument, string value) => Assert.Equal($$"""call_0=f({"a": {{value}}}) [ToolUse]""",
        Glm.Read(Shown.Asked(Shown.User("x")) with { Tools = [new ToolSpec.Function("f", null, RawJson.Of($$$"""{"properties":{"a":{{{argument}}}}}"""))] },
            "</think><tool_call>f<arg_key>a</arg_key><arg_value>12</arg_value></tool_call>").Reply?.Line());

    [Fact]
    public void DeepSeek_goes_on_behind_results_without_a_header() => Assert.Equal(
        "<｜begin▁of▁sentence｜>S<｜User｜>Hi<｜Assistant｜></think>Hello.<｜end▁of▁sentence｜><｜User｜>Weather?<｜Assistant｜></think>Looking."
        + "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\":\"Oslo\",\"days\":2}<｜tool▁call▁end｜><｜tool▁call▁begin｜>get_weather<｜tool▁sep｜>{\"city\":\"Rome\"}<｜tool▁call▁end｜>"
        + "<｜tool▁calls▁end｜><｜end▁of▁sentence｜><｜tool▁output▁begin｜>rain<｜tool▁output▁end｜><｜tool▁output▁begin｜>sun<｜tool▁output▁end｜>", DeepSeek.Prompt(Task));

    [Theory]
    [InlineData(ThinkingMode.On, "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜><think>")]
    [InlineData(ThinkingMode.Unset, "<｜begin▁of▁sentence｜><｜User｜>Hi<｜Assistant｜></think>")]
    public void DeepSeek_thinks_when_it_is_told_to(ThinkingMode mode, string prompt) =>
        Assert.Equal(prompt, DeepSeek.Prompt(Shown.Asked(Shown.User("Hi")) with { Thinking = new() { Mode = mode } }));

    [Fact]
    public void DeepSeek_calls_tools_without_thinking() =>
        Assert.EndsWith("<｜Assistant｜></think>", DeepSeek.Prompt(Shown.Asked(Shown.User("Hi")) with { Tools = [Shown.Weather], Thinking = new() { Mode = ThinkingMode.On } }), StringComparison.Ordinal);

    [Theory]
    [InlineData("Go.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{\"a\":1}<｜tool▁call▁end｜><｜tool▁call▁begin｜>g<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>", "Go. call_0=f({\"a\":1}) call_1=g({}) [ToolUse]")]
    [InlineData("Hello.", "Hello. [EndTurn]")]
    public void DeepSeek_s_replies_are_read_from_their_marks(string written, string expected) => Assert.Equal(expected, DeepSeek.Read(Shown.Asked(Shown.User("x")), written).Reply?.Line());

    [Fact]
    public void Ids_count_on_over_the_conversation() =>
        Assert.Equal("call_2=f({}) [ToolUse]", DeepSeek.Read(Task, "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>f<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>").Reply?.Line());

    [Theory]
    [InlineData(false, "<｜begin▁of▁sentence｜>S<｜User｜>Hi<｜Assistant｜>Hello.<｜end▁of▁sentence｜><｜User｜>Bye<｜Assistant｜>")]
    [InlineData(true, "<｜begin▁of▁sentence｜>S<｜User｜>Hi<｜Assistant｜>Hello.<｜end▁of▁sentence｜><｜User｜>Bye<｜Assistant｜><think>\n")]
    public void V3_and_R1_have_nothing_behind_the_header_but_words_and_R1_s_thinking(bool thinks, string prompt) => Assert.Equal(prompt, new EarlierDeepSeekFormat(thinks).Prompt(
        Shown.Asked(Shown.User("Hi"), new Turn.Assistant([new Block.Thinking("old"), new Block.Text("Hello.")]), Shown.User("Bye")) with { System = [new Block.Text("S")] }));

    [Fact]
    public void R1_is_thinking_from_its_first_token() => Assert.Equal("(hm) Yes. [EndTurn]", new EarlierDeepSeekFormat(thinks: true).Read(Shown.Asked(Shown.User("x")), "hm</think>Yes.").Reply?.Line());

    [Fact]
    public void A_file_without_a_format_is_asked_in_a_dialogue() => Assert.Equal("[BOS]S\n\nUser: Hi\n\nAssistant: Hello.[EOS]User: Bye\n\nAssistant:",
        new DialogueFormat("[BOS]", "[EOS]").Prompt(Shown.Asked(Shown.User("Hi"), new Turn.Assistant([new Block.Text("Hello.")]), Shown.User("Bye")) with { System = [new Block.Text("S")] }));
}
