// Where the calls stand among the events that are held; it refuses to know what is right or wrong with them.

namespace Baltoro.Chat.Repair;

/// <summary>One call: the events from <see cref="Start"/> to before <see cref="End"/>.</summary>
sealed class HeldCall
{
    HeldCall(List<ReplyEvent> held, int start)
    {
        Start = start;
        Head = (BlockHead.ToolCall)((ReplyEvent.Opened)held[start].Value).Head;
        End = start + 1;
        while (End < held.Count && held[End].Value is string) End++;
        Arguments = string.Concat(held.Take(new Range(start + 1, End)).Select(step => (string)step.Value));
        IsClosed = End < held.Count && held[End].Value is ReplyEvent.Closed;
        if (IsClosed) End++;
    }

    public int Start { get; }

    public int End { get; }

    public BlockHead.ToolCall Head { get; }

    public string Arguments { get; }

    /// <summary>False when something else came in its middle, or nothing more.</summary>
    public bool IsClosed { get; }

    /// <summary>True when it must have been written to its end, whatever came then.</summary>
    public bool IsWhole => IsClosed && Arguments.Length > 0 && ArgumentsText.Unwrap(Arguments) is not null;

    /// <summary>Null until judged.</summary>
    public CallVerdict? Verdict { get; set; }

    public static List<HeldCall> In(List<ReplyEvent> held)
    {
        List<HeldCall> calls = [];
        for (int i = 0; i < held.Count; i++)
        {
            if (held[i].Value is not ReplyEvent.Opened { Head: BlockHead.ToolCall }) continue;
            calls.Add(new(held, i));
            i = calls[^1].End - 1;
        }
        return calls;
    }
}

/// <summary>Ids of calls, each once in a reply.</summary>
sealed class CallNumbers(IEnumerable<string> given)
{
    // All of them, so that an invented id is not one that the model uses further on.
    readonly HashSet<string> _taken = new(given, StringComparer.Ordinal);
    readonly HashSet<string> _used = new(StringComparer.Ordinal) { "" };

    /// <returns>The same id where it is there and was not used before.</returns>
    public string Next(string id)
    {
        if (_used.Add(id)) return id;
        // In front: Claude Code 2.1.330 mistakes an id that is another one with a number behind it for that other one's, and drops its result.
        string stem = id.Length == 0 ? "call" : id;
        for (int n = 1; ; n++)
            if ($"{n}_{stem}" is var unique && _taken.Add(unique) && _used.Add(unique)) return unique;
    }
}
