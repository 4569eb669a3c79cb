// Replies that end in good order and are wrong all the same: empty, without room, going round in circles, with a broken call.

using Baltoro.Chat;
using Baltoro.Chat.Repair;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Reply = Baltoro.ScriptedUpstream.Reply;

namespace Baltoro.Models.Tests.Policy;

public class WrongReplyTests
{
    static readonly Sequence<ToolSpec> Tools = [new ToolSpec.Function("Read", null, RawJson.Of("""{"type":"object","properties":{"path":{"type":"string"}}}"""))];

    static readonly Reply Good = Reply.Of(new Part.Think("hm"), new Part.Say("hello"));
    static readonly Reply Empty = Reply.Of();
    static readonly Reply ThinkingOnly = Reply.Of(new Part.Think("hm"));
    static readonly Reply OutOfRoom = new([new Part.Think("a long thought")], Stop.Length);
    static readonly Reply BrokenCall = Reply.Of(new Part.Think("hm"), new Part.Call("Read", "{\"path\": "));
    static readonly Reply GoodCall = Reply.Of(new Part.Call("Read", "{\"path\":\"a\"}"));
    static readonly Reply Circle = new([new Part.Think(string.Concat(Enumerable.Repeat("I should read the file again.\n", 40)))], Stop.Length);

    readonly PassingTime _clock = new();

    Steady Around(Asked asked) => new(new Retry(asked.Model, new(), _clock, new(1)), (request, last) => new Chain(
        new ThinkingLoop(), new WholeCalls(request.Tools, last ? BrokenCalls.PassOn : BrokenCalls.Report), new Substance(), new ClientIds(request)), new(), _clock);

    Task<Asked> Replies(params Reply[] replies) => Asked.Of(_clock, (number, _) => replies[Math.Min(number, replies.Length - 1)]);

    static Task<string> Hear(IChatModel model) => Asked.Hear(model, Asked.Question with { Tools = Tools });

    [Fact]
    public async Task An_empty_reply_is_asked_for_again()
    {
        await using Asked asked = await Replies(Empty, Empty, Good);
        Assert.Equal("(EmptyAskedAgain) (EmptyAskedAgain) | <hm> \"hello\" EndTurn", await Hear(Around(asked)));
    }

    [Fact]
    public async Task So_is_one_that_only_thinks()
    {
        await using Asked asked = await Replies(ThinkingOnly, Good);
        Assert.Equal("| <hm> (EmptyAskedAgain) <hm> \"hello\" EndTurn", await Hear(Around(asked)));
    }

    [Fact]
    public async Task A_model_that_falls_silent_in_a_text_is_asked_to_go_on_and_three_times_silent_has_said_all()
    {
        await using Asked asked = await Asked.Of(_clock, (number, _) => number switch { 0 => Reply.Of(new Part.Say("This is cut off in the middle.")), 1 => Empty, 2 => Reply.Of(new Part.Say("and ends.")), _ => Empty }, new Fault.CutAfter(2));
        Assert.Equal("| \"This is cut of…(Continued) ……(EmptyAskedAgain) …and ends.\" EndTurn", await Hear(Around(asked)));
        await using Asked mute = await Asked.Of(_clock, (number, _) => number == 0 ? Reply.Of(new Part.Say("All is said.")) : Empty, new Fault.EndAfter(2));
        Assert.Equal("| \"All is said.…(Continued) ……(EmptyAskedAgain) ……(EmptyAskedAgain) …\" EndTurn", await Hear(Around(mute)));
    }

    [Fact]
    public async Task Three_of_them_are_an_upstream_that_is_overloaded()
    {
        await using Asked asked = await Replies(Empty);
        List<ReplyEvent> events = await SteadyTests.Events(Around(asked));
        Assert.Equal(new ReplyEvent.Failed(new Failure.Overloaded("up: the model ended its reply without a word, 3 times in a row")), events[^1].Value);
        Assert.Equal(3, asked.Times);
    }

    [Fact]
    public async Task A_limit_reached_while_thinking_is_raised_to_the_models_own()
    {
        await using Asked asked = await Replies(OutOfRoom, Good);
        Assert.EndsWith("\"hello\" EndTurn", await Hear(Around(asked)), StringComparison.Ordinal);
        Assert.Equal([1000, 32_000], asked.Vendor.Asked.Select(request => request.Parse().GetProperty("max_tokens").GetInt32()));
    }

