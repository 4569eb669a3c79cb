// Instructions that stand between turns, for models that take a system message only in front.

namespace Baltoro.Chat.History;

/// <summary>
/// Each becomes a user turn of its own in the same place, inside <c>system-reminder</c> tags as Claude Code itself writes them on fallback.
/// Moving them to the front would change the first bytes of the prompt and lose the cache. A turn of its own, and not a part of its
/// neighbour, because the neighbour was already sent without it.
/// </summary>
static class SystemTurns
{
    public static ChatRequest Fold(ChatRequest request, ModelCard card)
    {
        if (card.SystemTurns || !request.Turns.Any(turn => turn is Turn.System)) return request;

        List<Turn> turns = new(request.Turns.Count);
        int lastUser = LastUser(request.Turns);
        for (int i = 0; i < request.Turns.Count; i++)
        {
            if (request.Turns[i] is not Turn.System system) turns.Add(request.Turns[i]);
            else if (!(system.UntilNextUserTurn && i < lastUser) && Reminder(system) is { } reminder) turns.Add(reminder);
        }
        return request with { Turns = turns.ToSequence() };
    }

    static Turn.User? Reminder(Turn.System system)
    {
        string text = string.Join("\n\n", system.Blocks.OfType<Block.Text>().Select(block => block.Content).Where(text => text.Length > 0));
        if (text.Length == 0) return null;
        return new([new Block.Text($"<system-reminder>\n{text}\n</system-reminder>") { CacheControl = system.Blocks[^1].CacheControl }]);
    }

    /// <summary>The last turn in which the user speaks; results of tools are not speech.</summary>
    static int LastUser(Sequence<Turn> turns)
    {
        for (int i = turns.Count - 1; i >= 0; i--)
            if (turns[i] is Turn.User user && user.Blocks.Any(block => block is not Block.ToolResult)) return i;
        return -1;
    }
}
