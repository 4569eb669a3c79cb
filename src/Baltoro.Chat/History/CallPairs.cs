// Every tool call has exactly one result, right behind it and in the order of the calls.

namespace Baltoro.Chat.History;

/// <summary>
/// Vendors refuse anything else. Neighbouring assistant turns become one; the results that follow come first in the next user turn, in the
/// order of their calls; a missing one is filled with an honest placeholder; doubles are merged; a result without a call becomes text.
/// Everything else that stood between a call and its results follows them.
/// </summary>
static class CallPairs
{
    public const string Missing = "No result: the tool call was interrupted before it returned.";

    public static ChatRequest Complete(ChatRequest request)
    {
        List<Turn> turns = new(request.Turns.Count);
        Sequence<Turn> given = Merge(request.Turns);
        int i = 0;
        while (i < given.Count)
        {
            Turn turn = given[i++];
            if (turn is not Turn.Assistant assistant)
            {
                turns.Add(WithoutOrphans(turn));
                continue;
            }

            turns.Add(assistant);
            Block.ToolCall[] calls = [.. assistant.Blocks.OfType<Block.ToolCall>()];
            if (calls.Length == 0) continue;

            int end = i;
            while (end < given.Count && given[end] is not Turn.Assistant) end++;
            Answer(calls, given, i, end, turns);
            i = end;
        }
        return request with { Turns = turns.ToSequence() };
    }

    /// <summary>Adds the turns from <paramref name="start"/> to <paramref name="end"/>, with the results of <paramref name="calls"/> in front.</summary>
    static void Answer(Block.ToolCall[] calls, Sequence<Turn> given, int start, int end, List<Turn> turns)
    {
        List<Block.ToolResult> results = [];
        for (int t = start; t < end; t++) results.AddRange(given[t].Blocks.OfType<Block.ToolResult>());

        List<Block> first = [];
        foreach (Block.ToolCall call in calls)
        {
            int at = results.FindIndex(result => result.CallId == call.Id);
            first.Add(at >= 0 ? results[at] : new Block.ToolResult(call.Id, [new Block.Text(Missing)], IsError: true));
            if (at >= 0) results.RemoveAt(at);
        }
        // What is left answers a call twice, or no call at all.
        List<Block> orphans = [];
        foreach (Block.ToolResult extra in results)
        {
            int at = first.FindLastIndex(result => ((Block.ToolResult)result).CallId == extra.CallId);
            if (at < 0) orphans.Add(extra);
            else if (((Block.ToolResult)first[at]).Content != extra.Content)
                first[at] = ((Block.ToolResult)first[at]) with { Content = [.. ((Block.ToolResult)first[at]).Content, .. extra.Content] };
        }

        int carrier = start;
        while (carrier < end && !given[carrier].Blocks.Any(block => block is Block.ToolResult)) carrier++;
        turns.Add(carrier < end
            ? given[carrier] with { Blocks = [.. first, .. Rest(given[carrier])] }
            : new Turn.User(first.ToSequence()));
        for (int t = start; t < end; t++)
            if (t != carrier && Rest(given[t]) is { IsEmpty: false } rest) turns.Add(given[t] with { Blocks = rest });

        Sequence<Block> Rest(Turn turn) => turn.Blocks.Change(block =>
            block is not Block.ToolResult result ? block : orphans.Contains(result) ? AsText(result) : null);
    }

    static Sequence<Turn> Merge(Sequence<Turn> turns)
    {
        List<Turn> merged = new(turns.Count);
        foreach (Turn turn in turns)
        {
            if (turn is Turn.Assistant && merged.Count > 0 && merged[^1] is Turn.Assistant before)
                merged[^1] = before with { Blocks = [.. before.Blocks, .. turn.Blocks] };
            else merged.Add(turn);
        }
        return merged.Count == turns.Count ? turns : merged.ToSequence();
    }

    static Turn WithoutOrphans(Turn turn) =>
        turn with { Blocks = turn.Blocks.Change(block => block is Block.ToolResult result ? AsText(result) : block) };

    static Block.Text AsText(Block.ToolResult result) =>
        new($"[Result of an earlier tool call]\n{string.Join('\n', result.Content.OfType<Block.Text>().Select(text => text.Content))}");
}
