// A request that asks a model to go on with its own words; it refuses to know why they broke off.

using Baltoro.Chat;

namespace Baltoro.Models.Policy;

static class Continuation
{
    /// <summary>For models that cannot be given the beginning of their own turn: the words stand as a turn, and this behind them.</summary>
    const string GoOn = "[Your reply was cut off here on its way. Go on exactly where it stopped, as if nothing had happened: " +
        "repeat nothing, comment on nothing, and make the tool calls that you were about to make.]";

    /// <summary>True for vendors that continue a turn that so far holds thinking only (Kimi's partial mode).</summary>
    public static bool TakesThinking(ModelCard card) => card is { Prefill: true, Dialect: Dialect.Kimi };

    /// <summary>True for vendors that refuse a beginning with white space at its end.</summary>
    public static bool WantsTrimmed(ModelCard card) => card.Dialect is Dialect.Claude or Dialect.Messages;

    public static ChatRequest Of(ChatRequest request, Turn.Assistant soFar, ModelCard card)
    {
        Sequence<Block> words = soFar.Blocks;
        if (ThinksBeforeWords(card))
        {
            // What it thought has led to these words already; another thought would stand in the middle of them.
            request = request with { Thinking = request.Thinking with { Mode = ThinkingMode.Off, Budget = null } };
            if (card.Dialect == Dialect.Claude) words = words.Where(block => block is not (Block.Thinking or Block.RedactedThinking)).ToSequence();
        }
        ChatRequest begun = request.Turns is [.., Turn.Assistant before]
            ? request with { Turns = [.. request.Turns.Take(request.Turns.Count - 1), before with { Blocks = Joined(before.Blocks, words) }] }
            : request with { Turns = [.. request.Turns, new Turn.Assistant(words)] };
        return card.Prefill ? begun : begun with { Turns = [.. begun.Turns, new Turn.User([new Block.Text(GoOn)])] };
    }

    /// <summary>Claude takes no beginning while it thinks; the others would think anew behind one that is a turn of its own, and can be told not to.</summary>
    static bool ThinksBeforeWords(ModelCard card) => card.Dialect == Dialect.Claude || !card.Prefill && card.Dialect is Dialect.Glm or Dialect.DeepSeek;

    /// <summary>The client had begun the turn itself; its text and what followed are one text.</summary>
    static Sequence<Block> Joined(Sequence<Block> begun, Sequence<Block> words) => begun is [.., Block.Text first] && words is [Block.Text next, ..]
        ? [.. begun.Take(begun.Count - 1), new Block.Text(first.Content + next.Content), .. words.Skip(1)]
        : [.. begun, .. words];
}
