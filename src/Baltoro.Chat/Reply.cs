// A whole reply, folded from its events; it refuses to know how it was or will be carried.

using System.Text;

namespace Baltoro.Chat;

/// <summary>What a model answered, once its end was proven; without the thinking of attempts that came to nothing.</summary>
public sealed record Reply
{
    public string? Id { get; init; }

    /// <summary>The model's name as the upstream reported it.</summary>
    public string? Model { get; init; }

    public Sequence<Block> Blocks { get; init; }

    public StopReason Reason { get; init; }

    public string? StopSequence { get; init; }

    public Usage Usage { get; init; } = new();

    public Extra? Extra { get; init; }
}

/// <summary>Builds a <see cref="Reply"/> from events, one at a time. Not thread-safe.</summary>
public sealed class ReplyFold
{
    readonly List<Block> _blocks = [];
    readonly StringBuilder _text = new();
    Reply _reply = new();
    BlockHead? _open;

    /// <summary>Set by <see cref="ReplyEvent.Failed"/>; then <see cref="Result"/> stays null.</summary>
    public Failure? Failure { get; private set; }

    /// <summary>The reply, once finished.</summary>
    public Reply? Result { get; private set; }

    public void Add(ReplyEvent step)
    {
        switch (step.Value)
        {
            case string delta: _text.Append(delta); break;
            case ReplyEvent.Started started: _reply = _reply with { Id = started.Id, Model = started.Model }; break;
            case ReplyEvent.Opened opened: _open = opened.Head; _text.Clear(); break;
            case ReplyEvent.Closed closed: Close(closed); break;
            case ReplyEvent.Whole whole: _blocks.Add(whole.Block); break;
            case ReplyEvent.Counted counted: _reply = _reply with { Usage = counted.Usage }; break;
            case ReplyEvent.Failed failed: Failure = failed.Failure; break;
            case ReplyEvent.Mended: break;
            case ReplyEvent.Finished finished:
                Result = _reply with
                {
                    Blocks = _blocks.ToSequence(),
                    Reason = finished.Reason,
                    StopSequence = finished.StopSequence,
                    Extra = finished.Extra,
                };
                break;
            default: throw new InvalidOperationException($"Unknown reply event {step}.");
        }
    }

    void Close(ReplyEvent.Closed closed)
    {
        if (closed.Seal is { IsAbandoned: true })
        {
            _open = null;
            return;
        }
        Block block = _open switch
        {
            BlockHead.Text => new Block.Text(_text.ToString()),
            BlockHead.Thinking => new Block.Thinking(_text.ToString(), closed.Seal),
            BlockHead.ToolCall call => new Block.ToolCall(call.Id, call.Name, _text.ToString()),
            _ => throw new InvalidOperationException("A block was closed that was not open."),
        };
        _blocks.Add(Extra.Merge(_open.Extra, closed.Extra) is { } extra ? block with { Extra = extra } : block);
        _open = null;
    }
}
