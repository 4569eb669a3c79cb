// Kimi's tool tokens that leaked into the text or the thinking of a reply, turned into tool calls; it refuses to know whether a call can be run.

namespace Baltoro.Chat.Repair;

/// <summary>
/// A server that does not recognise its model's tool tokens passes them on as text. They are taken out of text and thinking wherever they stand,
/// split at any character or not, and what they say becomes blocks of its own. Everything else stays byte for byte, space at the cuts apart.
/// <list type="bullet">
/// <item>A call counts when its end was written, whatever its arguments look like; without an end when its arguments are a whole JSON object at the
/// block's end, the section's end, or the next call's beginning. One with the next one's id was begun again, and does not count.</item>
/// <item>A call that was cut off, or whose tool cannot be told, ends the reply with <see cref="Failure.BrokenCall"/> in place of
/// <see cref="ReplyEvent.Finished"/>, unless a later call took its place, or the reply's own reason to stop already says that it is not whole.</item>
/// <item>In Markdown code (a fence, or a span of backticks on one line) tokens are talked about, and are text; see
/// <see cref="ToolMarkupQuotation"/> for the one exception.</item>
/// <item><c>&lt;/think&gt;</c> in thinking ends it; before the first word of a text it is taken out. <c>&lt;think&gt;</c> before the reply's first word of text begins
/// thinking. In the middle of a text both are words.</item>
/// </list>
/// </summary>
/// <param name="card">The model that replies: its origin is stamped on thinking that is split.</param>
/// <param name="request">What it replies to: the tools that a call without a name can mean.</param>
public sealed class ToolMarkup(ModelCard card, ChatRequest request) : IReplyRepair
{
    enum Section
    {
        None,
        Empty,
        HasCalls,
    }

    /// <summary>No stream costs more than so many readings of it.</summary>
    const int MostRereadings = 16;

    readonly ToolMarkupPieces _pieces = new(card.Origin);
    ToolMarkupCode _code = new();
    readonly ToolMarkupTwins _twins = new();
    string? _held;
    Section _section;
    ToolMarkupQuotation? _quotation;

    /// <summary>The call that is being written.</summary>
    ToolMarkupCall? _call;

    /// <summary>The call before it, whole but without an end: the next one's id tells whether it counts.</summary>
    ToolMarkupCall? _before;

    /// <summary>What is missing, as far as no later call makes up for it; and what no call can make up for.</summary>
    string? _unfinished, _broken;
    int _calls, _rereadings;

