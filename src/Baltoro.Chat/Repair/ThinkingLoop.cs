// Ends a reply whose thinking goes round in circles; it refuses to know what the thinking says and who asks again.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Watches the lines of each thinking block, and the sentences, for those who think in one long line. When one comes 8 times in a row, or a run of up
/// to 12 comes 5 times, the thinking block is closed behind the one that showed it, the reply ends in <see cref="Failure.Looping"/>, and
/// what else comes is swallowed. Blank lines and spaces do not count, and only what has words in it makes a circle: closing brackets, separators, tables of numbers and short items may repeat as they like.
/// How the deltas are cut makes no difference. Nothing is allocated for a delta.
/// </summary>
public sealed class ThinkingLoop : IReplyRepair
{
    readonly Cycles _lines = new(), _sentences = new();
    bool _isThinking, _isOver;
    char _before;

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        switch (step.Value)
        {
            case string delta when _isThinking && Find(delta) is { } end:
                _isOver = true;
                into.Add(end == delta.Length ? step : delta[..end]);
                into.Add(ReplyEvent.Closed.Plain);
                into.Add(new ReplyEvent.Failed(new Failure.Looping("The model repeated the same lines again and again in its thinking.")));
                return;
            case ReplyEvent.Opened opened:
                _isThinking = opened.Head is BlockHead.Thinking;
                _lines.Clear();
                _sentences.Clear();
                _before = '\n';
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

    /// <summary>Reads on. Returns the place behind what completes a cycle; null when nothing does.</summary>
    int? Find(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (!char.IsWhiteSpace(c))
            {
                _lines.Add(c);
                _sentences.Add(c);
            }
            // A full stop inside a number or a file's name ends no sentence; those of Chinese and Japanese need no space behind them.
            bool cycle = c == '\n' && _lines.End();
            if (c is '\n' or '\u3002' or '\uff01' or '\uff1f' || char.IsWhiteSpace(c) && _before is '.' or '!' or '?') cycle |= _sentences.End();
            _before = c;
            if (cycle) return i + 1;
        }
        return null;
    }
}