    [Fact]
    public async Task Where_the_vendor_goes_on_behind_its_thinking_nothing_is_thought_twice()
    {
        await using Asked asked = await Replies(OutOfRoom, Reply.Of(new Part.Say("hello")));
        Assert.Equal("| <a long thought> (LimitRaised) \"hello\" EndTurn", await Hear(Around(asked)));
        System.Text.Json.JsonElement last = asked.Vendor.Asked[1].Parse().GetProperty("messages").EnumerateArray().Last();
        Assert.Equal(("assistant", "a long thought", true), (last.GetProperty("role").GetString(), last.GetProperty("reasoning_content").GetString(), last.GetProperty("partial").GetBoolean()));
        Assert.Empty(asked.Vendor.Violations);
    }

    [Fact]
    public async Task Elsewhere_it_is_begun_anew()
    {
        await using Asked asked = await Asked.Of(_clock, new Glm(), Dialect.Glm, (number, _) => number == 0 ? OutOfRoom : Good, []);
        Assert.Equal("| <a long thought> (LimitRaised) <hm> \"hello\" EndTurn", await Hear(Around(asked)));
        Assert.Equal(1, asked.Vendor.Asked[1].Parse().GetProperty("messages").GetArrayLength());
    }

    [Fact]
    public async Task A_circle_in_the_thinking_is_cut_and_begun_anew()
    {
        await using Asked asked = await Replies(Circle, Good);
        string heard = await Hear(Around(asked));
        Assert.EndsWith("again.\n> (ThinkingLoopCut) <hm> \"hello\" EndTurn", heard, StringComparison.Ordinal);
        Assert.True(heard.Length < 400);
    }

    [Fact]
    public async Task A_model_that_does_nothing_else_fails()
    {
        await using Asked asked = await Replies(Circle);
        Assert.EndsWith("Looping", await Hear(Around(asked)), StringComparison.Ordinal);
        Assert.Equal(3, asked.Times);
    }

    [Fact]
    public async Task A_broken_call_is_asked_for_again_and_never_seen()
    {
        await using Asked asked = await Replies(BrokenCall, GoodCall);
        Assert.Equal("| <hm> (CallAskedAgain) [Read {\"path\":\"a\"}] ToolUse", await Hear(Around(asked)));
    }

    [Fact]
    public async Task One_that_stays_broken_is_passed_on_for_the_client_to_answer()
    {
        await using Asked asked = await Replies(BrokenCall);
        Assert.Equal("| <hm> (CallAskedAgain) <hm> (CallAskedAgain) <hm> [Read {\"path\": ] ToolUse", await Hear(Around(asked)));
        Assert.Equal(3, asked.Times);
    }

    [Fact]
    public async Task A_reply_that_is_cut_inside_a_call_gives_out_no_call()
    {
        await using Asked asked = await Asked.Of(_clock, (number, _) => Reply.Of(new Part.Call("Read", "{\"path\":\"a\"}"), new Part.Call("Read", $$"""{"path":"{{number}}"}""")), new Fault.CutAfter(5));
        Assert.Equal("(Retried) | [Read {\"path\":\"a\"}] [Read {\"path\":\"1\"}] ToolUse", await Hear(Around(asked)));
    }

    [Theory]
    [InlineData("a"), InlineData("b")]
    public async Task Behind_a_text_the_model_is_asked_for_the_call_alone(string path)
    {
        await using Asked asked = await Asked.Of(_clock, (number, _) => number == 0
            ? Reply.Of(new Part.Say("I will read it."), new Part.Call("Read", "{\"path\": "))
            : Reply.Of(new Part.Call("Read", $$"""{"path":"{{path}}"}""")));
        Assert.Equal($$"""| "I will read it.…(CallAskedAgain) …" [Read {"path":"{{path}}"}] ToolUse""", await Hear(Around(asked)));
        Assert.Empty(asked.Vendor.Violations);
    }

    [Theory, InlineData("glm"), InlineData("plain")]
    public async Task Behind_a_text_the_call_is_asked_for_again_and_at_last_passed_on(string vendor)
    {
        await using Asked asked = await Asked.Of(_clock, SteadyTests.Of(vendor), SteadyTests.DialectOf(vendor), (_, conversation) =>
            Reply.Of(new Part.Say("I will read it."), new Part.Call("Read", "{\"path\": ")), []);
        Assert.Equal("| \"I will read it.…(CallAskedAgain) ……(CallAskedAgain) …\" [Read {\"path\": ] ToolUse", await Hear(Around(asked)));
        Assert.Equal(3, asked.Times);
    }
}
