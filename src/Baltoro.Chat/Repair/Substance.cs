// Tells a reply that says something from one that only ended; it refuses to know what is done about the latter.

namespace Baltoro.Chat.Repair;

/// <summary>
/// A reply without a visible character of text, a call or an opaque block has said nothing, whatever its thinking: its
/// <see cref="ReplyEvent.Finished"/> becomes <see cref="Failure.Empty"/>, or <see cref="Failure.OutOfRoom"/> where the output limit ended it.
/// A refusal, a pause, a full window and a stop sequence speak for themselves and stay. Stands behind the repairs that take things out.
/// </summary>
public sealed class Substance : IReplyRepair
{
    enum Said
    {
        Nothing,
        Thinking,
        Something,
    }

    Said _said;
    bool _isText, _isOver;

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        switch (step.Value)
        {
            case string delta when _isText && _said != Said.Something && !string.IsNullOrWhiteSpace(delta): _said = Said.Something; break;
            case ReplyEvent.Opened opened: Open(opened.Head); break;
            case ReplyEvent.Whole whole: Saw(Of(whole.Block)); break;
            case ReplyEvent.Failed: _isOver = true; break;
            case ReplyEvent.Finished finished:
                _isOver = true;
                if (_said != Said.Something && Failed(finished.Reason) is { } failure) step = new ReplyEvent.Failed(failure);
                break;
        }
        into.Add(step);
    }

    void Open(BlockHead head)
    {
        _isText = head is BlockHead.Text;
        if (head is BlockHead.ToolCall) Saw(Said.Something);
        else if (head is BlockHead.Thinking) Saw(Said.Thinking);
    }

    void Saw(Said said)
    {
        if (said > _said) _said = said;
    }

    static Said Of(Block block) => block switch
    {
        Block.Text text => string.IsNullOrWhiteSpace(text.Content) ? Said.Nothing : Said.Something,
        Block.Thinking or Block.RedactedThinking => Said.Thinking,
        _ => Said.Something,
    };

    Failure? Failed(StopReason reason) => (reason, _said) switch
    {
        (StopReason.OutputLimit, Said.Thinking) => new Failure.OutOfRoom("The model used up the output limit in its thinking, before it said anything."),
        (StopReason.OutputLimit, _) => new Failure.OutOfRoom("The model used up the output limit before it said anything."),
        (StopReason.EndTurn or StopReason.ToolUse, Said.Thinking) => new Failure.Empty("The model's reply holds nothing but thinking."),
        (StopReason.EndTurn or StopReason.ToolUse, _) => new Failure.Empty("The model's reply is empty."),
        _ => null,
    };
}
