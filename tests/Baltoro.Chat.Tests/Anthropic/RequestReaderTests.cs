// Single parts of a Messages request, read.

using System.Text;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Tests.Anthropic;

public class RequestReaderTests
{
    [Fact]
    public void A_string_is_one_text_block_and_an_empty_one_is_none()
    {
        ChatRequest request = Wire.Read("""
            {"model":"m","system":"S","messages":[{"role":"user","content":"U"},{"role":"user","content":""}]}
            """).Request;
        Assert.Equal([new Block.Text("S")], request.System);
        Assert.Equal([new Turn.User([new Block.Text("U")]), new Turn.User([])], request.Turns);
    }

    [Fact]
    public void Max_tokens_may_be_missing_and_stream_defaults_to_no()
    {
        ClientRequest read = Wire.Read("""{"model":"m","messages":[]}""");
        Assert.Null(read.Request.OutputLimit);
        Assert.False(read.Stream);
    }

    [Fact]
    public void Row_46_thinking_without_a_signature_is_bare() =>
        Assert.Equal(new Block.Thinking("t"), Wire.ReadBlock("""{"type":"thinking","thinking":"t","signature":""}"""));

    [Fact]
    public void Row_8_our_own_envelope_is_opened()
    {
        Seal seal = new(Wire.Kimi, "sig", RawJson.Of("""[{"type":"reasoning.text"}]"""));
        Assert.Equal(new Block.Thinking("t", seal), Wire.ReadBlock($$"""{"type":"thinking","thinking":"t","signature":"{{Envelope.Pack(seal)}}"}"""));
        Block.RedactedThinking hidden = new("cipher", Wire.Claude);
        Assert.Equal(hidden, Wire.ReadBlock($$"""{"type":"redacted_thinking","data":"{{Envelope.Pack(hidden)}}"}"""));
    }

    [Fact]
    public void Row_6_and_7_a_strangers_signature_is_kept_without_an_origin() =>
        Assert.Equal(new Block.Thinking("t", new Seal(null, "EqQBCg==")),
            Wire.ReadBlock("""{"type":"thinking","thinking":"t","signature":"EqQBCg=="}"""));

    [Theory]
    [InlineData("""{"type":"tool_use","id":"a","name":"N"}""", "{}")]
    [InlineData("""{"type":"tool_use","id":"a","name":"N","input":{ "b" : 1.0 }}""", """{ "b" : 1.0 }""")]
    [InlineData("""{"type":"tool_use","id":"a","name":"N","input":{"__unparsedToolInput":{"raw":"{\"b","len":3}}}""", "{\"b")]
    [InlineData("""{"type":"tool_use","id":"a","name":"N","input":{"__unparsedToolInput":7}}""", """{"__unparsedToolInput":7}""")]
    [InlineData("""{"type":"tool_use","id":"a","name":"N","input":"{}"}""", "\"{}\"")]
    public void Arguments_are_the_text_that_the_model_wrote(string block, string arguments) =>
        Assert.Equal(new Block.ToolCall("a", "N", arguments), Wire.ReadBlock(block));

    [Fact]
    public void A_tool_result_holds_text_images_documents_and_references() =>
        Assert.Equal(
            new Block.ToolResult("a",
            [
                new Block.Text("x"),
                new Block.Image(new Media.Link("https://a.b/c.png")),
                new Block.Image(new Media.Foreign(WireFormat.Anthropic, RawJson.Of("""{"type":"file","file_id":"f"}"""))),
                new Block.Document(new Media.PlainText("words"), "T"),
                new Block.ToolReference("Grep"),
            ], IsError: true),
            Wire.ReadBlock("""
                {"type":"tool_result","tool_use_id":"a","is_error":true,"content":[
                  {"type":"text","text":"x"},
                  {"type":"image","source":{"type":"url","url":"https://a.b/c.png"}},
                  {"type":"image","source":{"type":"file","file_id":"f"}},
                  {"type":"document","source":{"type":"text","media_type":"text/plain","data":"words"},"title":"T"},
                  {"type":"tool_reference","tool_name":"Grep"}]}
                """));

