// The text of a block, told apart into words and calls; it refuses to know what becomes of the reply.

namespace Baltoro.Chat.Repair;

/// <summary>Reads one block after another, each in pieces cut at any character. What is decided never depends on where they were cut.</summary>
sealed class ToolMarkupReading
{
    enum Section
    {
        None,

        /// <summary>Begun, and nothing but space since.</summary>
        Empty,
        HasCalls,
    }

    /// <summary>No stream costs more than so many readings of it.</summary>
    const int MostRereadings = 16;

    readonly ModelCard _card;
    readonly ChatRequest _request;
    readonly ToolMarkupPieces _pieces;
    ToolMarkupCode _code = new();
    Section _section;
    string? _held;
    int _rereadings;

    /// <summary>The call that is being written; or what may be one, in code.</summary>
    ToolMarkupCall? _call;
    ToolMarkupQuotation? _quotation;

    public ToolMarkupReading(ModelCard card, ChatRequest request, BrokenCalls unclear)
    {
        _card = card;
        _request = request;
        _pieces = new(card.Origin, () => _code = new());
        Calls = new(_pieces, request.Tools, unclear);
    }

    public ToolMarkupCalls Calls { get; }

    public bool IsInBlock => _pieces.IsInBlock;

    public void Begin(ReplyEvent opening, BlockHead head)
    {
        _pieces.Begin(opening, head);
        _code = new();
    }

    /// <summary>True when the delta is text and nothing else, and can go out as it is. Then it counts as read.</summary>
    public bool Passes(string delta)
    {
        if (_held is not null || _call is not null || _quotation is not null || !_pieces.IsFlowing || delta.Contains('<')) return false;
        _code.Read(delta);
        return true;
    }

    public void Read(string delta, List<ReplyEvent> into)
    {
        string text = _held + delta;
        _held = null;
        if (_quotation is { } quotation)
        {
            if (quotation.Take(text)) return;
            text = Unquoted(quotation, into);
        }
        Tokens(text, into);
    }

    void Tokens(string text, List<ReplyEvent> into)
    {
        for (int from = 0, at = 0; ; )
        {
            int next = text.AsSpan(at).IndexOf('<');
            if (next < 0)
            {
                Words(text, from, text.Length, into);
                return;
            }
            at += next;
            switch (ToolMarkupTokens.At(text.AsSpan(at), out ToolToken token, out int length))
            {
                case ToolMarkupTokens.Match.None:
                    at++;
                    break;
                case ToolMarkupTokens.Match.Open:
                    Words(text, from, at, into);
                    _held = text[at..];
                    return;
                default:
                    Words(text, from, at, into);
                    if (Reconsidered(token) is { } again)
                    {
                        text = again + text[at..];
                        from = at = 0;
                        break;
                    }
                    if (BeginsQuotation(token))
                    {
                        _quotation = new(_card, _request);
                        if (_quotation.Take(text[at..])) return;
                        text = Unquoted(_quotation, into);
                        from = at = 0;
                        break;
                    }
                    if (IsWords(token)) Words(text, at, at + length, into, token);
                    else Act(token, into);
                    from = at += length;
                    break;
            }
        }
    }

    /// <param name="token">What the words are, where they are a token that is not to be taken for one.</param>
    void Words(string text, int from, int to, List<ReplyEvent> into, ToolToken? token = null)
    {
        if (from == to) return;
        ReadOnlySpan<char> words = text.AsSpan(from, to - from);
        if (_call is { } call)
        {
            if (token is { } literal) call.TakeToken(words, literal is not (ToolToken.ArgumentsBegin or ToolToken.ThinkBegin or ToolToken.ThinkEnd));
            else if (!call.Take(words)) Say(Abandon(call, into) + words.ToString(), into);
        }
        else
        {
            Say(words.Length == text.Length ? text : words.ToString(), into);
        }
    }

    void Say(string text, List<ReplyEvent> into)
    {
        _code.Read(text);
        // Words behind the beginning of a section: it was spoken of.
        if (_section == Section.Empty && !string.IsNullOrWhiteSpace(text))
        {
            _section = Section.None;
            ToolMarkupCalls.Drop(into);
        }
        _pieces.Say(text, into);
    }

    /// <summary>What stands behind a first token is prose: the words taken for an id.</summary>
    string Abandon(ToolMarkupCall call, List<ReplyEvent> into)
    {
        _call = null;
        ToolMarkupCalls.Drop(into);
        Calls.Settle(null, into);
        return call.Head;
    }

    string? Reconsidered(ToolToken token) =>
        _call is { IsInHead: false, IsInString: false } call && token is not ToolToken.ArgumentsBegin && _rereadings < MostRereadings && call.Reconsider() is { } again
            ? Reread(again)
            : null;

    string Reread(string again)
    {
        _rereadings++;
        return again;
    }

