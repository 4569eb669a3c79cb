// Thinking by origin: who gets whose.

namespace Baltoro.Chat.Tests.History;

public class ThinkingTests
{
    static readonly ChatRequest Mixed = Say.Conversation(
        Say.User("go"),
        Say.Assistant(Say.Thought("by kimi", Cards.Kimi), Say.Call("functions.Read:0")),
        Say.User(Say.Result("functions.Read:0")),
        Say.Assistant(Say.Thought("by claude", Cards.Claude, "sig-c"), Say.Call("toolu_1")),
        Say.User(Say.Result("toolu_1")),
        Say.Assistant(Say.Thought("by nobody known"), Say.Call("x")),
        Say.User(Say.Result("x")));

    static string[] Thoughts(ModelCard card) =>
        [.. Mixed.FitTurns(card).SelectMany(turn => turn.Blocks).OfType<Block.Thinking>().Select(thinking => $"{thinking.Content}|{thinking.Seal?.Signature}")];

    [Fact] // Rows 1, 2, 5
    public void Kimi_GLM_and_DeepSeek_get_the_text_of_all_thinking()
    {
        string[] all = ["by kimi|", "by claude|", "by nobody known|"];
        Assert.Equal(all, Thoughts(Cards.Kimi));
        Assert.Equal(all, Thoughts(Cards.Glm));
        Assert.Equal(all, Thoughts(Cards.DeepSeek));
    }

    [Fact] // Rows 6, 7, 8
    public void Claude_gets_its_own_signed_thinking_and_no_one_elses() => Assert.Equal(["by claude|sig-c"], Thoughts(Cards.Claude));

    [Fact]
    public void Another_Claude_model_does_not_get_thinking_that_is_bound_to_the_first() => Assert.Empty(Thoughts(Cards.Haiku));

    [Fact] // Row 46
    public void Thinking_that_was_cut_before_it_was_signed_does_not_reach_Claude() => Assert.Empty(
        Say.Conversation(Say.User("go"), Say.Assistant(Say.Thought("cut", Cards.Claude), Say.Text("so")), Say.User("on"))
            .FitTurns(Cards.Claude).SelectMany(turn => turn.Blocks).OfType<Block.Thinking>());

    [Fact]
    public void Thinking_of_an_attempt_that_came_to_nothing_reaches_no_one() => Assert.All(
        (ModelCard[])[Cards.Kimi, Cards.Claude, Cards.OpenRouter, Cards.KimiMessages],
        card => Assert.Empty(
            Say.Conversation(
                Say.User("go"),
                Say.Assistant(new Block.Thinking("half", new Seal(card.Origin, "sig", RawJson.Of("[]")) { IsAbandoned = true }), Say.Text("so")),
                Say.User("on"))
            .FitTurns(card).SelectMany(turn => turn.Blocks).OfType<Block.Thinking>()));

    [Fact] // Rows 3, 4
    public void A_Messages_endpoint_of_another_vendor_keeps_thinking_blocks_without_foreign_signatures() =>
        Assert.Equal(["by kimi|", "by claude|", "by nobody known|"], Thoughts(Cards.KimiMessages));

    [Fact]
    public void A_Messages_endpoint_of_another_vendor_finds_a_place_for_thinking_in_each_turn_that_calls()
    {
        ChatRequest request = Say.Conversation(
            Say.User("go"),
            Say.Assistant(Say.Text("I look."), Say.Call("a")),
            Say.User(Say.Result("a")),
            Say.Assistant(new Block.RedactedThinking("c", Cards.Claude.Origin), Say.Call("b")),
            Say.User(Say.Result("b")),
            Say.Assistant(Say.Text("Done.")),
            Say.User("on"));
        Block[][] Turns(ModelCard card) => [.. request.FitTurns(card).Where(turn => turn is Turn.Assistant).Select(turn => turn.Blocks.ToArray())];
        Assert.Equal([[new Block.Thinking(""), Say.Text("I look."), Say.Call("a")], [new Block.Thinking(""), Say.Call("b")], [Say.Text("Done.")]], Turns(Cards.KimiMessages));
        Assert.Equal([[Say.Text("I look."), Say.Call("a")], [Say.Call("b")], [Say.Text("Done.")]], Turns(Cards.KimiMessages with { Thinking = ThinkingSupport.None }));
    }

    [Fact] // Row 45
    public void A_plain_chat_model_gets_no_thinking_and_never_as_text()
    {
        Assert.Empty(Thoughts(Cards.Plain));
        Assert.DoesNotContain(Mixed.FitTurns(Cards.Plain).SelectMany(turn => turn.Blocks), block => block is Block.Text { Content: var text } && text.Contains("by "));
    }