    /// <summary>True for models that write such tokens: elsewhere they are someone's words about them.</summary>
    public static bool Applies(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Ids == IdDialect.Kimi;
    }

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        switch (step.Value)
        {
            case string delta when _pieces.IsInBlock:
                if (_held is null && _call is null && _quotation is null && _pieces.IsFlowing && !delta.Contains('<'))
                {
                    _code.Read(delta);
                    into.Add(step);
                    break;
                }
                string text = _held + delta;
                _held = null;
                Read(text, into);
                break;
            case string delta when _twins.IsHolding:
                _twins.Take(delta);
                break;
            case ReplyEvent.Opened { Head: BlockHead.Text or BlockHead.Thinking } opened:
                End(ReplyEvent.Closed.Plain, into);
                _pieces.Begin(step, opened.Head);
                _code = new();
                break;
            case ReplyEvent.Opened opened:
                End(ReplyEvent.Closed.Plain, into);
                // What was announced or cut is here after all.
                _unfinished = null;
                if (!_twins.Begin(opened)) into.Add(step);
                break;
            case ReplyEvent.Closed closed when _pieces.IsInBlock || _twins.IsHolding:
                End(closed, into);
                break;
            case ReplyEvent.Finished finished:
                End(ReplyEvent.Closed.Plain, into);
                into.Add(End(finished));
                break;
            case ReplyEvent.Failed:
                GiveUp(into);
                into.Add(step);
                break;
            default:
                into.Add(step);
                break;
        }
    }

    void End(ReplyEvent.Closed closed, List<ReplyEvent> into)
    {
        if (_pieces.IsInBlock) EndOfBlock(closed, into);
        else _twins.End(closed, into);
    }

    void Read(string text, List<ReplyEvent> into)
    {
        if (_quotation is { } quotation)
        {
            if (quotation.Take(text)) return;
            text = Unquoted(quotation, into);
        }
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
                        _quotation = new(card, request);
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
        _pieces.Say(text, into);
    }

    /// <summary>What stands behind a first token is prose: the words taken for an id.</summary>
    string Abandon(ToolMarkupCall call, List<ReplyEvent> into)
    {
        _call = null;
        Drop(into);
        Settle(null, into);
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
        if (_call is { IsInHead: true } prose && token != ToolToken.ArgumentsBegin && !ToolMarkupNames.LooksLikeId(prose.Id, request.Tools))
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
                    Settle(call.Id, into);
                    Emit(call, into);
                    return;
                default:
                    EndUnclosed(call, into);
                    // Only another call can have the same id.
                    if (token != ToolToken.CallBegin) Settle(null, into);
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
                Drop(into);
                break;
        }
    }

    void Turn(BlockHead kind, List<ReplyEvent> into)
    {
        EndSection(into);
        Drop(into);
        _pieces.Turn(kind, into);
        _code = new();
    }

    void EndSection(List<ReplyEvent> into)
    {
        Settle(null, into);
        if (_section == Section.Empty)
        {
            Drop(into);
            _unfinished ??= "The model announced tool calls and made none.";
        }
        _section = Section.None;
    }

    /// <summary>The call ends without its last token. Whole, it counts, unless it is begun again.</summary>
    void EndUnclosed(ToolMarkupCall call, List<ReplyEvent> into)
    {
        _call = null;
        Settle(call.Id, into);
        if (call is { IsInHead: false, IsWhole: true })
        {
            _before = call;
            return;
        }
        Drop(into);
        _unfinished = $"The model began a tool call ({Shown(call)}) and did not finish it.";
    }

    /// <summary>The call without an end is a call, unless the next one has its id.</summary>
    void Settle(string? next, List<ReplyEvent> into)
    {
        if (_before is not { } before) return;
        _before = null;
        if (before.Id == next) Drop(into);
        else Emit(before, into);
    }

    void Emit(ToolMarkupCall call, List<ReplyEvent> into)
    {
        string id = call.Id, arguments = call.Arguments;
        if (ToolMarkupNames.Of(id, arguments, request.Tools) is not { } name)
        {
            Drop(into);
            _broken ??= $"The model called a tool that cannot be told from what it wrote ({Shown(call)}).";
            return;
        }
        _pieces.Cut(into);
        _code = new();
        into.Add(new ReplyEvent.Mended(Mend.MarkupParsed));
        into.Add(new ReplyEvent.Opened(new BlockHead.ToolCall(id, name)));
        if (arguments.Length > 0) into.Add(arguments);
        into.Add(ReplyEvent.Closed.Plain);
        Count(name, arguments);
    }

    /// <summary>The quotation was none.</summary>
    void Accept(List<ReplyEvent> calls, List<ReplyEvent> into)
    {
        _pieces.Cut(into);
        into.AddRange(calls);
        for (int i = 0; i + 1 < calls.Count; i++)
            if (calls[i].Value is ReplyEvent.Opened { Head: BlockHead.ToolCall call }) Count(call.Name, calls[i + 1].Value as string ?? "");
    }

    void Count(string name, string arguments)
    {
        _calls++;
        _unfinished = null;
        _twins.Remember(name, arguments);
    }

    static string Shown(ToolMarkupCall call) => call.Id.Length == 0 ? "without an id" : $"id \"{call.Id}\"";

    static void Drop(List<ReplyEvent> into) => into.Add(new ReplyEvent.Mended(Mend.MarkupDropped));

    /// <summary>Whatever is open ends here.</summary>
    void EndOfBlock(ReplyEvent.Closed closed, List<ReplyEvent> into)
    {
        while (_quotation is { } quotation)
        {
            _quotation = null;
            if (quotation.End() is { } calls) Accept(calls, into);
            else Read(Unquoted(quotation, into), into);
        }
        while (_call is { IsInHead: false } doubted && _rereadings < MostRereadings && doubted.Reconsider() is { } again)
        {
            again = Reread(again) + _held;
            _held = null;
            Read(again, into);
        }
        Tail(into);
        if (_call is { IsInHead: true } call && !ToolMarkupNames.LooksLikeId(call.Id, request.Tools)) Say(Abandon(call, into), into);
        else if (_call is not null) EndUnclosed(_call, into);
        EndSection(into);
        _pieces.End(closed, into);
    }

    /// <summary>The beginning of a token that never went on is text, except where it can only be a token that was cut.</summary>
    void Tail(List<ReplyEvent> into)
    {
        if (_held is not { } held) return;
        _held = null;
        if (_call is not null) return;
        if (!ToolMarkupTokens.IsCutToken(held) || _code.IsOpenHere())
        {
            Say(held, into);
            return;
        }
        Drop(into);
        if (held[2] == 't') _unfinished ??= "The model began a tool call and did not finish it.";
    }

    /// <summary>The reply broke off: no call counts any more, and what is certainly text is given out.</summary>
    void GiveUp(List<ReplyEvent> into)
    {
        if (_pieces.IsInBlock) Tail(into);
        else _twins.End(null, into);
        if (_call is not null || _before is not null || _quotation is not null) Drop(into);
        (_call, _before, _held, _quotation) = (null, null, null, null);
    }

    ReplyEvent End(ReplyEvent.Finished finished) => (finished.Reason, _broken ?? _unfinished, _calls) switch
    {
        // The reason already says that the reply is not whole, and those who ask again know better how.
        (StopReason.OutputLimit or StopReason.WindowFull or StopReason.Refusal, not null, _) => finished,
        (_, { } broken, _) => new ReplyEvent.Failed(new Failure.BrokenCall(broken)),
        (StopReason.EndTurn or StopReason.StopSequence or StopReason.OutputLimit, _, > 0) => finished with { Reason = StopReason.ToolUse, StopSequence = null },
        _ => finished,
    };
}