    bool BeginsQuotation(ToolToken token) =>
        _call is null && token is (ToolToken.SectionBegin or ToolToken.CallBegin) && _rereadings < MostRereadings && _code.IsOpenHere();

    /// <summary>The first token was one that is talked about. What stands behind it is to be read.</summary>
    string Unquoted(ToolMarkupQuotation quotation, List<ReplyEvent> into)
    {
        _quotation = null;
        string text = Reread(quotation.Text);
        ToolMarkupTokens.At(text, out _, out int length);
        Say(text[..length], into);
        return text[length..];
    }

    bool IsWords(ToolToken token) => (_call, token) switch
    {
        ({ IsInHead: true }, _) => false,
        ({ } call, _) => call.IsInString,
        _ when _code.IsOpenHere() => true,
        (_, ToolToken.ThinkBegin) => _pieces.HasWords || _pieces is { IsThinking: false, HasSpoken: true },
        (_, ToolToken.ThinkEnd) => _pieces is { IsThinking: false, HasWords: true },
        _ => false,
    };

    void Act(ToolToken token, List<ReplyEvent> into)
    {
        if (_call is { IsInHead: true } prose && token != ToolToken.ArgumentsBegin && !ToolMarkupNames.LooksLikeId(prose.Id, _request.Tools))
        {
            Say(Abandon(prose, into), into);
        }
        if (_call is { } call)
        {
            switch (token)
            {
                case ToolToken.ArgumentsBegin:
                    call.BeginArguments();
                    return;
                case ToolToken.CallEnd:
                    _call = null;
                    Calls.Close(call, into);
                    return;
                default:
                    _call = null;
                    Calls.Leave(call, into);
                    // Only another call can have the same id.
                    if (token != ToolToken.CallBegin) Calls.Settle(null, into);
                    break;
            }
        }
        _pieces.Gap();
        switch (token)
        {
            case ToolToken.CallBegin:
                _section = Section.HasCalls;
                _call = new();
                break;
            case ToolToken.SectionBegin:
                EndSection(into);
                _section = Section.Empty;
                break;
            case ToolToken.SectionEnd when _section != Section.None:
                EndSection(into);
                break;
            case ToolToken.ThinkBegin when !_pieces.IsThinking:
                Turn(BlockHead.Thinking.Plain, into);
                break;
            case ToolToken.ThinkEnd when _pieces.IsThinking:
                Turn(BlockHead.Text.Plain, into);
                break;
            default:
                ToolMarkupCalls.Drop(into);
                break;
        }
    }

    void Turn(BlockHead kind, List<ReplyEvent> into)
    {
        EndSection(into);
        ToolMarkupCalls.Drop(into);
        _pieces.Turn(kind, into);
    }

    void EndSection(List<ReplyEvent> into)
    {
        Calls.Settle(null, into);
        if (_section == Section.Empty) Calls.Miss("The model announced tool calls and made none.", into);
        _section = Section.None;
    }

    /// <summary>Whatever is open ends here.</summary>
    public void End(ReplyEvent.Closed closed, List<ReplyEvent> into)
    {
        while (Again(into) is { } again) Tokens(again, into);
        if (_call is { IsInHead: true } prose && !ToolMarkupNames.LooksLikeId(prose.Id, _request.Tools)) Say(Abandon(prose, into), into);
        Tail(into);
        if (_call is { } call) Calls.Leave(call, into);
        _call = null;
        EndSection(into);
        _pieces.End(closed, into);
    }

    /// <summary>At the end of a block: what has to be read again, because what it was taken for did not come to its end.</summary>
    string? Again(List<ReplyEvent> into)
    {
        if (_quotation is { } quotation)
        {
            _quotation = null;
            if (quotation.End() is not { } calls) return Unquoted(quotation, into);
            Calls.Accept(calls, into);
        }
        if (_call is not { IsInHead: false } doubted || _rereadings >= MostRereadings || doubted.Reconsider() is not { } again) return null;
        again = Reread(again) + _held;
        _held = null;
        return again;
    }

    /// <summary>The beginning of a token that never went on is text, except where it can only be a token that was cut.</summary>
    void Tail(List<ReplyEvent> into)
    {
        if (_held is not { } held) return;
        _held = null;
        if (_call is not null) return;
        if (!ToolMarkupTokens.IsCutToken(held) || _code.IsOpenHere()) Say(held, into);
        else if (held[2] == 't') Calls.Miss("The model began a tool call and did not finish it.", into);
        else ToolMarkupCalls.Drop(into);
    }

    /// <summary>The reply broke off: no call counts any more, and what is certainly text is given out.</summary>
    public void GiveUp(List<ReplyEvent> into)
    {
        Tail(into);
        Calls.GiveUp(_call is not null || _quotation is not null, into);
        (_call, _quotation) = (null, null);
    }
}
