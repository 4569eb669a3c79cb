// The request of Claude Code 2.1.330, whole, in both directions.

namespace Baltoro.Chat.Tests.Anthropic;

public class ClaudeCodeRequestTests
{
    const string Betas =
        "claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27,mid-conversation-tool-changes-2026-07-01,thinking-token-count-2026-05-13,advanced-tool-use-2025-11-20,effort-2025-11-24";

    const string Body = """
        {
          "model": "kimi-k2-thinking",
          "messages": [
            {"role":"user","content":[{"type":"text","text":"<system-reminder>today</system-reminder>"},{"type":"text","text":"read it","cache_control":{"type":"ephemeral"}}]},
            {"role":"system","content":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}},{"type":"tool_addition","tool":{"type":"tool_reference","name":"WebFetch"}}]},
            {"role":"assistant","content":[
              {"type":"thinking","thinking":"I look.","signature":"EqQB"},
              {"type":"redacted_thinking","data":"xyz"},
              {"type":"text","text":"Looking."},
              {"type":"tool_use","id":"toolu_1","name":"ToolSearch","input":{"query": "select:WebFetch", "n": 1.50}},
              {"type":"tool_use","id":"toolu_2","name":"Read","input":{"__unparsedToolInput":{"raw":"{\"file_path\": \"a","len":16}}}
            ]},
            {"role":"user","content":[
              {"tool_use_id":"toolu_1","type":"tool_result","content":[{"type":"tool_reference","tool_name":"WebFetch"}]},
              {"tool_use_id":"toolu_2","type":"tool_result","content":"InputValidationError","is_error":true,"cache_control":{"type":"ephemeral","ttl":"1h"}},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgo="}}
            ]}
          ],
          "system": [
            {"type":"text","text":"x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=sdk-cli;"},
            {"type":"text","text":"You are Claude Code.","cache_control":{"type":"ephemeral"}},
            {"type":"text","text":"Prompt.","cache_control":{"type":"ephemeral"}}
          ],
          "tools": [
            {"name":"Read","description":"Reads a file.","input_schema":{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"file_path":{"type":"string"}}},"eager_input_streaming":true},
            {"name":"WebFetch","description":"Fetches.","input_schema":{"type":"object"},"defer_loading":true,"allowed_callers":["direct"],"input_examples":[{"url":"https://a.b"}]},
            {"type":"web_search_20250305","name":"web_search","max_uses":8}
          ],
          "metadata": {"user_id":"{\"device_id\":\"d\",\"account_uuid\":\"\",\"session_id\":\"0c5b\"}"},
          "max_tokens": 32000,
          "thinking": {"type":"adaptive","display":"omitted"},
          "context_management": {"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},
          "output_config": {"effort":"high"},
          "stream": true
        }
        """;

