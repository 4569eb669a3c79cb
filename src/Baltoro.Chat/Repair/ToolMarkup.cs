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
/// <param name="unclear">What becomes of a call whose tool cannot be told. One that was cut off is never passed on.</param>
public sealed class ToolMarkup(ModelCard card, ChatRequest request, BrokenCalls unclear = BrokenCalls.Report) : IReplyRepair
{
    readonly ToolMarkupReading _text = new(card, request, unclear);

    /// <summary>True for models that write such tokens: elsewhere they are someone's words about them.</summary>
    public static bool Applies(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return card.Ids == IdDialect.Kimi || card.KnowsKimiTokens;
    }

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        switch (step.Value)
        {
            case string delta when _text.IsInBlock:
                if (_text.Passes(delta)) into.Add(step);
                else _text.Read(delta, into);
                break;
            case string delta when _text.Calls.Twins.IsHolding:
                _text.Calls.Twins.Take(delta);
                break;
            case ReplyEvent.Opened { Head: BlockHead.Text or BlockHead.Thinking } opened:
                End(ReplyEvent.Closed.Plain, into);
                _text.Begin(step, opened.Head);
                break;
            case ReplyEvent.Opened opened:
                End(ReplyEvent.Closed.Plain, into);
                _text.Calls.MakeUp();
                if (!_text.Calls.Twins.Begin(opened)) into.Add(step);
                break;
            case ReplyEvent.Closed closed when _text.IsInBlock || _text.Calls.Twins.IsHolding:
                End(closed, into);
                break;
            case ReplyEvent.Finished finished:
                End(ReplyEvent.Closed.Plain, into);
                into.Add(_text.Calls.End(finished));
                break;
            case ReplyEvent.Failed:
                if (_text.IsInBlock) _text.GiveUp(into);
                else _text.Calls.Twins.End(null, into);
                into.Add(step);
                break;
            default:
                into.Add(step);
                break;
        }
    }

    void End(ReplyEvent.Closed closed, List<ReplyEvent> into)
    {
        if (_text.IsInBlock) _text.End(closed, into);
        else _text.Calls.Twins.End(closed, into);
    }
}
