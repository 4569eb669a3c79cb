// The body that each vendor gets for a request that fits it.

using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class RequestWriterTests
{
    static readonly Turn.User Hi = new Turn.User([new Block.Text("Hi")]);

    static readonly ChatRequest Looped = Request(
        Hi,
        new Turn.Assistant([new Block.Thinking("Let me look.", KimiSeal), new Block.Text("Looking."), new Block.ToolCall("functions.Read:0", "Read", """{"path": "a"}""")]),
        new Turn.User([new Block.ToolResult("functions.Read:0", [new Block.Text("one"), new Block.Text("two")])]),
        new Turn.Assistant([new Block.ToolCall("functions.Read:1", "Read", "{}")]),
        new Turn.User([new Block.ToolResult("functions.Read:1", [])]),
        new Turn.Assistant([new Block.Text("Done.")]),
        Hi);

    static string Body(string start, string rest) => $$"""{"model":"{{start}}","stream":true,"stream_options":{"include_usage":true},{{rest}}"messages":[{"role":"user","content":"Hi"}]}""";

    static void Writes(ModelCard card, ChatRequest request, string fields) =>
        Assert.Equal(Body(card.Origin.Model, fields.Length > 0 ? fields + "," : ""), Write(request with { Turns = [Hi] }, card));

    [Fact]
    public void Kimi_gets_reasoning_on_every_assistant_message_and_no_content_beside_a_bare_call() => Assert.Equal(
        """
        [{"role":"user","content":"Hi"},
        {"role":"assistant","reasoning_content":"Let me look.","content":"Looking.","tool_calls":[{"id":"functions.Read:0","type":"function","function":{"name":"Read","arguments":"{\"path\": \"a\"}"}}]},
        {"role":"tool","tool_call_id":"functions.Read:0","content":"one\ntwo"},
        {"role":"assistant","reasoning_content":"","tool_calls":[{"id":"functions.Read:1","type":"function","function":{"name":"Read","arguments":"{}"}}]},
        {"role":"tool","tool_call_id":"functions.Read:1","content":""},
        {"role":"assistant","reasoning_content":"","content":"Done."},
        {"role":"user","content":"Hi"}]
        """.ReplaceLineEndings(""),
        Messages(Looped, Kimi));

    [Fact]
    public void Glm_DeepSeek_and_self_hosted_models_get_the_same_with_a_null_content()
    {
        string expected = Messages(Looped, Kimi).Replace("\"reasoning_content\":\"\",\"tool_calls\"", "\"reasoning_content\":\"\",\"content\":null,\"tool_calls\"", StringComparison.Ordinal);
        foreach (ModelCard card in new[] { Glm, DeepSeek, SelfHosted }) Assert.Equal(expected, Messages(Looped, card));
    }

    [Fact]
    public void A_plain_upstream_gets_no_reasoning() => Assert.Equal(
        """{"role":"assistant","content":"Looking."}""",
        Messages(Request(new Turn.Assistant([new Block.Thinking("Let me look."), new Block.Text("Looking.")])), Plain)[1..^1]);

    [Fact]
    public void OpenRouter_gets_its_details_back_whole_and_bare_thinking_as_text()
    {
        Block.Thinking bare = new("Hm"), detailed = new("Let me", new(OpenRouter.Origin, null, RawJson.Of("""[{"type":"reasoning.text","text":true,"signature":"s","index":0}]""")));
        Assert.Equal("""{"role":"assistant","reasoning":"Hm","content":"a"}""", Messages(Request(new Turn.Assistant([bare, new Block.Text("a")])), OpenRouter)[1..^1]);
        Assert.Equal(
            """{"role":"assistant","reasoning_details":[{"type":"reasoning.text","text":"Let me","signature":"s","index":0}],"content":"a"}""",
            Messages(Request(new Turn.Assistant([detailed, new Block.Text("a")])), OpenRouter)[1..^1]);
        // A turn that went on in a second reply has the details of that one.
        Assert.Equal(
            """{"role":"assistant","reasoning_details":[{"type":"reasoning.text","text":"Let me","signature":"s","index":0}],"content":"a"}""",
            Messages(Request(new Turn.Assistant([detailed with { Content = "Before" }, new Block.Text("a"), detailed])), OpenRouter)[1..^1]);
    }

    [Fact]
    public void A_beginning_to_be_continued_is_partial_for_Kimi_and_a_final_message_for_a_self_hosted_model()
    {
        ChatRequest request = Request(Hi, new Turn.Assistant([new Block.Thinking("Hm"), new Block.Text("I wi")]));
        Assert.Equal("""[{"role":"user","content":"Hi"},{"role":"assistant","reasoning_content":"Hm","content":"I wi","partial":true}]""", Messages(request, Kimi));
        Assert.Contains("\"continue_final_message\":true,\"add_generation_prompt\":false", Write(request, SelfHosted));
        Assert.DoesNotContain("partial", Messages(Looped, Kimi));
    }

    [Fact]
    public void Pictures_are_parts_everywhere_and_texts_alone_are_joined_where_parts_are_not_taken()
    {
        ChatRequest texts = Request(new Turn.User([new Block.Text("a"), new Block.Text("b")]));
        ChatRequest picture = Request(new Turn.User([new Block.Text("a"), new Block.Image(new Media.Inline("image/png", "iVBO"))]));
        Assert.Equal("""[{"role":"user","content":"a\n\nb"}]""", Messages(texts, Kimi));
        Assert.Equal("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]""", Messages(texts, Plain));
        foreach (ModelCard card in new[] { Kimi, Glm, SelfHosted, Plain })
            Assert.Equal("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO"}}]}]""", Messages(picture, card));
    }

    [Fact]
    public void Results_come_before_the_words_of_the_same_turn() => Assert.Equal(
        """[{"role":"tool","tool_call_id":"a","content":"one"},{"role":"tool","tool_call_id":"b","content":"two"},{"role":"user","content":"Hi"}]""",
        Messages(Request(new Turn.User([new Block.ToolResult("a", [new Block.Text("one")]), new Block.Text("Hi"), new Block.ToolResult("b", [new Block.Text("two")])])), Kimi));

    [Fact]
    public void What_a_vendor_has_no_place_for_is_named_in_a_text()
    {
        ChatRequest request = Request(new Turn.User([new Block.Opaque(WireFormat.OpenAI, "input_audio", RawJson.Of("""{"type":"input_audio"}"""))]));
        Assert.Equal("""[{"role":"user","content":"[input_audio: not readable by this model]"}]""", Messages(request, Kimi));
        Assert.Equal("""[{"role":"user","content":[{"type":"input_audio"}]}]""", Messages(request, Plain));
    }

    [Fact]
    public void Names_that_are_half_a_character_deep_inside_are_left_out() =>
        Writes(SelfHosted, new() { Model = "m", Extra = new(WireFormat.OpenAI, [new("chat_template_kwargs", RawJson.Of("""{"\ud800":1,"x":"\ud800"}"""))]) },
            """ "chat_template_kwargs":{"x":"\ud800"} """.Trim());

    [Fact]
    public void Cache_markers_go_to_those_who_take_them()
    {
        ChatRequest request = new() { Model = "m", System = [new Block.Text("S") { CacheControl = RawJson.Of("""{"type":"ephemeral"}""") }], Turns = [Hi] };
        Assert.StartsWith("""[{"role":"system","content":[{"type":"text","text":"S","cache_control":{"type":"ephemeral"}}]}""", Messages(request, OpenRouter));
        Assert.StartsWith("""[{"role":"system","content":"S"}""", Messages(request, Kimi));
    }

    [Fact]
    public void Kimi_thinking_is_an_object_and_only_where_it_says_something()
    {
        ModelCard switchable = Kimi with { Thinking = ThinkingSupport.Switchable }, third = Kimi with { Efforts = [Effort.Low, Effort.Max] };
        ChatRequest on = new() { Model = "m", Thinking = new() { Mode = ThinkingMode.On, Effort = Effort.Max } }, off = new() { Model = "m", Thinking = new() { Mode = ThinkingMode.Off } };
        Writes(Kimi, on, "");
        Writes(Kimi, on with { Thinking = on.Thinking with { KeepAll = true } }, """ "thinking":{"type":"enabled","keep":"all"} """.Trim());
        Writes(switchable, on, """ "thinking":{"type":"enabled"} """.Trim());
        Writes(switchable, off, """ "thinking":{"type":"disabled"} """.Trim());
        Writes(switchable, new() { Model = "m" }, "");
        Writes(third, on, """ "reasoning_effort":"max" """.Trim());
    }

    [Fact]
    public void The_other_dialects_steer_thinking_by_their_own_names()
    {
        ChatRequest on = new() { Model = "m", Thinking = new() { Mode = ThinkingMode.On } }, off = new() { Model = "m", Thinking = new() { Mode = ThinkingMode.Off } },
            high = new() { Model = "m", Thinking = new() { Effort = Effort.High } }, budget = new() { Model = "m", Thinking = new() { Mode = ThinkingMode.On, Budget = 900 } };
        Writes(Glm, new() { Model = "m" }, """ "thinking":{"type":"enabled","clear_thinking":false} """.Trim());
        Writes(Glm, off, """ "thinking":{"type":"disabled"} """.Trim());
        Writes(DeepSeek with { Efforts = [Effort.High] }, on with { Thinking = on.Thinking with { Effort = Effort.High } }, """ "thinking":{"type":"enabled"},"reasoning_effort":"high" """.Trim());
        Writes(OpenRouter, high, """ "reasoning":{"effort":"high"} """.Trim());
        Writes(OpenRouter, budget, """ "reasoning":{"max_tokens":900} """.Trim());
        Writes(OpenRouter, off, """ "reasoning":{"enabled":false} """.Trim());
        Writes(SelfHosted, off, """ "chat_template_kwargs":{"thinking":false,"enable_thinking":false} """.Trim());
        Writes(SelfHosted, off with { Extra = new(WireFormat.OpenAI, [new("chat_template_kwargs", RawJson.Of("""{"thinking":true,"x":1}"""))]) },
            """ "chat_template_kwargs":{"enable_thinking":false,"thinking":true,"x":1} """.Trim());
        Writes(Plain, high, """ "reasoning_effort":"high" """.Trim());
    }

    [Fact]
    public void Tools_are_written_before_the_messages_with_what_the_vendor_takes_of_them()
    {
        ChatRequest request = new()
        {
            Model = "m",
            Tools = [new ToolSpec.Function("Read", "Reads.", RawJson.Of("""{ "type":"object" }""")) { Strict = true }],
            ToolChoice = new ToolChoice.Auto { OneAtATime = true },
        };
        Writes(Kimi, request, """ "tool_choice":"auto","tools":[{"type":"function","function":{"name":"Read","description":"Reads.","parameters":{ "type":"object" }}}] """.Trim());
        Writes(Plain, request with { ToolChoice = new ToolChoice.Named("Read") },
            """ "tool_choice":{"type":"function","function":{"name":"Read"}},"tools":[{"type":"function","function":{"name":"Read","description":"Reads.","parameters":{ "type":"object" },"strict":true}}] """.Trim());
        Assert.Contains("\"tool_stream\":true", Write(request, Glm));
        Writes(Plain, request with { Tools = [] }, "");
    }

    [Fact]
    public void Limits_names_and_formats_follow_the_dialect()
    {
        ChatRequest request = new()
        {
            Model = "m", OutputLimit = 100, StopSequences = ["a", "b"], SessionKey = "s", User = "u", Sampling = new() { Temperature = 1, TopK = 3, MinP = 0.25, RepetitionPenalty = 1.5, Seed = 5, PresencePenalty = 0.5 },
            ResponseFormat = new ResponseFormat.JsonSchema("x", RawJson.Of("{}")), Extra = new(WireFormat.OpenAI, [new("service_tier", RawJson.Of("\"flex\""))]),
        };
        Writes(Kimi, request, """ "max_completion_tokens":100,"stop":["a","b"],"temperature":1,"presence_penalty":0.5,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}},"prompt_cache_key":"s" """.Trim());
        Writes(Glm with { Thinking = ThinkingSupport.None, OutputField = OutputField.MaxCompletionTokens }, request, """ "max_tokens":100,"stop":["a"],"temperature":1,"response_format":{"type":"json_object"} """.Trim());
        Writes(SelfHosted, request, """ "max_tokens":100,"stop":["a","b"],"temperature":1,"top_k":3,"min_p":0.25,"repetition_penalty":1.5,"presence_penalty":0.5,"seed":5,"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}},"user":"u","service_tier":"flex" """.Trim());
        Writes(Plain, request with { ResponseFormat = null }, """ "max_tokens":100,"stop":["a","b"],"temperature":1,"presence_penalty":0.5,"seed":5,"user":"u","service_tier":"flex" """.Trim());
    }

    [Fact]
    public void Half_a_character_in_the_words_is_mended_on_the_way_out() =>
        Assert.Equal("""[{"role":"user","content":"a\uFFFD"}]""", Messages(Request(new Turn.User([new Block.Text("a\ud83d")])), Kimi));

    [Fact]
    public void Text_goes_out_as_itself_and_only_emoji_are_escaped() =>
        Assert.Equal("""[{"role":"user","content":"<é> 你好 \uD83D\uDE00 \" \n"}]""", Messages(Request(new Turn.User([new Block.Text("<é> 你好 😀 \" \n")])), Kimi));
}
