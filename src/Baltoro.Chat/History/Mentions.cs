// What the turns of a conversation name: the ids of its calls, and tools that are defined on the way. It refuses to know what becomes of either.

namespace Baltoro.Chat.History;

/// <summary>Kept for the turns that requests of one conversation begin with; see <see cref="Groundwork"/>.</summary>
sealed class Mentions
{
    readonly SameBeginning _same = new();
    int _turns;

    public HashSet<string> Ids { get; } = new(StringComparer.Ordinal);

    /// <summary>Tool calls, whatever their ids.</summary>
    public int Calls { get; private set; }

    /// <summary>By name.</summary>
    public Dictionary<string, ToolSpec> Tools { get; } = new(StringComparer.Ordinal);

    /// <summary>Of a request's turns those that are known, and those that are not.</summary>
    public static (Mentions Known, Mentions New) In(ChatRequest request)
    {
        Mentions known = request.Groundwork?.Mentions ?? new(), rest = new();
        int same = known._same.Of(request.Turns);
        if (same < known._turns) known.Forget();
        ReadOnlySpan<Turn> turns = request.Turns.AsSpan();
        known.Add(turns[known._turns..same]);
        rest.Add(turns[same..]);
        return (known, rest);
    }

    void Add(ReadOnlySpan<Turn> turns)
    {
        foreach (Turn turn in turns)
        {
            foreach (Block block in turn.Blocks)
            {
                if (block is Block.ToolCall call)
                {
                    Ids.Add(call.Id);
                    Calls++;
                }
                else if (block is Block.Opaque { Format: WireFormat.Anthropic, Kind: "tool_addition", Json: var json })
                {
                    DeferredTools.Name(json, Tools);
                }
            }
        }
        _turns += turns.Length;
    }

    void Forget()
    {
        Ids.Clear();
        Tools.Clear();
        (Calls, _turns) = (0, 0);
    }
}
