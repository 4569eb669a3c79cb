// What holds of every conversation, fitted to every model.

using System.Text.Json;
using CsCheck;

namespace Baltoro.Chat.Tests.History;

public class HistoryProperties
{
    [Fact]
    public void Every_call_has_exactly_one_result_right_behind_it_in_the_order_of_the_calls() => ForEachModel((request, card) =>
    {
        Sequence<Turn> turns = request.FitTurns(card);
        for (int i = 0; i < turns.Count; i++)
        {
            string[] calls = [.. turns[i].Blocks.OfType<Block.ToolCall>().Select(call => call.Id)];
            string[] before = i == 0 ? [] : [.. turns[i - 1].Blocks.OfType<Block.ToolCall>().Select(call => call.Id)];
            string[] results = [.. turns[i].Blocks.TakeWhile(block => block is Block.ToolResult).Select(block => ((Block.ToolResult)block).CallId)];
            Assert.Equal(before, results);
            Assert.Equal(results.Length, turns[i].Blocks.Count(block => block is Block.ToolResult));
            Assert.True(calls.Length == 0 || turns[i] is Turn.Assistant);
        }
    });

    [Fact]
    public void Ids_are_unique_and_of_the_vendors_form() => ForEachModel((request, card) =>
    {
        string[] ids = [.. request.FitTurns(card).SelectMany(turn => turn.Blocks).OfType<Block.ToolCall>().Select(call => call.Id)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        string form = card.Ids switch { IdDialect.Claude => "^[a-zA-Z0-9_-]+$", IdDialect.Kimi => @"^functions\.[\w.\-]+:\d+$", _ => "^.{1,64}$" };
        Assert.All(ids, id => Assert.Matches(form, id));
    });

    [Fact]
    public void Fitting_twice_is_fitting_once() => ForEachModel((request, card) =>
    {
        ChatRequest once = request.Fit(card);
        Assert.Equal(once, once.Fit(card));
    });

    [Fact]
    public void What_was_fitted_stays_as_the_conversation_grows() => Conversations.WholeRounds.Sample(rounds =>
    {
        foreach (ModelCard card in Cards.All)
        {
            Sequence<Turn> whole = Conversations.Request(rounds).FitTurns(card);
            for (int n = 1; n < rounds.Length; n++)
            {
                Sequence<Turn> part = Conversations.Request(rounds.Take(n)).FitTurns(card);
                Assert.Equal(part, whole.Take(part.Count));
            }
        }
    }, iter: 400);

    [Fact]
    public void Reminders_of_loops_stay_where_they_were_given_and_are_given_once() => Conversations.Loops.Sample(rounds =>
    {
        foreach (ModelCard card in Cards.All)
        {
            ChatRequest whole = Conversations.Request(rounds).Fit(card);
            Assert.Equal(whole, whole.Fit(card));
            for (int n = 1; n < rounds.Length; n++)
            {
                Sequence<Turn> part = Conversations.Request(rounds.Take(n)).FitTurns(card);
                Assert.Equal(part, whole.Turns.Take(part.Count));
            }
        }
    }, iter: 200);

    [Fact]
    public void What_was_written_stays_byte_for_byte_as_the_conversation_grows() => Conversations.WholeRounds.Sample(rounds =>
    {
        foreach (ModelCard card in Cards.All)
        {
            (string tools, string messages) whole = Written(Conversations.Request(rounds), card);
            for (int n = 1; n < rounds.Length; n++)
            {
                (string tools, string messages) part = Written(Conversations.Request(rounds.Take(n)), card);
                // A tool that was loaded in between comes last, so the list before it stays too.
                Assert.StartsWith(part.tools[..^1], whole.tools, StringComparison.Ordinal);
                Assert.StartsWith(part.messages[..^1], whole.messages, StringComparison.Ordinal);
            }
        }
    }, iter: 200);

    /// <summary>The arrays of tools and messages as they go to the vendor.</summary>
    static (string Tools, string Messages) Written(ChatRequest request, ModelCard card)
    {
        using JsonDocument document = JsonDocument.Parse(request.Body(card));
        return (document.RootElement.GetProperty("tools").GetRawText(), document.RootElement.GetProperty("messages").GetRawText());
    }

    [Fact]
    public void No_empty_text_and_no_empty_turn_is_sent() => ForEachModel((request, card) =>
    {
        Assert.All(request.FitTurns(card), turn => Assert.NotEmpty(turn.Blocks));
        Assert.DoesNotContain(request.FitTurns(card).SelectMany(turn => turn.Blocks), block => block is Block.Text { Content: var text } && string.IsNullOrWhiteSpace(text));
    });

    static void ForEachModel(Action<ChatRequest, ModelCard> check) => Conversations.Rounds.Sample(rounds =>
    {
        foreach (ModelCard card in Cards.All) check(Conversations.Request(rounds), card);
    }, iter: 1000);
}
