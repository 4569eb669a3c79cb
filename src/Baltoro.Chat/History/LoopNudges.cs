// Tells a model that it makes the same calls with the same results over and over; it refuses to know what the calls do.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.History;

/// <summary>
/// A call is repeated when name, arguments (as JSON, whatever the order of the members) and result are the same; so are cycles of two and three calls.
/// The third, fifth and eighth time in a row a reminder of increasing firmness stands behind the last result of that run. What stands there depends
/// on the calls before it only, so a reminder given once is given again in every later request, and the prefix stays as it is.
/// Reminders, cache markers and what is said between the calls do not make a result different. A result whose picture was moved elsewhere equals none.
/// </summary>
static class LoopNudges
{
    const int LongestCycle = 3;

    static readonly (int Times, string Words)[] Nudges =
    [
        (3, Reminder("The same tool calls with the same arguments have now returned the same results three times in a row. Before the next call, "
            + "state what new information it is to bring. If it brings none, do something else.")),
        (5, Reminder("The same tool calls have now returned the same results five times in a row. You are in a loop, and repeating them will not change the outcome. "
            + "Question the assumption behind them, take a different approach, or ask the user.")),
        (8, Reminder("The same tool calls have now returned the same results eight times in a row. Stop calling them. Say in plain text what is done, "
            + "what is not, and what keeps you from going on, and end your turn.")),
    ];

    static string Reminder(string words) => $"<system-reminder>\n{words}\n</system-reminder>";

    /// <summary>For a history whose results stand in the order of their calls.</summary>
    /// <param name="trail">Knows the calls of the turns in front.</param>
    public static ChatRequest Give(ChatRequest request, ModelCard card, Trail trail)
    {
        if (!card.LoopNudges) return request;
        Queue<Block.ToolCall> waiting = new();
        return request.ReplaceBlocks(block =>
        {
            if (block is Block.ToolCall call) waiting.Enqueue(call);
            if (block is not Block.ToolResult result || !waiting.TryDequeue(out Block.ToolCall? answered)) return block;
            return trail.Add(answered, result) is { } words && !result.Content.Any(inner => IsNudge(inner, words))
                ? result with { Content = [.. result.Content, new Block.Text(words)] }
                : block;
        });
    }

    static bool IsNudge(Block block, string words) => block is Block.Text text && text.Content == words;

    /// <summary>The last calls, and how long each cycle has been going on.</summary>
    internal sealed class Trail
    {
        readonly Step?[] _last = new Step?[LongestCycle];

        /// <summary>At [p]: how many calls in a row were the same as the one p calls before.</summary>
        readonly int[] _same = new int[LongestCycle + 1];

        int _count;

        /// <summary>Goes on from here for itself.</summary>
        public Trail Fork()
        {
            Trail fork = new() { _count = _count };
            _last.CopyTo(fork._last, 0);
            _same.CopyTo(fork._same, 0);
            return fork;
        }

        /// <summary>Returns the reminder that is due at this call.</summary>
        public string? Add(Block.ToolCall call, Block.ToolResult result) => Add(new(call, result));

        string? Add(Step step)
        {
            for (int period = 1; period <= LongestCycle; period++)
                _same[period] = _count >= period && _last[(_count - period) % LongestCycle]!.IsSameAs(step) ? _same[period] + 1 : 0;
            _last[_count++ % LongestCycle] = step;
            for (int period = 1; period <= LongestCycle; period++)
            {
                // A run of one call is a cycle of two and three as well; it is counted once.
                if (period > 1 && _same[1] >= period - 1) continue;
                foreach ((int times, string words) in Nudges)
                    if (_same[period] == period * (times - 1)) return words;
            }
            return null;
        }
    }

    /// <summary>A call with its result.</summary>
    sealed class Step(Block.ToolCall call, Block.ToolResult result)
    {
        readonly Block[] _said = [.. result.Content.Where(block => !Nudges.Any(nudge => IsNudge(block, nudge.Words)))];

        public bool IsSameAs(Step other) =>
            call.Name == other.Name && result.IsError == other.IsError && SameResult(other) && SameArguments(call.Arguments, other.Arguments);

        string Name => call.Name;

        string Arguments => call.Arguments;

        bool IsError => result.IsError;

        bool SameResult(Step other)
        {
            if (_said.Length != other._said.Length) return false;
            for (int i = 0; i < _said.Length; i++)
                if (MediaPlacement.IsElsewhere(_said[i]) || _said[i] with { CacheControl = null } != other._said[i] with { CacheControl = null }) return false;
            return true;
        }
    }

    static bool SameArguments(string one, string other)
    {
        if (one == other) return true;
        try
        {
            using JsonDocument first = Json.Parse(one), second = Json.Parse(other);
            return JsonElement.DeepEquals(first.RootElement, second.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
