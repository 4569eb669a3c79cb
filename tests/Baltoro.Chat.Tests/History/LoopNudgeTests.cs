// A model that makes the same calls with the same results again and again is told so.

namespace Baltoro.Chat.Tests.History;

public class LoopNudgeTests
{
    /// <summary>Rounds of one call each, given as <c>arguments=result</c>.</summary>
    static ChatRequest Rounds(params string[] rounds)
    {
        List<Turn> turns = [Say.User("go")];
        for (int i = 0; i < rounds.Length; i++)
        {
            string[] parts = rounds[i].Split('=');
            turns.Add(Say.Assistant(Say.Text($"step {i}"), Say.Call($"c{i}", "Bash", parts[0])));
            turns.Add(Say.User(Say.Result($"c{i}", parts[1])));
        }
        return Say.Conversation([.. turns]);
    }

    static string[] Times(int times, params string[] rounds) => [.. Enumerable.Repeat(rounds, times).SelectMany(each => each)];

    /// <summary>The places (from 1) of the results that carry a reminder, with the number of times that it names.</summary>
    static string Nudged(ChatRequest request, ModelCard? card = null) =>
        string.Join(' ', request.FitTurns(card ?? Cards.Kimi).SelectMany(turn => turn.Blocks).OfType<Block.ToolResult>().Select((result, i) => (At: i + 1, Words: Reminder(result)))
            .Where(each => each.Words.Length > 0).Select(each => $"{each.At}:{each.Words}"));

    static string Reminder(Block.ToolResult result) =>
        result.Content is [.., Block.Text { Content: ['<', 's', 'y', 's', ..] and var words }] ? words.Split(" times")[0].Split(' ')[^1] : "";

    [Fact]
    public void The_third_fifth_and_eighth_same_call_with_the_same_result_is_answered_with_a_reminder() =>
        Assert.Equal("3:three 5:five 8:eight", Nudged(Rounds(Times(12, "{}=same"))));

    [Fact]
    public void The_reminder_stands_behind_the_result_and_asks_for_something_new()
    {
        Block.ToolResult third = (Block.ToolResult)Rounds(Times(3, "{}=same")).FitTurns(Cards.Plain)[^1].Blocks[0];
        Assert.Equal(
            [
                Say.Text("same"),
                Say.Text("<system-reminder>\nThe same tool calls with the same arguments have now returned the same results three times in a row. Before the next call, "
                    + "state what new information it is to bring. If it brings none, do something else.\n</system-reminder>"),
            ],
            third.Content);
    }

    [Fact]
    public void Another_result_breaks_the_run() => Assert.Equal("", Nudged(Rounds("{}=a", "{}=a", "{}=b", "{}=a", "{}=a")));

    [Fact]
    public void Another_call_breaks_the_run() => Assert.Equal("", Nudged(Rounds("{}=a", "{}=a", """{"x":1}=a""", "{}=a", "{}=a")));

    [Fact]
    public void Arguments_are_compared_as_JSON_whatever_the_order_of_their_members() =>
        Assert.Equal("3:three", Nudged(Rounds("""{"a":1,"b":[2]}=x""", """{"b":[2],"a":1}=x""", """ { "b": [2], "a": 1 } =x""")));

    [Fact]
    public void A_cycle_of_two_calls_is_a_loop() => Assert.Equal("6:three 10:five 16:eight", Nudged(Rounds(Times(9, "1=a", "2=b"))));

    [Fact]
    public void A_cycle_of_three_calls_is_a_loop() => Assert.Equal("9:three 15:five 24:eight", Nudged(Rounds(Times(9, "1=a", "2=b", "3=c"))));

    [Fact]
    public void A_cycle_with_one_call_twice_in_it_is_a_loop() => Assert.Equal("9:three", Nudged(Rounds(Times(3, "1=a", "1=a", "2=b"))));

    [Fact]
    public void A_cycle_of_tests_whose_results_change_is_work() =>
        Assert.Equal("", Nudged(Rounds([.. Enumerable.Range(0, 20).SelectMany(n => new[] { $"edit=changed {n}", $"test=failed {20 - n}" })])));

    [Fact]
    public void A_marker_for_the_cache_does_not_make_a_result_different()
    {
        ChatRequest request = Rounds(Times(3, "{}=same"));
        Turn last = Say.User(new Block.ToolResult("c2", [new Block.Text("same") { CacheControl = RawJson.Of("""{"type":"ephemeral"}""") }]));
        Assert.Equal("3:three", Nudged(request with { Turns = [.. request.Turns.Take(6), last] }, Cards.Claude));
    }

    [Fact]
    public void Pictures_are_compared_by_what_they_show_and_where_they_were_moved_elsewhere_not_at_all()
    {
        static ChatRequest Shots(params string[] pictures) => Say.Conversation([Say.User("go"), .. pictures.SelectMany((picture, i) => new[]
        {
            Say.Assistant(Say.Call($"c{i}", "Screenshot")),
            Say.User(new Block.ToolResult($"c{i}", [new Block.Image(new Media.Inline("image/png", picture))])),
        })]);
        Assert.Equal("3:three", Nudged(Shots("AAAA", "AAAA", "AAAA"), Cards.Claude));
        Assert.Equal("", Nudged(Shots("AAAA", "BBBB", "CCCC"), Cards.Claude));
        Assert.Equal("", Nudged(Shots("AAAA", "BBBB", "CCCC"), Cards.Plain));
    }

    [Fact]
    public void A_card_can_do_without() => Assert.Equal("", Nudged(Rounds(Times(9, "{}=same")), Cards.Kimi with { LoopNudges = false }));
}
