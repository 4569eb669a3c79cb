// Replies that break off after they have begun.

using Baltoro.Chat;
using Baltoro.Chat.Repair;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;
using Reply = Baltoro.ScriptedUpstream.Reply;
using Turn = Baltoro.Chat.Turn;

namespace Baltoro.Models.Tests.Policy;

public class SteadyTests
{
    const string Thought = "The first thought, and the second one.", Text = "First this is said, and then the rest of it is said, too.";

    // Kimi's stream: one event for the role, one for every 14 letters.
    const int InThinking = 3, InText = 1 + 3 + 2;

    readonly PassingTime _clock = new();

    Steady Around(Asked asked, SteadyBudget? budget = null) =>
        new Steady(new Retry(asked.Model, new(), _clock, new(1)), (_, _) => new Chain(), budget ?? new(), _clock);

    /// <summary>A model that goes on with what it is given, and says all of it when it is given nothing.</summary>
    static Script GoesOn(string text = Text, Func<string, string>? repeats = null) => (_, conversation) =>
    {
        string given = conversation.Turns[^1] is ScriptedUpstream.Turn.Assistant begun ? begun.Text : "";
        return given.Length == 0
            ? Reply.Of(new Part.Think(Thought), new Part.Say(text))
            : Reply.Of(new Part.Say((repeats?.Invoke(given) ?? "") + text[given.Length..]));
    };

