// What a client's Chat Completions request means, and what is said of one that means nothing.

using System.Text;
using Baltoro.Chat.OpenAI;
using Baltoro.Chat.Wire;
using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class RequestReaderTests
{
    const string Hello = """[{"role":"user","content":"Hi"}]""";

    static Turn.User User(params Block[] blocks) => new Turn.User([.. blocks]);

    static Turn.Assistant Assistant(params Block[] blocks) => new Turn.Assistant([.. blocks]);

    static Block.Text Words(string text) => new(text);

    static ChatRequest With(string fields) => Read($$"""{"model":"m","messages":{{Hello}},{{fields}}}""").Request;

    [Fact]
    public void Leading_system_messages_are_the_system_and_later_ones_keep_their_place()
    {
        ChatRequest request = Read("""
            {"model":"m","messages":[{"role":"system","content":"One"},{"role":"developer","content":[{"type":"text","text":"Two"}]},
             {"role":"user","content":"Hi"},{"role":"system","content":"Three"},{"role":"user","content":"Go"}]}
            """).Request;
        Assert.Equal([Words("One"), Words("Two")], request.System);
        Assert.Equal([User(Words("Hi")), new Turn.System([Words("Three")]), User(Words("Go"))], request.Turns);
    }

    [Fact]
    public void Tool_messages_in_a_row_are_one_turn_of_results_and_the_user_after_them_is_another() => Assert.Equal(
        [
            Assistant(new Block.ToolCall("a", "Read", """{"path": 1.0}"""), new Block.ToolCall("b", "Read", "{}")),
            User(new Block.ToolResult("a", [Words("one")]), new Block.ToolResult("b", [Words("two"), Words("three")])),
            User(Words("Go on")),
        ],
        Turns("""
            [{"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"Read","arguments":"{\"path\": 1.0}"}},
              {"id":"b","type":"function","function":{"name":"Read","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"a","content":"one"},{"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"two"},{"type":"text","text":"three"}]},
             {"role":"user","content":"Go on"}]
            """));

    [Fact]
    public void The_old_function_role_answers_the_call_before_it() => Assert.Equal(
        [
            Assistant(new Block.ToolCall("function_call_0", "now", "{}")), User(new Block.ToolResult("function_call_0", [Words("noon")])
            {
                Extra = new(WireFormat.OpenAI, [new("name", RawJson.Of("\"now\""))]),
            }),
        ],
        Turns("""[{"role":"assistant","content":null,"function_call":{"name":"now","arguments":"{}"}},{"role":"function","name":"now","content":"noon"}]"""));

    [Fact]
    public void Old_functions_are_tools()
    {
        ChatRequest request = With(""" "functions":[{"name":"now","parameters":{"type":"object"}}],"function_call":{"name":"now"} """);
        Assert.Equal([new ToolSpec.Function("now", null, RawJson.Of("""{"type":"object"}"""))], request.Tools);
        Assert.Equal(new ToolChoice.Named("now"), request.ToolChoice);
    }

    [Fact]
    public void Parts_are_blocks() => Assert.Equal(
        [
            User(Words("Look"), new Block.Image(new Media.Inline("image/png", "iVBO")),
                new Block.Image(new Media.Link("https://example.org/a.png")) { Extra = new(WireFormat.OpenAI, [new("image_url", RawJson.Of("""{"detail":"low"}"""))]) },
                new Block.Document(new Media.Inline("application/pdf", "JVBE"), "a.pdf"),
                new Block.Document(new Media.Foreign(WireFormat.OpenAI, RawJson.Of("""{"file_id":"file-1"}"""))),
                new Block.Opaque(WireFormat.OpenAI, "input_audio", RawJson.Of("""{"type":"input_audio","input_audio":{"data":"x","format":"wav"}}""")),
                new Block.Text("Cached") { CacheControl = RawJson.Of("""{"type":"ephemeral"}""") }),
        ],
        Turns("""
            [{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}},
             {"type":"image_url","image_url":{"url":"https://example.org/a.png","detail":"low"}},
             {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,JVBE"}},{"type":"file","file":{"file_id":"file-1"}},
             {"type":"input_audio","input_audio":{"data":"x","format":"wav"}},{"type":"text","text":"Cached","cache_control":{"type":"ephemeral"}}]}]
            """));

    [Theory]
    [InlineData("""{"role":"assistant","reasoning_content":"Hm","content":"Hi"}""")]
    [InlineData("""{"role":"assistant","reasoning":"Hm","content":"Hi"}""")]
    [InlineData("""{"role":"assistant","reasoning":"Hm","reasoning_content":"Hm","content":[{"type":"text","text":"Hi"}]}""")]
    public void Bare_reasoning_is_thinking_without_a_seal(string message) =>
        Assert.Equal([Assistant(new Block.Thinking("Hm"), Words("Hi"))], Turns($"[{message}]"));

    [Fact]
    public void Empty_reasoning_is_no_thinking() =>
        Assert.Equal([Assistant(Words("Hi"))], Turns("""[{"role":"assistant","reasoning_content":"","content":"Hi","refusal":null}]"""));

    [Fact]
    public void Our_envelope_in_the_details_is_the_seal()
    {
        Seal seal = new(Moonshot, "sig");
        Assert.Equal(
            [Assistant(new Block.Thinking("Hm", seal), Words("Hi"))],
            Turns($$"""[{"role":"assistant","reasoning_content":"Hm","content":"Hi","reasoning_details":[{"type":"reasoning.text","signature":"{{Envelope.Pack(seal)}}","index":0}]}]"""));
    }

    [Fact]
    public void Someone_elses_details_are_kept_verbatim() => Assert.Equal(
        [Assistant(new Block.Thinking("Hm", new(null, null, RawJson.Of("""[{"type":"reasoning.text", "text":"Hm"}]"""))))],
        Turns("""[{"role":"assistant","content":null,"reasoning_details":[{"type":"reasoning.text", "text":"Hm"}]}]"""));

    [Fact]
    public void A_refusal_is_the_models_words() =>
        Assert.Equal([Assistant(Words("No."))], Turns("""[{"role":"assistant","content":null,"refusal":"No."}]"""));

    [Fact]
    public void Half_a_character_is_mended() => Assert.Equal([User(Words("a\uFFFD\U0001F600\n"))], Turns("""[{"role":"user","content":"a\ud83d\ud83d\ude00\n"}]"""));

    [Fact]
    public void Tools_keep_their_schema_verbatim_and_hosted_ones_keep_all() => Assert.Equal(
        [
            new ToolSpec.Function("Read", "Reads.", RawJson.Of("""{ "type":"object" }""")) { Strict = true, Extra = new(WireFormat.OpenAI, [new("x", RawJson.Of("1")), new("function", RawJson.Of("""{"y":2}"""))]) },
            new ToolSpec.Hosted(WireFormat.OpenAI, "builtin_function", "$web_search", RawJson.Of("""{"type":"builtin_function","function":{"name":"$web_search"}}""")),
        ],
        With(""" "tools":[{"type":"function","x":1,"function":{"name":"Read","description":"Reads.","parameters":{ "type":"object" },"strict":true,"y":2}},{"type":"builtin_function","function":{"name":"$web_search"}}] """).Tools);

    [Fact]
    public void Tool_choices_are_read()
    {
        Assert.Equal(new ToolChoice.Auto(), With("\"tool_choice\":\"auto\"").ToolChoice);
        Assert.Equal(new ToolChoice.None(), With("\"tool_choice\":\"none\"").ToolChoice);
        Assert.Equal(new ToolChoice.Required(), With("\"tool_choice\":\"required\"").ToolChoice);
        Assert.Equal(new ToolChoice.Named("Read") { OneAtATime = true }, With(""" "tool_choice":{"type":"function","function":{"name":"Read"}},"parallel_tool_calls":false """).ToolChoice);
        Assert.Equal(new ToolChoice.Auto { OneAtATime = true }, With("\"parallel_tool_calls\":false").ToolChoice);
        ChatRequest newer = With(""" "tool_choice":{"type":"allowed_tools","allowed_tools":{}} """);
        Assert.Null(newer.ToolChoice);
        Assert.Equal("""{"type":"allowed_tools","allowed_tools":{}}""", newer.Extra!["tool_choice"].ToString());
    }

    [Fact]
    public void Every_way_of_steering_thinking_is_read()
    {
        Assert.Equal(new() { Mode = ThinkingMode.On, Effort = Effort.High }, With("\"reasoning_effort\":\"high\"").Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.Off, Effort = Effort.None }, With("\"reasoning_effort\":\"none\"").Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.On, Effort = Effort.Low, Extra = new(WireFormat.OpenAI, [new("exclude", RawJson.Of("true"))]) }, With(""" "reasoning":{"effort":"low","exclude":true} """).Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.On, Budget = 2000 }, With(""" "reasoning":{"max_tokens":2000} """).Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.Off }, With(""" "reasoning":{"enabled":false} """).Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.On, KeepAll = true }, With(""" "thinking":{"type":"enabled","keep":"all"} """).Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.On, KeepAll = true }, With(""" "thinking":{"type":"enabled","clear_thinking":false} """).Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.Off }, With(""" "thinking":{"type":"disabled","keep":null} """).Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.Off, Effort = Effort.High }, With(""" "thinking":{"type":"disabled"},"reasoning_effort":"high" """).Thinking);
        Assert.Equal(new() { Mode = ThinkingMode.Adaptive }, With(""" "thinking":{"type":"adaptive"} """).Thinking);
        Assert.Equal(new() { Extra = new(WireFormat.OpenAI, [new("type", RawJson.Of("\"dreaming\""))]) }, With(""" "thinking":{"type":"dreaming"} """).Thinking);
    }

    [Fact]
    public void The_rest_of_the_fields_is_read_and_what_is_unknown_is_kept()
    {
        ClientRequest read = Read("""
            {"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":10,"max_completion_tokens":20,"stop":"END",
             "response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{"type":"object"},"strict":true}},"user":"u","prompt_cache_key":"s",
             "temperature":0.5,"top_p":0.9,"top_k":4,"min_p":0.1,"repetition_penalty":1.2,"frequency_penalty":1,"presence_penalty":-1,"seed":9007199254740993,"n":1,"service_tier":"flex","metadata":{"a":"b"}}
            """);
        Assert.Equal(
            new(new()
            {
                Model = "m",
                Turns = [User(Words("Hi"))],
                OutputLimit = 20,
                StopSequences = ["END"],
                ResponseFormat = new ResponseFormat.JsonSchema("x", RawJson.Of("""{"type":"object"}"""), true),
                User = "u",
                SessionKey = "s",
                Sampling = new() { Temperature = 0.5, TopP = 0.9, TopK = 4, MinP = 0.1, RepetitionPenalty = 1.2, FrequencyPenalty = 1, PresencePenalty = -1, Seed = 9007199254740993 },
                Extra = new(WireFormat.OpenAI,
                    [new("prompt_cache_key", RawJson.Of("\"s\"")), new("service_tier", RawJson.Of("\"flex\"")), new("metadata", RawJson.Of("""{"a":"b"}"""))]),
            }, Stream: true, CountAtEnd: true),
            read);
    }

    [Fact]
    public void The_name_that_llama_cpp_has_for_the_repetition_penalty_is_read_and_kept_for_a_server_that_has_it_too()
    {
        ChatRequest read = Read("""{"model":"m","messages":[{"role":"user","content":"Hi"}],"repeat_penalty":1.1}""").Request;
        Assert.Equal(new() { Model = "m", Turns = [User(Words("Hi"))], Sampling = new() { RepetitionPenalty = 1.1 }, Extra = new(WireFormat.OpenAI, [new("repeat_penalty", RawJson.Of("1.1"))]) }, read);
    }

    [Theory]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"min_p":"0.1"}""", "min_p: expected a number, got a string")]
    [InlineData("""[]""", "the body: expected an object, got an array")]
    [InlineData("""{"messages":[]}""", "messages: expected at least one message, got none")]
    [InlineData("""{"model":"m"}""", "messages: Field required")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", "model: Field required")]
    [InlineData("""{"model":"m","messages":{}}""", "messages: expected an array, got an object")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"},3]}""", "messages[1]: expected an object, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"robot"}]}""", "messages[0].role: expected system, developer, user, assistant or tool, got \"robot\"")]
    [InlineData("""{"model":"m","messages":[{"role":"user"}]}""", "messages[0].content: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":5}]}""", "messages[0].content: expected a string or an array, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":5}]}]}""", "messages[0].content[0].text: expected a string, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"text":"a"}]}]}""", "messages[0].content[0].type: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"arguments":"{}"}}]}]}""", "messages[0].tool_calls[0].function.name: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"assistant","tool_calls":[{"id":"a","function":{"name":"x","arguments":7}}]}]}""", "messages[0].tool_calls[0].function.arguments: expected a string, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"tool","content":"a"}]}""", "messages[0].tool_call_id: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"thinking":true}""", "thinking: expected an object, got a boolean")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"thinking":{"type":1}}""", "thinking.type: expected a string, got a number")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"max_tokens":0}""", "max_tokens: expected a positive number, got 0")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{}}]}""", "tools[0].function.name: Field required")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"n":3}""", "n: expected 1, got 3: one reply is given for a request")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"a"}],"stop":[1]}""", "stop[0]: expected a string, got a number")]
    [InlineData("""{"model":"m","mess""", "the body is not valid JSON: line 1, byte 18: expected JSON, got something else")]
    [InlineData("", "the body is not valid JSON: line 1, byte 0: expected JSON, got something else")]
    public void A_body_that_makes_no_sense_is_told_where_and_what_was_expected(string body, string message) => Assert.Equal(message, Rejected(body));

    [Fact]
    public void Absurd_depth_is_rejected() => Assert.Contains("expected at most 128 levels of nesting, got more", Rejected(new string('[', 100_000)));

    [Fact]
    public void A_name_that_is_half_a_character_is_rejected() =>
        Assert.Equal("the body: expected UTF-8 text, got a field's name that is none", Rejected("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"\\ud800\":1}"));

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() => Assert.Equal(
        "the body: expected UTF-8 text, got bytes that are none",
        Assert.IsType<Reading.Rejected>(RequestReader.Read((byte[])[.. "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"a"u8, 0xFF, .. "b\"}]}"u8])).Failure.Message);

    [Fact]
    public void Half_a_character_in_a_tools_schema_is_refused_before_anyone_reads_the_schema() => Assert.IsType<Reading.Rejected>(RequestReader.Read(
        """{"model":"m","messages":[{"role":"user","content":"a"}],"tools":[{"type":"function","function":{"name":"T","parameters":{"type":"object","properties":{"\ud800":{"type":"string"}}}}}]}"""u8.ToArray()));
}
