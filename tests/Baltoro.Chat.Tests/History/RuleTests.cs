// The smaller history rules, each named after what goes wrong without it.

using Baltoro.Chat.History;

namespace Baltoro.Chat.Tests.History;

public class RuleTests
{
    static readonly RawJson Ephemeral = RawJson.Of("""{"type":"ephemeral"}""");

    [Fact] // Row 33
    public void The_billing_header_that_changes_with_each_version_reaches_Anthropic_only()
    {
        Block billing = Say.Text("x-anthropic-billing-header: cc_version=2.1.330.abc; cc_entrypoint=cli;");
        ChatRequest request = Say.Conversation(Say.User("a")) with { System = [billing, Say.Text("You are")] };
        Assert.Equal([billing, Say.Text("You are")], request.Fit(Cards.Claude).System);
        Assert.Equal([Say.Text("You are")], request.Fit(Cards.Kimi).System);
    }

    [Fact] // Row 12
    public void A_system_message_between_turns_keeps_its_place_as_a_reminder()
    {
        ChatRequest request = Say.Conversation(Say.User("a"), Say.System("be brief"), Say.Assistant(Say.Text("b")), Say.User("c"));
        Assert.Equal(
            [Say.User("a"), Say.User("<system-reminder>\nbe brief\n</system-reminder>"), Say.Assistant(Say.Text("b")), Say.User("c")],
            request.FitTurns(Cards.Kimi));
        Assert.Equal(request.Turns, request.FitTurns(Cards.Claude));
    }

    [Fact]
    public void A_system_message_until_the_next_user_message_is_gone_once_the_user_speaks()
    {
        Turn note = new Turn.System([Say.Text("now")]) { UntilNextUserTurn = true };
        Assert.Equal(2, Say.Conversation(Say.User("a"), note).FitTurns(Cards.Kimi).Count);
        Assert.Equal([Say.User("a"), Say.Assistant(Say.Text("b")), Say.User("c")],
            Say.Conversation(Say.User("a"), note, Say.Assistant(Say.Text("b")), Say.User("c")).FitTurns(Cards.Kimi));
    }

    [Fact] // Row 30
    public void Empty_text_goes_and_its_cache_marker_moves_to_the_block_before()
    {
        ChatRequest request = Say.Conversation(Say.User(Say.Text("a"), new Block.Text(" \n") { CacheControl = Ephemeral }), Say.User(Say.Text("")));
        Assert.Equal([Say.User(new Block.Text("a") { CacheControl = Ephemeral })], request.FitTurns(Cards.Claude));
    }

    [Fact]
    public void A_turn_left_with_thinking_only_is_not_sent() =>
        Assert.Equal([Say.User("a"), Say.User("b")], Say.Conversation(Say.User("a"), Say.Assistant(Say.Thought("hm")), Say.User("b")).FitTurns(Cards.Kimi));

    [Fact] // Rows 31, 32
    public void Cache_markers_are_reduced_to_what_the_vendor_takes()
    {
        RawJson hour = RawJson.Of("""{"type":"ephemeral","ttl":"1h","scope":"global"}""");
        ChatRequest request = Say.Conversation(Say.User(new Block.Text("a") { CacheControl = hour })) with
        {
            System = [new Block.Text("s") { CacheControl = hour }],
            Tools = [Say.Tool("T") with { CacheControl = hour }],
        };
        Assert.Equal(hour, request.Fit(Cards.Claude).System[0].CacheControl);
        Assert.Equal(Ephemeral, request.Fit(Cards.KimiMessages).System[0].CacheControl);
        Assert.Equal(Ephemeral, request.Fit(Cards.KimiMessages).Tools[0].CacheControl);
        Assert.Null(request.Fit(Cards.Kimi).Turns[0].Blocks[0].CacheControl);
    }

    [Fact] // Row 34
    public void An_image_in_a_tool_result_follows_in_a_user_turn_of_its_own()
    {
        Block image = new Block.Image(new Media.Inline("image/png", "AAAA"));
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a")), Say.User(new Block.ToolResult("a", [Say.Text("shot"), image]), Say.Text("see?")));
        Assert.Equal(
            [Say.User(new Block.ToolResult("a", [Say.Text("shot"), Say.Text("[Image: see the next message]")]), Say.Text("see?")),
             Say.User(Say.Text("[Image from the result of tool call a]"), image)],
            request.FitTurns(Cards.Plain).Skip(2));
        Assert.Equal(request.Turns[2], request.FitTurns(Cards.Claude)[2]);
    }

