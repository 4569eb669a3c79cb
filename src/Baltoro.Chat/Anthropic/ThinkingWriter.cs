// The thinking object of a Messages request, in the form that one model takes; it refuses to know what was thought.

using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Says in the words of one model how much it is to think. What the model refuses is left out, not sent:
/// current Claude refuses <c>disabled</c> and budgets, older Claude refuses <c>adaptive</c>, always-thinking models refuse <c>disabled</c>.
/// </summary>
static class ThinkingWriter
{
    /// <param name="limit">The request's <c>max_tokens</c>, below which a budget must stay.</param>
    public static void Write(Utf8JsonWriter json, ThinkingControl thinking, ModelCard card, int limit)
    {
        Extra? unknown = card.Dialect == Dialect.Claude ? thinking.Extra : null;
        switch (card.Thinking, thinking.Mode)
        {
            case (ThinkingSupport.None, _):
            case (ThinkingSupport.Always or ThinkingSupport.Adaptive, ThinkingMode.Off):
                break;
            case (_, ThinkingMode.Unset):
                // A mode without a word of ours is written back as it came.
                if (unknown?["type"] is not null) Write(json, null, thinking.Budget, unknown);
                break;
            case (_, ThinkingMode.Off):
                Write(json, "disabled", null, null);
                break;
            case (ThinkingSupport.Adaptive, _):
                Write(json, "adaptive", null, unknown);
                break;
            default:
                // Strict vendors demand a budget; one who decides for himself ignores it.
                Write(json, "enabled", Math.Min(thinking.Budget ?? (int)(limit * 0.8), Math.Max(limit - 1, 1)), unknown);
                break;
        }
    }

    static void Write(Utf8JsonWriter json, string? type, int? budget, Extra? unknown)
    {
        json.WriteStartObject("thinking"u8);
        if (type is not null) json.WriteString("type"u8, type);
        if (budget is not null) json.WriteNumber("budget_tokens"u8, budget.Value);
        RawMembers.Write(json, unknown);
        json.WriteEndObject();
    }
}
