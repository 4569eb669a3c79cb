// Calls that a server both leaked as markup and passed on as calls; it refuses to know how the markup was read.

using System.Text;

namespace Baltoro.Chat.Repair;

/// <summary>
/// Some servers parse the calls and leave their text standing. A tool must not run twice for that, so a call of the server's own that repeats one
/// found in the markup before it, name and arguments alike, is taken out. To tell, it is held until it is whole; only in replies that had markup.
/// </summary>
sealed class ToolMarkupTwins
{
    readonly List<(string Name, string Arguments)> _parsed = [];
    readonly StringBuilder _arguments = new();
    ReplyEvent.Opened? _opened;

    /// <summary>True while one of the server's own calls is held.</summary>
    public bool IsHolding => _opened is not null;

    public void Remember(string name, string arguments) => _parsed.Add((name, arguments));

    /// <summary>False when there was no markup, and the call can pass at once.</summary>
    public bool Begin(ReplyEvent.Opened opened)
    {
        if (_parsed.Count == 0 || opened.Head is not BlockHead.ToolCall) return false;
        _opened = opened;
        return true;
    }

    public void Take(string delta) => _arguments.Append(delta);

    /// <summary>Gives out the call that was held, unless it is a repetition.</summary>
    /// <param name="end">Null when the call never ended.</param>
    public void End(ReplyEvent.Closed? end, List<ReplyEvent> into)
    {
        if (_opened is not { Head: BlockHead.ToolCall head } opened) return;
        string arguments = _arguments.ToString();
        _opened = null;
        _arguments.Clear();
        // Each twin has one sibling: a second call of the same words is one that the model made.
        if (end is not null && _parsed.Remove((ToolMarkupNames.NameIn(head.Name), arguments.Trim())))
        {
            into.Add(new ReplyEvent.Mended(Mend.MarkupDropped));
            return;
        }
        into.Add(opened);
        if (arguments.Length > 0) into.Add(arguments);
        if (end is not null) into.Add(end);
    }
}
