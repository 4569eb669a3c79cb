// Markup that stands in Markdown code and may be either a quotation or a real call; it refuses to know what surrounds it.

using System.Text;

namespace Baltoro.Chat.Repair;

/// <summary>
/// Real only if nothing but whole calls of the request's tools, numbered ids included, stands between the code's opening and the block's end: a model
/// that calls ends its turn there, one that quotes closes its quotation. So the text is held until either is clear.
/// </summary>
sealed class ToolMarkupQuotation
{
    readonly ChatRequest _request;
    readonly ToolMarkup _reading;
    readonly StringBuilder _text = new();
    readonly List<ReplyEvent> _events = [];
    int _seen;

    public ToolMarkupQuotation(ModelCard card, ChatRequest request)
    {
        _request = request;
        _reading = new(card, request);
        _reading.Next(new ReplyEvent.Opened(BlockHead.Text.Plain), _events);
    }

    /// <summary>All that was held, its first token in front.</summary>
    public string Text => _text.ToString();

    /// <summary>False when it is clear that this is a quotation.</summary>
    public bool Take(string text)
    {
        _text.Append(text);
        _reading.Next(text, _events);
        for (; _seen < _events.Count; _seen++)
            if (!IsOfACall(_events[_seen])) return false;
        return true;
    }

    /// <summary>The calls, at the end of the block; null when this was a quotation.</summary>
    public List<ReplyEvent>? End()
    {
        _reading.Next(ReplyEvent.Closed.Plain, _events);
        int end = _events.Count;
        _reading.Next(new ReplyEvent.Finished(StopReason.EndTurn), _events);
        if (_events[end].Value is not ReplyEvent.Finished { Reason: StopReason.ToolUse }) return null;
        _events.RemoveAt(end);
        return _events.TrueForAll(IsOfACall) ? _events : null;
    }

    bool IsOfACall(ReplyEvent each) => each.Value switch
    {
        ReplyEvent.Opened { Head: BlockHead.ToolCall call } =>
            ToolMarkupCall.EndsInNumber(call.Id) && call.Id.Contains(call.Name, StringComparison.Ordinal) && _request.Tools.Any(tool => tool.Name == call.Name),
        string arguments => ToolMarkupCall.Keys(arguments) is not null,
        ReplyEvent.Closed => true,
        ReplyEvent.Mended mended => mended.What == Mend.MarkupParsed,
        _ => false,
    };
}
