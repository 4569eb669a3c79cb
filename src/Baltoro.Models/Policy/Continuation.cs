// A request that asks a model to go on with its own words; it refuses to know why they broke off.

using Baltoro.Chat;

namespace Baltoro.Models.Policy;

static class Continuation
{
    /// <summary>True for vendors that continue a turn that so far holds thinking only (Kimi's partial mode).</summary>
    public static bool TakesThinking(ModelCard card) => card is { Prefill: true, Dialect: Dialect.Kimi };

    /// <summary>True for vendors that refuse a beginning with white space at its end.</summary>
    public static bool WantsTrimmed(ModelCard card) => card.Dialect is Dialect.Claude or Dialect.Messages;

    public static ChatRequest Of(ChatRequest request, Turn.Assistant soFar, ModelCard card)
    {
        Sequence<Block> words = soFar.Blocks;
        if (card.Dialect == Dialect.Claude)
        {
            // Claude takes no beginning while it thinks; what it thought has led to these words already.
            request = request with { Thinking = request.Thinking with { Mode = ThinkingMode.Off, Budget = null } };
            words = words.Where(block => block is not (Block.Thinking or Block.RedactedThinking)).ToSequence();
        }
        if (request.Turns is not [.., Turn.Assistant begun]) return request with { Turns = [.. request.Turns, new Turn.Assistant(words)] };
        // The client had begun the turn itself; its text and what followed are one text.
        Sequence<Block> joined = begun.Blocks is [.., Block.Text first] && words is [Block.Text next, ..]
            ? [.. begun.Blocks.Take(begun.Blocks.Count - 1), new Block.Text(first.Content + next.Content), .. words.Skip(1)]
            : [.. begun.Blocks, .. words];
        return request with { Turns = [.. request.Turns.Take(request.Turns.Count - 1), begun with { Blocks = joined }] };
    }
}
