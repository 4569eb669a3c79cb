// Tool calls and their results: order, completeness, ids.

using Baltoro.Chat.History;

namespace Baltoro.Chat.Tests.History;

public class CallTests
{
    static string[] Ids(Sequence<Turn> turns) => [.. turns.SelectMany(turn => turn.Blocks).Select(block => block switch
    {
        Block.ToolCall call => call.Id,
        Block.ToolResult result => $"={result.CallId}",
        _ => "",
    }).Where(id => id.Length > 0)];

    [Fact]
    public void Results_come_in_the_order_of_their_calls_and_before_other_words()
    {
        ChatRequest request = Say.Conversation(Say.User("go"),
            Say.Assistant(Say.Call("a"), Say.Call("b")),
            Say.User(Say.Text("by the way"), Say.Result("b", "two"), Say.Result("a", "one")));
        Assert.Equal(Say.User(Say.Result("a", "one"), Say.Result("b", "two"), Say.Text("by the way")), request.FitTurns(Cards.Plain)[2]);
    }

    [Fact]
    public void A_missing_result_is_filled_with_an_honest_placeholder()
    {
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a"), Say.Call("b")), Say.User(Say.Result("b")));
        Block filled = request.FitTurns(Cards.Plain)[2].Blocks[0];
        Assert.Equal(new Block.ToolResult("a", [Say.Text("No result: the tool call was interrupted before it returned.")], IsError: true), filled);
    }

    [Fact]
    public void A_call_that_the_user_spoke_over_gets_its_placeholder_in_a_turn_of_its_own()
    {
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a")), Say.User("stop that"));
        Sequence<Turn> turns = request.FitTurns(Cards.Plain);
        Assert.Equal(["a", "=a"], Ids(turns));
        Assert.Equal(Say.User("stop that"), turns[^1]);
    }

    [Fact]
    public void Double_results_are_merged_and_a_result_without_a_call_becomes_text()
    {
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a")),
            Say.User(Say.Result("a", "one"), Say.Result("a", "one"), Say.Result("a", "more"), Say.Result("ghost", "boo")));
        Assert.Equal(
            Say.User(new Block.ToolResult("a", [Say.Text("one"), Say.Text("more")]), Say.Text("[Result of an earlier tool call]\nboo")),
            request.FitTurns(Cards.Plain)[2]);
    }

    [Fact]
    public void A_system_turn_between_call_and_result_follows_the_result()
    {
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a")), Say.System("note"), Say.User(Say.Result("a")));
        Assert.Equal([Say.User(Say.Result("a")), Say.System("note")], request.FitTurns(Cards.Plain).Skip(2));
    }

    [Fact]
    public void Assistant_turns_that_follow_each_other_become_one_so_that_all_results_can_follow()
    {
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a")), Say.Assistant(Say.Call("b")), Say.User(Say.Result("a"), Say.Result("b")));
        Assert.Equal(["a", "b", "=a", "=b"], Ids(request.FitTurns(Cards.Kimi with { Ids = IdDialect.Any })));
    }

    [Fact]
    public void Arguments_that_the_model_left_empty_become_an_empty_object() =>
        Assert.Equal(Say.Call("a", "Read", "{}"),
            Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("a", "Read", "")), Say.User(Say.Result("a"))).FitTurns(Cards.Plain)[1].Blocks[0]);

    [Fact] // Row 39
    public void Kimi_gets_its_native_ids_counting_over_the_whole_conversation()
    {
        ChatRequest request = Say.Conversation(Say.User("go"),
            Say.Assistant(Say.Call("toolu_01", "Read"), Say.Call("call_x", "my-tool.v2")),
            Say.User(Say.Result("toolu_01"), Say.Result("call_x")),
            Say.Assistant(Say.Call("functions.Bash:2", "Bash")), Say.User(Say.Result("functions.Bash:2")),
            Say.Assistant(Say.Call("functions.Bash:2", "Bash")), Say.User(Say.Result("functions.Bash:2")));
        Assert.Equal(
            ["functions.Read:0", "functions.my-tool.v2:1", "=functions.Read:0", "=functions.my-tool.v2:1",
             "functions.Bash:2", "=functions.Bash:2", "functions.Bash:3", "=functions.Bash:3"],
            Ids(request.FitTurns(Cards.Kimi)));
    }

    [Fact] // Row 39
    public void Claude_gets_ids_of_its_own_pattern()
    {
        ChatRequest request = Say.Conversation(Say.User("go"),
            Say.Assistant(Say.Call("functions.Read:0"), Say.Call("functions.Read:0"), Say.Call("")),
            Say.User(Say.Result("functions.Read:0"), Say.Result("functions.Read:0"), Say.Result("")));
        Assert.Equal(["functions_Read_0", "functions_Read_0_1", "call", "=functions_Read_0", "=functions_Read_0_1", "=call"], Ids(request.FitTurns(Cards.Claude)));
    }

    [Fact]
    public void What_the_client_carries_for_a_native_id_leads_back_to_it()
    {
        CallIds.ForClient ids = new(Say.Conversation());
        string first = ids.Next("functions.my-tool:0"), again = ids.Next("functions.my-tool:0"), plain = ids.Next("toolu_01"), none = ids.Next("");
        Assert.Equal(["toolu_b0_functions-2emy-2dtool-3a0", "toolu_b1_functions-2emy-2dtool-3a0", "toolu_01", "toolu_b3_call"], [first, again, plain, none]);

        ChatRequest next = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call(first, "my-tool"), Say.Call(again, "my-tool")), Say.User(Say.Result(first), Say.Result(again)));
        Assert.Equal(["functions.my-tool:0", "functions.my-tool:1"], Ids(next.FitTurns(Cards.Kimi))[..2]);
    }

    [Fact]
    public void An_id_that_the_conversation_already_has_is_not_given_twice()
    {
        ChatRequest request = Say.Conversation(Say.User("go"), Say.Assistant(Say.Call("call_1")), Say.User(Say.Result("call_1")));
        Assert.Equal("toolu_b0_call_1", new CallIds.ForClient(request).Next("call_1"));
    }
}
