// Which earlier thinking goes to which vendor, and in what form; thinking is never turned into visible text.

using System.Text.Json;

namespace Baltoro.Chat.History;

/// <summary>
/// The issuer gets its own thinking back exactly. Vendors that take thinking as text get the text of everyone's;
/// vendors that sign get none but their own, because a foreign signature, or none, is refused.
/// </summary>
static class ThinkingByOrigin
{
    public static ChatRequest Keep(ChatRequest request, ModelCard card)
    {
        ChatRequest kept = request.ReplaceBlocks(block => block switch
        {
            // The issuer knows a reply without the attempts that came to nothing.
            Block.Thinking { Seal.IsAbandoned: true } => null,
            Block.Thinking thinking => Keep(thinking, card),
            Block.RedactedThinking redacted => redacted.Origin == card.Origin && card.SpeaksMessages() ? redacted : null,
            _ => block,
        });
        return card is { Dialect: Dialect.Claude, Thinking: ThinkingSupport.Budget } && OpenLoopStartsWithoutThinking(kept)
            ? SwitchOff(kept)
            : kept;
    }

    static Block.Thinking? Keep(Block.Thinking thinking, ModelCard card)
    {
        bool own = thinking.Seal?.Origin == card.Origin && thinking.Seal is not null;
        return card.Dialect switch
        {
            Dialect.Claude => own && thinking.Seal!.Signature is { Length: > 0 } ? thinking : null,
            // Such vendors look at the text only; a foreign signature would just cost tokens.
            Dialect.Messages => own ? thinking : thinking.Content.Length > 0 ? Bare(thinking) : null,
            Dialect.Kimi or Dialect.Glm or Dialect.DeepSeek or Dialect.SelfHosted => thinking.Content.Length > 0 ? Bare(thinking) : null,
            Dialect.OpenRouter => own ? thinking : card.ForeignThinking && thinking.Content.Length > 0 ? Bare(thinking) : null,
            Dialect.Plain => null,
            _ => throw new InvalidOperationException($"Unknown dialect {card.Dialect}."),
        };
    }

    /// <summary>
    /// Vendors of thinking models refuse a turn that calls tools and has no thinking, as turns of other models have; Kimi's documents call empty
    /// thinking the repair. Whether this request thinks makes no difference, so that the prefix stays as it is.
    /// </summary>
    /// <param name="request">Turns of one role that followed each other are one already.</param>
    public static ChatRequest MakePlace(ChatRequest request, ModelCard card) => card is not { Dialect: Dialect.Messages, Thinking: not ThinkingSupport.None } ? request : request with
    {
        Turns = request.Turns.Map(turn => turn is Turn.Assistant && turn.Blocks.Any(block => block is Block.ToolCall) && !turn.Blocks.Any(block => block is Block.Thinking)
            ? turn with { Blocks = [new Block.Thinking(""), .. turn.Blocks] }
            : turn),
    };

    static Block.Thinking Bare(Block.Thinking thinking) => thinking.Seal is null && thinking.Extra is null ? thinking : new(thinking.Content);

    /// <summary>
    /// Claude models with thinking budgets refuse a turn inside an open tool loop that does not begin with their own thinking,
    /// which is so right after a switch in the middle of a task.
    /// </summary>
    static bool OpenLoopStartsWithoutThinking(ChatRequest request)
    {
        if (request.Thinking.Mode is ThinkingMode.Off or ThinkingMode.Unset) return false;
        for (int i = request.Turns.Count - 1; i >= 0; i--)
        {
            switch (request.Turns[i])
            {
                case Turn.Assistant assistant:
                    return assistant.Blocks.Any(block => block is Block.ToolCall)
                        && assistant.Blocks[0] is not (Block.Thinking or Block.RedactedThinking);
                case Turn.User user when !user.Blocks.Any(block => block is Block.ToolResult):
                    return false;
            }
        }
        return false;
    }

    /// <summary>Thinking off for this request, and with it the edit that is refused without thinking.</summary>
    static ChatRequest SwitchOff(ChatRequest request) => request with
    {
        Thinking = request.Thinking with { Mode = ThinkingMode.Off, Budget = null, Effort = null, Extra = null },
        Extra = WithoutThinkingEdits(request.Extra),
    };

    internal static Extra? WithoutThinkingEdits(Extra? extra)
    {
        if (extra is not { Format: WireFormat.Anthropic } || extra["context_management"] is not { } management) return extra;
        using JsonDocument document = management.Parse();
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("edits", out JsonElement edits)
            || edits.ValueKind != JsonValueKind.Array) return extra;
        RawJson[] others = [.. edits.EnumerateArray()
            .Where(edit => !(edit.ValueKind == JsonValueKind.Object && edit.TryGetProperty("type", out JsonElement type)
                && type.ValueKind == JsonValueKind.String && type.GetString()!.StartsWith("clear_thinking", StringComparison.Ordinal)))
            .Select(RawJson.Of)];
        if (others.Length == edits.GetArrayLength()) return extra;
        if (others.Length == 0) return extra.Without("context_management");
        RawJson left = RawJson.Of($"{{\"edits\":[{string.Join(',', others)}]}}");
        return extra with { Fields = extra.Fields.Map(field => field.Name == "context_management" ? field with { Value = left } : field) };
    }
}