    [Fact]
    public void Row_37_echoed_blocks_of_server_tools_are_kept_whole()
    {
        const string Block = """{"type":"web_search_tool_result","tool_use_id":"srvtoolu_1","content":[{"type":"web_search_result","url":"u"}]}""";
        Assert.Equal(new Block.Opaque(WireFormat.Anthropic, "web_search_tool_result", RawJson.Of(Block)), Wire.ReadBlock(Block));
    }

    [Fact]
    public void An_instruction_that_is_to_vanish_is_marked() =>
        Assert.Equal(
            [new Turn.System([new Block.Text("a")]) { UntilNextUserTurn = true }, new Turn.System([new Block.Text("b")])],
            Wire.Read("""
                {"model":"m","messages":[{"role":"system","content":"a","clear_at":"next_user_message"},{"role":"system","content":"b"}]}
                """).Request.Turns);

    [Theory]
    [InlineData("""{"type":"enabled","budget_tokens":31999}""", ThinkingMode.On, 31999)]
    [InlineData("""{"type":"disabled"}""", ThinkingMode.Off, null)]
    [InlineData("""{"type":"adaptive"}""", ThinkingMode.Adaptive, null)]
    public void Thinking_can_be_on_off_or_adaptive(string thinking, ThinkingMode mode, int? budget) =>
        Assert.Equal(new ThinkingControl { Mode = mode, Budget = budget }, Wire.ReadWith($"\"thinking\":{thinking}").Thinking);

    [Fact]
    public void A_way_of_thinking_without_a_word_of_ours_is_kept() =>
        Assert.Equal(RawJson.Of("\"dreaming\""), Wire.ReadWith("""  "thinking":{"type":"dreaming"}  """).Thinking.Extra!["type"]);

    [Fact]
    public void An_output_format_is_a_response_format_and_the_rest_of_output_config_is_kept()
    {
        ChatRequest request = Wire.ReadWith("""
            "output_config":{"effort":"xhigh","format":{"type":"json_schema","schema":{"type":"object"}},"task_budget":{"type":"tokens","total":9}}
            """);
        Assert.Equal(new ResponseFormat.JsonSchema("reply", RawJson.Of("""{"type":"object"}""")), request.ResponseFormat);
        Assert.Equal(Effort.XHigh, request.Thinking.Effort);
        Assert.Equal(RawJson.Of("""{"task_budget":{"type":"tokens","total":9}}"""), request.Extra!["output_config"]);
    }

    [Theory]
    [InlineData("""{"type":"auto"}""", "Auto")]
    [InlineData("""{"type":"any","disable_parallel_tool_use":true}""", "Required")]
    [InlineData("""{"type":"none"}""", "None")]
    public void Tool_choices_have_words(string choice, string word) =>
        Assert.Equal(word, Wire.ReadWith($"\"tool_choice\":{choice}").ToolChoice!.GetType().Name);

    [Fact]
    public void A_forced_tool_is_named_and_may_be_called_once() =>
        Assert.Equal(new ToolChoice.Named("web_search") { OneAtATime = true },
            Wire.ReadWith("""  "tool_choice":{"type":"tool","name":"web_search","disable_parallel_tool_use":true}  """).ToolChoice);

    [Fact]
    public void Row_36_a_tool_of_the_vendors_is_kept_whole_with_its_kind()
    {
        const string Search = """{"type":"web_search_20250305","name":"web_search","max_uses":8,"cache_control":{"type":"ephemeral"}}""";
        Assert.Equal(
            [new ToolSpec.Hosted(WireFormat.Anthropic, "web_search_20250305", "web_search", RawJson.Of(Search)) { CacheControl = RawJson.Of("""{"type":"ephemeral"}""") }],
            Wire.ReadWith($"\"tools\":[{Search}]").Tools);
    }

    [Fact]
    public void A_tool_choice_of_the_future_does_not_fail_the_request()
    {
        ChatRequest request = Wire.ReadWith("""  "tool_choice":{"type":"best"}  """);
        Assert.Null(request.ToolChoice);
        Assert.Equal(RawJson.Of("""{"type":"best"}"""), request.Extra!["tool_choice"]);
    }

