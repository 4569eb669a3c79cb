// Ends a reply whose thinking goes round in circles; it refuses to know what the thinking says and who asks again.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Watches the lines of each thinking block. When one comes 8 times in a row, or a block of up to 12 lines 5 times, the thinking block is closed behind the
/// line that showed it, the reply ends in <see cref="Failure.Looping"/>, and what else comes is swallowed. Blank lines and spaces do not count, and
/// only lines with words in them make a circle: closing brackets, separators, tables of numbers and short items may repeat as they like.
/// How the deltas are cut makes no difference. Nothing is allocated for a delta.
/// </summary>
public sealed class ThinkingLoop : IReplyRepair
{
    readonly LineCycles _lines = new();
    bool _isThinking, _isOver;

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        switch (step.Value)
        {
            case string delta when _isThinking && _lines.Find(delta) is { } end:
                _isOver = true;
                into.Add(end == delta.Length ? step : delta[..end]);
                into.Add(ReplyEvent.Closed.Plain);
                into.Add(new ReplyEvent.Failed(new Failure.Looping("The model repeated the same lines again and again in its thinking.")));
                return;
            case ReplyEvent.Opened opened:
                _isThinking = opened.Head is BlockHead.Thinking;
                if (_isThinking) _lines.Clear();
                break;
            case ReplyEvent.Closed:
                _isThinking = false;
                break;
            case ReplyEvent.Finished or ReplyEvent.Failed:
                _isOver = true;
                break;
        }
        into.Add(step);
    }
}
