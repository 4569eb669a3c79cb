// Text without a character in it, which vendors refuse, and the turns that hold nothing else.

namespace Baltoro.Chat.History;

/// <summary>
/// Blank text goes; its cache marker moves to the block before it. A tool result may be empty. A turn that is left with nothing, or an earlier
/// assistant turn left with thinking only, goes too; as the last turn Kimi goes on with it (partial mode).
/// </summary>
static class EmptyBlocks
{
    public static ChatRequest Drop(ChatRequest request, ModelCard card)
    {
        Sequence<Turn> turns = request.Turns.Map(turn => turn with { Blocks = WithoutBlanks(turn.Blocks) });
        Turn? goesOn = card is { Prefill: true, Dialect: Dialect.Kimi } && turns is [.., Turn.Assistant { Blocks.IsEmpty: false } last] ? last : null;
        return request with
        {
            System = WithoutBlanks(request.System),
            Turns = turns.Where(turn => ReferenceEquals(turn, goesOn) || !IsEmpty(turn)).ToSequence(),
        };
    }

    static bool IsEmpty(Turn turn) => turn switch
    {
        Turn.Assistant => turn.Blocks.All(block => block is Block.Thinking or Block.RedactedThinking),
        _ => turn.Blocks.IsEmpty,
    };

    static Sequence<Block> WithoutBlanks(Sequence<Block> blocks)
    {
        if (!blocks.Any(IsBlank)) return blocks.Change(Inside);
        List<Block> kept = new(blocks.Count);
        foreach (Block block in blocks)
        {
            if (!IsBlank(block)) kept.Add(Inside(block));
            else if (block.CacheControl is { } mark && kept.Count > 0 && kept[^1] is not (Block.Thinking or Block.RedactedThinking))
                kept[^1] = kept[^1] with { CacheControl = kept[^1].CacheControl ?? mark };
        }
        return kept.ToSequence();
    }

    static Block Inside(Block block) => block is Block.ToolResult result && result.Content.Any(IsBlank)
        ? result with { Content = result.Content.Where(inner => !IsBlank(inner)).ToSequence() }
        : block;

    static bool IsBlank(Block block) => block is Block.Text { Content: var text } && string.IsNullOrWhiteSpace(text);
}