    [Fact] // Rows 34, 47
    public void A_model_without_eyes_is_told_that_an_image_was_there()
    {
        Block image = new Block.Image(new Media.Inline("image/png", "AAAA"));
        Assert.Equal(Say.User(Say.Text("[An image was here; this model cannot see it.]")), Say.Conversation(Say.User(image)).FitTurns(Cards.Kimi)[0]);
    }

    [Fact]
    public void A_text_document_becomes_text_for_a_model_that_takes_no_documents() =>
        Assert.Equal(Say.User("Notes\n\nhello"),
            Say.Conversation(Say.User(new Block.Document(new Media.PlainText("hello"), "Notes"))).FitTurns(Cards.Kimi)[0]);

    [Fact] // Row 38
    public void A_deferred_tool_is_hidden_until_the_history_names_it_and_then_comes_last()
    {
        ToolSpec Deferred(string name) => ((ToolSpec.Function)Say.Tool(name)) with { Deferred = true };
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a", "ToolSearch")), Say.User(new Block.ToolResult("a", [new Block.ToolReference("WebFetch")]))) with
        {
            Tools = [Deferred("DeferredToolPlaceholder"), Deferred("WebFetch"), Say.Tool("ToolSearch"), Say.Tool("Read")],
        };
        Assert.Equal([Say.Tool("ToolSearch"), Say.Tool("Read"), Say.Tool("WebFetch")], request.Fit(Cards.Glm).Tools);
        Assert.Equal(Say.User(new Block.ToolResult("a", [Say.Text("Loaded tool: WebFetch")])), request.FitTurns(Cards.Glm)[2]);
        Assert.Equal(request.Tools, request.Fit(Cards.Claude).Tools);
    }

    [Fact]
    public void Tools_added_and_removed_in_system_turns_are_in_force_from_there_on()
    {
        Block Change(string kind, string tool) => new Block.Opaque(WireFormat.Anthropic, kind, RawJson.Of($$"""{"type":"{{kind}}","tool":{{tool}}}"""));
        ChatRequest request = Say.Conversation(
            Say.User("a"),
            new Turn.System([Change("tool_addition", """{"type":"tool_definition","name":"New","description":"d","input_schema":{"type":"object","properties":{}}}""")]),
            new Turn.System([Change("tool_removal", """{"type":"tool_reference","name":"Old"}""")])) with { Tools = [Say.Tool("Old"), Say.Tool("Kept")] };
        Assert.Equal(["Kept", "New"], request.Fit(Cards.Glm).Tools.Select(tool => tool.Name));
        Assert.Equal(Say.User("<system-reminder>\nThe tool Old is no longer available.\n</system-reminder>"), request.FitTurns(Cards.Glm)[2]);
    }

    [Fact] // Row 36
    public void A_forced_hosted_tool_is_refused_at_once_and_an_offered_one_is_left_out()
    {
        ToolSpec search = new ToolSpec.Hosted(WireFormat.Anthropic, "web_search_20250305", "web_search", RawJson.Of("{}"));
        ChatRequest forced = Say.Conversation(Say.User("a")) with { Tools = [search], ToolChoice = new ToolChoice.Named("web_search") };
        Fitting.Refused refused = Assert.IsType<Fitting.Refused>(Fit.To(Cards.Kimi, forced));
        Assert.Equal("tools: web_search (web_search_20250305) is run by its vendor and is not available with moonshotai/kimi-k2-thinking; use a tool of the client's instead", refused.Failure.Message);
        Assert.Equal([Say.Tool("Read").Name], (forced with { Tools = [search, Say.Tool("Read")], ToolChoice = null }).Fit(Cards.Kimi).Tools.Select(tool => tool.Name));
        Assert.IsType<Fitting.Fits>(Fit.To(Cards.Haiku, forced));
    }

    [Fact]
    public void More_tools_than_the_vendor_takes_are_refused_with_their_number() =>
        Assert.Equal("tools: 129 tools, but moonshotai/kimi-k2-thinking takes at most 128; switch off some MCP servers or tools",
            Assert.IsType<Fitting.Refused>(Fit.To(Cards.Kimi, Say.Conversation(Say.User("a")) with { Tools = Enumerable.Range(0, 129).Select(i => Say.Tool($"T{i}")).ToSequence() })).Failure.Message);

