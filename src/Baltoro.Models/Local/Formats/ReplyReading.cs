// A model's own words, token by token, as the steps of a reply. Knows no format's marks.

using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// What all formats' readers have in common: blocks are opened with their first word, and a call leaves only when it is whole. For one reply; not thread-safe.
/// </summary>
public abstract class ReplyReading
{
    BlockHead? _open;

    /// <summary>Whether what comes is thinking.</summary>
    public bool IsThinking { get; protected set; }

    /// <summary>Calls that have left.</summary>
    public int Calls { get; private set; }

    /// <summary>Why the call that was being written is none; null when none was.</summary>
    protected abstract string? Unfinished { get; }

    /// <summary>Whether what comes is part of a call.</summary>
    public abstract bool IsInCall { get; }

    /// <summary>What closed thinking carries.</summary>
    public Seal? Seal { get; init; }

    /// <summary>A control token of <see cref="ChatFormat.ReplyMarks"/>.</summary>
    public abstract void Mark(string name, List<ReplyEvent> into);

    /// <summary>Text of any length.</summary>
    public abstract void Text(string text, List<ReplyEvent> into);

    /// <summary>The model has ended its reply, or was ended: closes what is open and says how it ended.</summary>
    /// <param name="cut">Null when the model ended it by itself.</param>
    public void End(StopReason? cut, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (cut is null) Complete(into);
        Close(into);
        if (cut is not null) into.Add(new ReplyEvent.Finished(cut.Value));
        else if (Unfinished is { } problem) into.Add(new ReplyEvent.Failed(new Failure.BrokenCall(problem)));
        else into.Add(new ReplyEvent.Finished(Calls > 0 ? StopReason.ToolUse : StopReason.EndTurn));
    }

    /// <summary>The reply ends in front of a stop sequence.</summary>
    public void EndAt(string sequence, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        Close(into);
        into.Add(new ReplyEvent.Finished(StopReason.StopSequence, sequence));
    }

    /// <summary>The model ended its reply by itself: a call that is whole but for its end mark is whole.</summary>
    protected abstract void Complete(List<ReplyEvent> into);

    protected void Say(string text, List<ReplyEvent> into)
    {
        if (text.Length == 0) return;
        BlockHead wanted = IsThinking ? BlockHead.Thinking.Plain : BlockHead.Text.Plain;
        if (!ReferenceEquals(_open, wanted))
        {
            Close(into);
            _open = wanted;
            into.Add(new ReplyEvent.Opened(wanted));
        }
        into.Add(text);
    }

    protected void Call(string id, string name, string arguments, List<ReplyEvent> into)
    {
        Close(into);
        Calls++;
        into.Add(new ReplyEvent.Opened(new BlockHead.ToolCall(id, name)));
        if (arguments.Length > 0) into.Add(arguments);
        into.Add(ReplyEvent.Closed.Plain);
    }

    protected void Close(List<ReplyEvent> into)
    {
        if (_open is null) return;
        into.Add(_open is BlockHead.Thinking ? new ReplyEvent.Closed(Seal) : ReplyEvent.Closed.Plain);
        _open = null;
    }

    /// <summary>The calls in a conversation so far.</summary>
    protected static int CallsIn(ChatRequest request) => request.Turns.Sum(turn => turn.Blocks.Count(block => block is Block.ToolCall));

    /// <summary>Whether a text is one JSON object.</summary>
    protected static bool IsObject(string text)
    {
        System.Text.Json.Utf8JsonReader reader = new(System.Text.Encoding.UTF8.GetBytes(text));
        try
        {
            if (!reader.Read() || reader.TokenType != System.Text.Json.JsonTokenType.StartObject) return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }
}