    [Fact]
    public void OpenRouter_gets_its_own_details_back_and_other_thinking_as_text()
    {
        RawJson details = RawJson.Of("""[{"type":"reasoning.encrypted","data":"x"}]""");
        Block own = new Block.Thinking("mine", new(Cards.OpenRouter.Origin, null, details));
        Turn turn = Say.Conversation(Say.User("go"), Say.Assistant(own, Say.Thought("theirs", Cards.Claude, "s"), Say.Text("a")), Say.User("b"))
            .FitTurns(Cards.OpenRouter)[1];
        Assert.Equal([own, new Block.Thinking("theirs"), Say.Text("a")], turn.Blocks);
    }

    [Fact]
    public void A_model_that_refuses_foreign_thinking_gets_none()
    {
        ModelCard card = Cards.OpenRouter with { ForeignThinking = false };
        Assert.Empty(Thoughts(card));
    }

    [Fact]
    public void Redacted_thinking_goes_to_its_issuer_only()
    {
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(new Block.RedactedThinking("c", Cards.Claude.Origin), Say.Text("a")), Say.User("b"));
        Assert.Contains(new Block.RedactedThinking("c", Cards.Claude.Origin), request.FitTurns(Cards.Claude)[1].Blocks);
        foreach (ModelCard card in Cards.All.Where(card => card != Cards.Claude))
            Assert.Equal([Say.Text("a")], request.FitTurns(card)[1].Blocks);
    }

    [Fact] // Row 29
    public void In_an_open_tool_loop_of_another_model_a_Claude_with_budgets_thinks_from_the_next_turn_on()
    {
        RawJson edits = RawJson.Of("""{"edits":[{"type":"clear_thinking_20251015","keep":"all"},{"type":"clear_tool_uses_20250919"}]}""");
        ChatRequest request = Mixed with
        {
            Thinking = new() { Mode = ThinkingMode.On, Budget = 2000 },
            Extra = new(WireFormat.Anthropic, [new("context_management", edits)]),
        };
        ChatRequest fitted = request.Fit(Cards.Haiku);
        Assert.Equal(ThinkingMode.Off, fitted.Thinking.Mode);
        Assert.Equal("""{"edits":[{"type":"clear_tool_uses_20250919"}]}""", fitted.Extra!["context_management"].ToString());
        Assert.Equal(ThinkingMode.On, (request with { Turns = [.. request.Turns, Say.Assistant(Say.Text("done")), Say.User("next")] }).Fit(Cards.Haiku).Thinking.Mode);
    }

    [Theory] // Row 42
    [InlineData("low", "high"), InlineData("medium", "high"), InlineData("high", "high"), InlineData("xhigh", "max"), InlineData("max", "max"), InlineData("odd", null)]
    public void An_effort_goes_to_the_nearest_one_that_the_vendor_has(string asked, string? got) =>
        Assert.Equal(got is null ? null : new Effort(got),
            (Say.Conversation(Say.User("a")) with { Thinking = new() { Effort = new(asked) } }).Fit(Cards.Glm).Thinking.Effort);

    [Theory]
    [InlineData(ThinkingMode.Off, "kimi", ThinkingMode.On), InlineData(ThinkingMode.Adaptive, "kimi", ThinkingMode.On), InlineData(ThinkingMode.Unset, "kimi", ThinkingMode.Unset)]
    [InlineData(ThinkingMode.Off, "glm", ThinkingMode.Off), InlineData(ThinkingMode.Adaptive, "glm", ThinkingMode.On)]
    [InlineData(ThinkingMode.On, "opus", ThinkingMode.Adaptive), InlineData(ThinkingMode.Off, "opus", ThinkingMode.Unset)]
    [InlineData(ThinkingMode.Adaptive, "haiku", ThinkingMode.On), InlineData(ThinkingMode.Adaptive, "plain", ThinkingMode.Unset)]
    public void A_wish_about_thinking_that_the_model_refuses_becomes_the_nearest_that_it_takes(ThinkingMode asked, string model, ThinkingMode got)
    {
        ModelCard card = model switch { "kimi" => Cards.Kimi, "glm" => Cards.Glm, "opus" => Cards.Claude, "haiku" => Cards.Haiku, _ => Cards.Plain };
        Assert.Equal(got, (Say.Conversation(Say.User("a")) with { Thinking = new() { Mode = asked } }).Fit(card).Thinking.Mode);
    }

    [Fact]
    public void A_budget_stays_below_the_output_limit()
    {
        ChatRequest request = Say.Conversation(Say.User("a")) with { Thinking = new() { Mode = ThinkingMode.On, Budget = 31_999 }, OutputLimit = 8_000 };
        Assert.Equal(7_999, request.Fit(Cards.Haiku).Thinking.Budget);
        Assert.Equal(ThinkingMode.Off, (request with { OutputLimit = 500 }).Fit(Cards.Haiku).Thinking.Mode);
    }
}