    [Theory]
    [InlineData("safeguards", "safeguards: not supported with zai/glm-5.2"), InlineData("thread", "thread: not supported with zai/glm-5.2; send the whole conversation in messages")]
    public void The_two_fields_that_may_not_be_ignored_are_refused_by_name(string field, string message)
    {
        ChatRequest request = Say.Conversation(Say.User("a")) with { Extra = new(WireFormat.Anthropic, [new(field, RawJson.Of("{}"))]) };
        Assert.Equal(message, Assert.IsType<Fitting.Refused>(Fit.To(Cards.Glm, request)).Failure.Message);
    }

    [Fact] // Row 35
    public void The_output_limit_is_kept_within_the_model_and_within_the_window()
    {
        ModelCard card = Cards.Glm with { Window = 100_000, OutputLimit = 16_000 };
        Assert.Equal(16_000, (Say.Conversation(Say.User("a")) with { OutputLimit = 128_000 }).Fit(card).OutputLimit);
        ChatRequest full = Say.Conversation(Say.User(string.Concat(Enumerable.Repeat("word ", 72_000)))) with { OutputLimit = 16_000 };
        Assert.InRange(full.Fit(card).OutputLimit!.Value, 1024, 15_999);
    }

    [Fact] // Row 10
    public void A_prompt_beyond_any_doubt_is_refused_before_it_is_sent()
    {
        ChatRequest request = Say.Conversation(Say.User(string.Concat(Enumerable.Repeat("word ", 60_000))));
        Failure failure = Assert.IsType<Fitting.Refused>(Fit.To(Cards.Glm with { Window = 32_768 }, request)).Failure;
        Assert.Matches("^prompt is too long: [0-9]+ tokens > 32768 maximum$", failure.Message);
    }

    [Fact]
    public void Sampling_is_forced_where_the_model_allows_one_value_only()
    {
        ChatRequest request = Say.Conversation(Say.User("a")) with { Sampling = new() { Temperature = 0.2, TopP = 0.9, MinP = 0.1, RepetitionPenalty = 1.1 } };
        Assert.Equal(request.Sampling with { Temperature = 1.0 }, request.Fit(Cards.Kimi).Sampling);
        Assert.Equal(request.Sampling, request.Fit(Cards.DeepSeek).Sampling);
        Assert.Equal(new() { MinP = 0.1, RepetitionPenalty = 1.1 }, request.Fit(Cards.Claude).Sampling);
        ModelCard switchable = Cards.Kimi with { Thinking = ThinkingSupport.Switchable };
        Assert.Equal(request.Sampling with { Temperature = null }, (request with { Thinking = new() { Mode = ThinkingMode.Off } }).Fit(switchable).Sampling);
    }

    [Theory] // Row 41
    [InlineData("required", "deepseek", "required", null)]
    [InlineData("required", "kimi", "auto", "Answer with a tool call. Do not answer in text.")]
    [InlineData("named", "glm", null, "Call the tool Read now. Do not answer in text.")]
    [InlineData("none", "glm", null, "Answer in text. Do not call any tool in this reply.")]
    [InlineData("none", "kimi", "none", null)]
    public void A_tool_choice_that_the_vendor_does_not_take_is_said_in_words(string asked, string model, string? sent, string? words)
    {
        ModelCard card = model switch { "kimi" => Cards.Kimi, "glm" => Cards.Glm, _ => Cards.DeepSeek };
        ChatRequest fitted = (Say.Conversation(Say.User("a")) with { Tools = [Say.Tool("Read")], ToolChoice = Choice(asked) }).Fit(card);
        Assert.Equal(sent is null ? null : Choice(sent), fitted.ToolChoice);
        Assert.Equal(words is null ? [Say.User("a")] : [Say.User("a"), Say.User($"<system-reminder>\n{words}\n</system-reminder>")], fitted.Turns);

        static ToolChoice Choice(string name) => name switch
        {
            "required" => new ToolChoice.Required(),
            "named" => new ToolChoice.Named("Read"),
            "none" => new ToolChoice.None(),
            _ => new ToolChoice.Auto(),
        };
    }

    [Fact]
    public void Blocks_of_a_foreign_format_are_named_not_sent()
    {
        Block opaque = new Block.Opaque(WireFormat.Anthropic, "server_tool_use", RawJson.Of("{}"));
        ChatRequest request = Say.Conversation(Say.User("a"), Say.Assistant(opaque), Say.User("b"));
        Assert.Equal(Say.Assistant(Say.Text("[server_tool_use: not readable by this model]")), request.FitTurns(Cards.Kimi)[1]);
        Assert.Equal(Say.Assistant(opaque), request.FitTurns(Cards.Claude)[1]);
    }
}