    [Theory]
    [InlineData("cut"), InlineData("end")]
    public async Task Behind_thinking_it_is_begun_anew_in_a_block_of_its_own(string how)
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), how == "cut" ? new Fault.CutAfter(InThinking) : new Fault.EndAfter(InThinking));
        Assert.Equal($"| <{Thought[..28]}> (BegunAnew) <{Thought}> \"{Text}\" EndTurn", await Asked.Hear(Around(asked)));
        Assert.Empty(asked.Vendor.Violations);
    }

    [Fact]
    public async Task Thinking_that_came_to_nothing_is_sealed_as_such()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), new Fault.CutAfter(InThinking));
        List<ReplyEvent> events = await Events(Around(asked));
        Assert.Equal(
            [new Seal(asked.Model.Card.Origin) { IsAbandoned = true }, new Seal(asked.Model.Card.Origin), null],
            events.Select(step => step.Value).OfType<ReplyEvent.Closed>().Select(closed => closed.Seal));
    }

    [Fact]
    public async Task Behind_text_the_model_goes_on_in_the_same_block()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), new Fault.CutAfter(InText));
        Assert.Equal($"| <{Thought}> \"{Text[..28]}…(Continued) …{Text[28..]}\" EndTurn", await Asked.Hear(Around(asked)));
        System.Text.Json.JsonElement begun = LastMessage(asked);
        Assert.Equal((Thought, Text[..28], true), (begun.GetProperty("reasoning_content").GetString(), begun.GetProperty("content").GetString(), begun.GetProperty("partial").GetBoolean()));
        Assert.Empty(asked.Vendor.Violations);
    }

    [Fact]
    public async Task As_often_as_it_takes()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), new Fault.CutAfter(InText), new Fault.EndAfter(2), new Fault.CutAfter(1), new Fault.CutAfter(2));
        Assert.Equal(
            $"| <{Thought}> \"{Text[..28]}…(Continued) …{Text[28..42]}…(Continued) ……(Retried) …{Text[42..56]}…(Continued) …{Text[56..]}\" EndTurn",
            await Asked.Hear(Around(asked)));
    }

    [Fact]
    public async Task A_model_that_repeats_what_it_was_given_is_not_heard_twice()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(repeats: given => given), new Fault.CutAfter(InText));
        Assert.Equal($"| <{Thought}> \"{Text[..28]}…(Continued) …{Text[28..]}\" EndTurn", await Asked.Hear(Around(asked)));
    }

    [Fact]
    public async Task A_text_to_which_nothing_is_to_be_added_was_whole()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), new Fault.CutAfter(1 + 3 + 5));
        Assert.Equal($"| <{Thought}> \"{Text}…(Continued) …\" EndTurn", await Asked.Hear(Around(asked)));
    }

    [Theory]
    [InlineData("glm"), InlineData("deepseek"), InlineData("openrouter"), InlineData("plain")]
    public async Task A_vendor_that_takes_no_beginning_is_told_to_go_on(string vendor)
    {
        int cut = vendor switch { "openrouter" => InText + 2, "plain" => InText - 3, _ => InText };
        await using Asked asked = await Asked.Of(_clock, Of(vendor), DialectOf(vendor), GoesOn(), [new Fault.CutAfter(cut)]);
        List<ReplyEvent> events = await Events(Around(asked));
        Assert.Equal(Text, Said(events));
        Assert.IsType<ReplyEvent.Finished>(events[^1].Value);
        Assert.Equal(("user", "assistant"), (Messages(asked)[^1].GetProperty("role").GetString(), Messages(asked)[^2].GetProperty("role").GetString()));
        Assert.Equal(Text[..28], Messages(asked)[^2].GetProperty("content").GetString());
        Assert.Empty(asked.Vendor.Violations);
    }

    [Fact]
    public async Task What_was_thought_in_the_middle_of_a_text_stands_in_front_of_the_call_behind_it()
    {
        await using Asked asked = await Asked.Of(
            _clock, new OpenRouter(), Dialect.OpenRouter, (_, _) => Reply.Of(new Part.Think(Thought), new Part.Say(Text), new Part.Call("Read", "{}")), [new Fault.CutAfter(InText + 2)]);
        Assert.Equal($"| <{Thought}> \"{Text[..28]}…(Continued) …{Text[28..]}\" <{Thought}> [Read {{}}] ToolUse", await Asked.Hear(Around(asked)));
    }

    [Fact]
    public async Task Behind_a_text_that_was_whole_already_nothing_more_is_seen()
    {
        await using Asked asked = await Asked.Of(_clock, new OpenRouter(), Dialect.OpenRouter, GoesOn(), [new Fault.Broken(Breaking.End, ScriptedUpstream.Place.Call)]);
        IChatModel model = new Steady(new Retry(asked.Model, new(), _clock, new(1)), (_, _) => new Chain(new Substance()), new(), _clock);
        Assert.Equal($"| <{Thought}> \"{Text}…(Continued) ……(EmptyAskedAgain) ……(EmptyAskedAgain) …\" EndTurn", await Asked.Hear(model));
    }

    [Fact]
    public async Task A_thought_behind_which_a_call_was_broken_is_no_part_of_the_reply()
    {
        await using Asked asked = await Asked.Of(_clock, new Kimi(), Dialect.Kimi, (_, _) => Reply.Of(new Part.Think(Thought), new Part.Say("\n"), new Part.Call("Read", "{}")), [new Fault.Broken(Breaking.Cut, ScriptedUpstream.Place.Call)]);
        Seal whole = new(asked.Model.Card.Origin);
        Assert.Equal(
            [whole with { IsAbandoned = true }, whole, null],
            (await Events(Around(asked))).Select(step => step.Value).OfType<ReplyEvent.Closed>().Select(closed => closed.Seal));
    }

    [Theory]
    [InlineData("kimi", 2), InlineData("self-hosted", 2), InlineData("messages", 8)]
    public async Task Vendors_that_go_on_do_so_in_their_own_way(string vendor, int cutAfter)
    {
        await using Asked asked = await Asked.Of(
            _clock, Of(vendor), DialectOf(vendor), (number, conversation) => GoesOn("Said at once.\n\nAnd then the end of it.")(number, conversation) is var reply && vendor == "messages" ? reply : new([.. reply.Parts.Where(part => part is Part.Say)], Stop.End),
            [new Fault.CutAfter(cutAfter)]);
        string heard = await Asked.Hear(Around(asked));
        Assert.Contains("(Continued)", heard);
        Assert.EndsWith("\"Said at once.\n\nAnd then the end of it.\" EndTurn", heard.Replace("…(Continued) …", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(asked.Vendor.Violations);
    }

    [Fact]
    public async Task Claude_goes_on_without_thinking_and_without_the_white_space_that_it_refuses()
    {
        await using Asked asked = await Asked.Of(_clock, new Claude(), Dialect.Claude, (_, conversation) =>
            conversation.Turns[^1] is ScriptedUpstream.Turn.Assistant begun ? Reply.Of(new Part.Say("\n\nand more")) : Reply.Of(new Part.Say("Twelve words\n\nand more")),
            [new Fault.CutAfter(4)]);
        ChatRequest thinks = Asked.Question with { OutputLimit = 4000, Thinking = new() { Mode = ThinkingMode.On, Budget = 2000 } };
        // The scripted Claude is a current one, which refuses: the reply fails for the reason that it broke off.
        Assert.Equal("| \"Twelve words\n\n…(Continued) …… Cut", await Asked.Hear(Around(asked), thinks));
        Assert.Equal("""[{"type":"text","text":"Twelve words"}]""", LastMessage(asked).GetProperty("content").GetRawText());
        Assert.DoesNotContain("budget_tokens", asked.Vendor.Asked[1].Parse().GetRawText());
    }

    [Fact]
    public async Task A_beginning_of_the_client_and_what_followed_are_one_text()
    {
        await using Asked asked = await Asked.Of(_clock, (_, _) => Reply.Of(new Part.Say("In the beginning there was a word and an end.")), new Fault.CutAfter(2));
        ChatRequest begun = Asked.Question with { Turns = [.. Asked.Question.Turns, new Turn.Assistant([new Block.Text("In the beginning ")])] };
        Assert.Equal("| \"there was a wo…(Continued) …rd and an end.\" EndTurn", await Asked.Hear(Around(asked), begun));
        Assert.Equal("In the beginning there was a wo", LastMessage(asked).GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_failure_that_does_not_pass_ends_a_reply_that_has_begun()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), new Fault.CutAfter(InText), new Fault.Status(401));
        Assert.EndsWith("… Unauthenticated", await Asked.Hear(Around(asked)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_vendor_refuses_to_go_on_the_client_hears_why_it_had_to()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), new Fault.CutAfter(InText), new Fault.Status(400, """{"error":{"message":"no prefill here"}}"""));
        Assert.Equal($"| <{Thought}> \"{Text[..28]}…(Continued) …… Cut", await Asked.Hear(Around(asked)));
    }

    [Fact]
    public async Task Attempts_are_counted()
    {
        await using Asked asked = await Asked.Of(_clock, GoesOn(), [.. Enumerable.Repeat(new Fault.CutAfter(InThinking), 9)]);
        Assert.Equal("| " + string.Concat(Enumerable.Repeat($"<{Thought[..28]}> (BegunAnew) ", 4)) + $"<{Thought[..28]}… Cut", await Asked.Hear(Around(asked)));
        Assert.Equal(5, asked.Times);
    }

    [Fact]
    public async Task No_attempt_begins_after_the_time_is_spent()
    {
        await using Asked asked = await Asked.Of(_clock, (number, conversation) =>
        {
            _clock.Advance(TimeSpan.FromMinutes(6));
            return GoesOn()(number, conversation);
        }, [.. Enumerable.Repeat(new Fault.CutAfter(InThinking), 9)]);
        await Asked.Hear(Around(asked));
        Assert.Equal(2, asked.Times);
    }

    [Fact]
    public async Task A_call_that_was_seen_ends_all_trying()
    {
        await using Asked asked = await Asked.Of(
            _clock, new CompatibleMessages(), Dialect.Messages, (_, _) => Reply.Of(new Part.Call("Read", "{}"), new Part.Say(Text)), [new Fault.CutAfter(7)]);
        string heard = await Asked.Hear(Around(asked));
        Assert.StartsWith("| [Read {}] ", heard, StringComparison.Ordinal);
        Assert.EndsWith("Cut", heard, StringComparison.Ordinal);
        Assert.Equal(1, asked.Times);
    }

    [Fact]
    public async Task The_last_input_and_all_output_are_counted()
    {
        // With usage at its start, a stream has counted something before it breaks.
        await using Asked asked = await Asked.Of(_clock, new CompatibleMessages(), Dialect.Messages, GoesOn(), [new Fault.CutAfter(4)]);
        List<ReplyEvent> inner = await Events(asked.Model), all = await Events(Around(asked));
        Assert.IsType<ReplyEvent.Failed>(inner[^1].Value);
        Assert.Equal(StopReason.EndTurn, Assert.IsType<ReplyEvent.Finished>(all[^1].Value).Reason);
        Assert.Equal(asked.Vendor.Asked[^1].Billed!.Output, Last(all).Output);
        Assert.Equal(asked.Vendor.Asked[^1].Billed!.Prompt, Last(all).TotalInput);
    }

    [Fact]
    public async Task Without_a_fault_every_event_passes_as_it_is()
    {
        await using Asked asked = await Asked.Of(_clock, (_, _) => Reply.Of(new Part.Think(Thought), new Part.Say(Text), new Part.Call("Read", "{\"a\":1}")));
        ReplyEvent[] Comparable(IEnumerable<ReplyEvent> events) => [.. events.Where(step => step.Value is not (ReplyEvent.Started or ReplyEvent.Counted))];
        Assert.Equal(Comparable(await Events(asked.Model)), Comparable(await Events(Around(asked))));
    }

    static string Said(IEnumerable<ReplyEvent> events)
    {
        string said = "";
        BlockHead? open = null;
        foreach (ReplyEvent step in events)
        {
            if (step.Value is ReplyEvent.Opened opened) open = opened.Head;
            if (step.Value is string delta && open is BlockHead.Text) said += delta;
        }
        return said;
    }

    static List<System.Text.Json.JsonElement> Messages(Asked asked) => [.. asked.Vendor.Asked[1].Parse().GetProperty("messages").EnumerateArray()];

    static System.Text.Json.JsonElement LastMessage(Asked asked) => asked.Vendor.Asked[1].Parse().GetProperty("messages").EnumerateArray().Last();

    static Chat.Usage Last(IEnumerable<ReplyEvent> events) => events.Select(step => step.Value).OfType<ReplyEvent.Counted>().Last().Usage;

    internal static async Task<List<ReplyEvent>> Events(IChatModel model, ChatRequest? request = null)
    {
        List<ReplyEvent> events = [];
        await foreach (ReplyEvent step in model.Reply(request ?? Asked.Question, default)) events.Add(step);
        return events;
    }

    internal static Vendor Of(string vendor) => vendor switch
    {
        "kimi" => new Kimi(),
        "glm" => new Glm(),
        "deepseek" => new DeepSeek(),
        "openrouter" => new OpenRouter(),
        "self-hosted" => new SelfHosted(),
        "plain" => new Plain(),
        _ => new CompatibleMessages(),
    };

    internal static Dialect DialectOf(string vendor) => vendor switch
    {
        "kimi" => Dialect.Kimi,
        "glm" => Dialect.Glm,
        "deepseek" => Dialect.DeepSeek,
        "openrouter" => Dialect.OpenRouter,
        "self-hosted" => Dialect.SelfHosted,
        "plain" => Dialect.Plain,
        _ => Dialect.Messages,
    };
}