    [Fact]
    public void Safeguards_and_thread_are_kept_for_whoever_decides_on_them()
    {
        ChatRequest request = Wire.ReadWith("""  "safeguards":[{"id":"x"}],"thread":{"id":"t"}  """);
        Assert.Equal(RawJson.Of("""[{"id":"x"}]"""), request.Extra!["safeguards"]);
        Assert.Equal(RawJson.Of("""{"id":"t"}"""), request.Extra!["thread"]);
    }

    [Theory]
    [InlineData("user_0a_account_1b_session_2c", "2c")]
    [InlineData("someone", null)]
    [InlineData("{not json", null)]
    public void The_session_is_found_in_older_user_ids_and_missing_in_others(string user, string? session)
    {
        ChatRequest request = Wire.ReadWith($$"""  "metadata":{"user_id":"{{user}}"}  """);
        Assert.Equal((user, session), (request.User, request.SessionKey));
    }

    [Fact]
    public void Half_an_emoji_does_not_fail_the_request() =>
        Assert.Equal(new Block.Text("cut\uFFFD"), Wire.ReadBlock("""{"type":"text","text":"cut\ud83d"}"""));

    [Theory]
    [InlineData("""[]""", "body: expected an object, got an array")]
    [InlineData("""{"messages":[]}""", "model: Field required")]
    [InlineData("""{"model":"m"}""", "messages: Field required")]
    [InlineData("""{"model":7,"messages":[]}""", "model: expected a string, got a number")]
    [InlineData("""{"model":"m","messages":{}}""", "messages: expected an array, got an object")]
    [InlineData("""{"model":"m","messages":[7]}""", "messages[0]: expected an object, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":""}]}""", "messages[0].role: expected \"user\", \"assistant\" or \"system\", got \"tool\"")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":7}]}""", "messages[0].content: expected a string or an array of blocks, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":1}]}]}""", "messages[0].content[1].text: expected a string, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"text":"a"}]}]}""", "messages[0].content[0].type: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"image","source":{"type":"base64","data":"x"}}]}]}]}""", "messages[0].content[0].content[0].source.media_type: Field required")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":"many"}""", "max_tokens: expected a number, got a string")]
    [InlineData("""{"model":"m","messages":[],"max_tokens":-1}""", "max_tokens: expected a number of tokens, got -1")]
    [InlineData("""{"model":"m","messages":[],"tools":[{"description":"x"}]}""", "tools[0].name: Field required")]
    [InlineData("""{"model":"m","messages":[],"thinking":true}""", "thinking: expected an object, got a boolean")]
    [InlineData("""{"model":"m","messages":[],"thinking":{"type":"enabled","budget_tokens":"x"}}""", "thinking.budget_tokens: expected a number, got a string")]
    [InlineData("""{"model":"m","messages":[],"output_config":{"effort":1}}""", "output_config.effort: expected a string, got a number")]
    [InlineData("""{"model":"m","messages":[],"stop_sequences":["a",null]}""", "stop_sequences[1]: expected a string, got null")]
    public void A_complaint_says_where_what_was_expected_and_what_came(string body, string complaint) => Assert.Equal(complaint, Wire.Rejection(body));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"model":"m","messages":[]} trailing""")]
    [InlineData("hello")]
    public void What_is_no_JSON_is_rejected(string body) => Assert.StartsWith("body: not valid JSON", Wire.Rejection(body));

    [Fact]
    public void Depth_without_end_is_rejected() =>
        Assert.StartsWith("body: not valid JSON", Wire.Rejection("""{"model":"m","messages":""" + new string('[', 100_000)));

    [Fact]
    public void Bytes_that_are_no_UTF8_are_rejected() =>
        Assert.Equal(new Reading.Rejected(new Failure.InvalidRequest("body: not valid UTF-8")),
            RequestReader.Read(Encoding.Latin1.GetBytes("""{"model":"é","messages":[]}"""), []));
}
