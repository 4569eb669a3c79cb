// A forced tool choice, for vendors that take none.

namespace Baltoro.Chat.History;

/// <summary>
/// The nearest choice that the vendor takes goes out, and what it cannot express is said in words at the very end, behind everything cached.
/// </summary>
static class ToolChoices
{
    public static ChatRequest Degrade(ChatRequest request, ModelCard card)
    {
        if (request.ToolChoice is not { } asked) return request;
        if (request.Tools.IsEmpty) return request with { ToolChoice = null };
        (ToolChoice? possible, string? words) = (asked, card.ToolChoices) switch
        {
            (ToolChoice.Auto, ToolChoiceSupport.AutoOnly) => (null, null),
            (ToolChoice.Auto, _) => (asked, null),
            (ToolChoice.None, ToolChoiceSupport.AutoOnly) => (null, "Answer in text. Do not call any tool in this reply."),
            (ToolChoice.None, _) => (asked, null),
            (ToolChoice.Required, >= ToolChoiceSupport.Required) => (asked, null),
            (ToolChoice.Required, _) => (Auto(), "Answer with a tool call. Do not answer in text."),
            (ToolChoice.Named, ToolChoiceSupport.All) => (asked, null),
            (ToolChoice.Named named, ToolChoiceSupport.Required) => (Require(), $"Call the tool {named.Name} now."),
            (ToolChoice.Named named, _) => (Auto(), $"Call the tool {named.Name} now. Do not answer in text."),
            _ => throw new InvalidOperationException($"Unknown tool choice {asked}."),
        };
        ChatRequest fitted = possible == asked ? request : request with { ToolChoice = possible };
        return words is null || request.Turns.IsEmpty ? fitted : fitted with
        {
            Turns = [.. request.Turns, new Turn.User([new Block.Text($"<system-reminder>\n{words}\n</system-reminder>")])],
        };

        ToolChoice? Auto() => card.ToolChoices == ToolChoiceSupport.AutoOnly ? null : new ToolChoice.Auto { OneAtATime = asked.OneAtATime };

        ToolChoice Require() => new ToolChoice.Required { OneAtATime = asked.OneAtATime };
    }
}