    static readonly ChatRequest Words = new()
    {
        Model = "kimi-k2-thinking",
        System =
        [
            new Block.Text("x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=sdk-cli;"),
            new Block.Text("You are Claude Code.") { CacheControl = Ephemeral },
            new Block.Text("Prompt.") { CacheControl = Ephemeral },
        ],
        Turns =
        [
            new Turn.User([new Block.Text("<system-reminder>today</system-reminder>"), new Block.Text("read it") { CacheControl = Ephemeral }]),
            new Turn.System(
            [
                new Block.Text("Be brief.") { CacheControl = Ephemeral },
                new Block.Opaque(WireFormat.Anthropic, "tool_addition", RawJson.Of("""{"type":"tool_addition","tool":{"type":"tool_reference","name":"WebFetch"}}""")),
            ]),
            new Turn.Assistant(
            [
                new Block.Thinking("I look.", new Seal(null, "EqQB")),
                new Block.RedactedThinking("xyz"),
                new Block.Text("Looking."),
                new Block.ToolCall("toolu_1", "ToolSearch", """{"query": "select:WebFetch", "n": 1.50}"""),
                new Block.ToolCall("toolu_2", "Read", """{"file_path": "a"""),
            ]),
            new Turn.User(
            [
                new Block.ToolResult("toolu_1", [new Block.ToolReference("WebFetch")]),
                new Block.ToolResult("toolu_2", [new Block.Text("InputValidationError")], IsError: true)
                {
                    CacheControl = RawJson.Of("""{"type":"ephemeral","ttl":"1h"}"""),
                },
                new Block.Image(new Media.Inline("image/png", "iVBORw0KGgo=")),
            ]),
        ],
        Tools =
        [
            new ToolSpec.Function("Read", "Reads a file.",
                RawJson.Of("""{"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{"file_path":{"type":"string"}}}"""))
            {
                Extra = Unknown(new Field("eager_input_streaming", RawJson.Of("true"))),
            },
            new ToolSpec.Function("WebFetch", "Fetches.", RawJson.Of("""{"type":"object"}"""))
            {
                Deferred = true,
                Examples = [RawJson.Of("""{"url":"https://a.b"}""")],
                Extra = Unknown(new Field("allowed_callers", RawJson.Of("""["direct"]"""))),
            },
            new ToolSpec.Hosted(WireFormat.Anthropic, "web_search_20250305", "web_search",
                RawJson.Of("""{"type":"web_search_20250305","name":"web_search","max_uses":8}""")),
        ],
        Thinking = new()
        {
            Mode = ThinkingMode.Adaptive, Effort = Effort.High, KeepAll = true,
            Extra = Unknown(new Field("display", RawJson.Of("\"omitted\""))),
        },
        OutputLimit = 32000,
        SessionKey = "0c5b",
        User = """{"device_id":"d","account_uuid":"","session_id":"0c5b"}""",
        Headers = [new("anthropic-beta", Betas)],
        Extra = Unknown(new Field("context_management", RawJson.Of("""{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]}"""))),
    };

    static RawJson Ephemeral => RawJson.Of("""{"type":"ephemeral"}""");

    static Extra Unknown(params Field[] fields) => new(WireFormat.Anthropic, [.. fields]);

    static readonly Header[] Headers =
    [
        new("Authorization", "Bearer secret"), new("x-api-key", "secret"), new("anthropic-version", "2023-06-01"), new("Anthropic-Beta", Betas), new("x-app", "cli"),
    ];

    [Fact]
    public void Everything_that_Claude_Code_sends_has_a_word_or_is_kept()
    {
        var read = Wire.Read(Body, Headers);
        Assert.True(read.Stream);
        Assert.Equal(Words with { Turns = [] }, read.Request with { Turns = [] });
        Assert.Equal(Words.Turns, read.Request.Turns);
    }

    [Fact]
    public void It_goes_to_Anthropic_as_it_came_but_for_the_models_own_name()
    {
        var body = Wire.Parse(Body);
        body["model"] = Wire.Claude.Model;
        // A string and the one block that it stands for are the same.
        body["messages"]![3]!["content"]![1]!["content"] = Wire.Parse("""[{"type":"text","text":"InputValidationError"}]""");
        Wire.SameJson(body.ToJsonString(), Wire.Write(Words, Wire.ClaudeCard));
        Assert.Equal(Words.Headers, Baltoro.Chat.Anthropic.RequestWriter.Headers(Words, Wire.ClaudeCard));
    }

    [Fact]
    public void Raw_values_go_to_Anthropic_in_the_bytes_they_came_in()
    {
        string sent = Wire.Write(Words, Wire.ClaudeCard);
        Assert.Contains("""{"query": "select:WebFetch", "n": 1.50}""", sent);
        Assert.Contains("""{"type":"tool_addition","tool":{"type":"tool_reference","name":"WebFetch"}}""", sent);
    }

    [Fact]
    public void The_header_of_the_session_wins_over_the_user_id() =>
        Assert.Equal("from-header", Wire.Read(Body, [.. Headers, new("X-Claude-Code-Session-Id", "from-header")]).Request.SessionKey);

    [Fact]
    public void Row_28_context_management_never_reaches_a_vendor_that_refuses_extra_inputs()
    {
        string sent = Wire.Write(Words, Wire.KimiCard);
        foreach (string beta in (string[])["context_management", "display", "eager_input_streaming", "allowed_callers", "input_examples", "defer_loading", "effort"])
            Assert.DoesNotContain($"\"{beta}\"", sent);
        Assert.Empty(Baltoro.Chat.Anthropic.RequestWriter.Headers(Words, Wire.KimiCard));
    }
}
