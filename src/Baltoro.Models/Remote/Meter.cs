// Counts what one exchange is billed for; it refuses to know how the exchange is carried out and what a token costs.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Models.Remote;

/// <summary>
/// Listens to the events of one exchange. An upstream that counted and came to its end is believed. Of any other, what it said last holds,
/// and what was received since is added at four bytes of UTF-8 a token; where it never counted, the prompt is estimated. An exchange of
/// which nothing came is not charged. Allocates nothing per event; not thread-safe.
/// </summary>
sealed class Meter(ModelCard card, ChatRequest request)
{
    const int BytesPerToken = 4;

    Usage? _told;
    long _passed, _thinking, _toldAt, _thinkingToldAt, _held;
    bool _isStarted, _isFinished, _thinks;

    /// <summary>Whether the upstream has counted at all.</summary>
    public bool IsTold => _told is not null;

    /// <param name="events">What one piece of the stream gave: a count among them covers all of them.</param>
    /// <param name="held">Bytes of the reply that the reader has read and not passed on yet.</param>
    public void Note(List<ReplyEvent> events, long held)
    {
        _held = held;
        Usage? told = null;
        foreach (ReplyEvent step in events)
        {
            switch (step.Value)
            {
                case string delta:
                    int bytes = Encoding.UTF8.GetByteCount(delta);
                    _passed += bytes;
                    if (_thinks) _thinking += bytes;
                    break;
                case ReplyEvent.Started: _isStarted = true; break;
                case ReplyEvent.Opened opened: _thinks = opened.Head is BlockHead.Thinking; break;
                case ReplyEvent.Counted counted: told = counted.Usage; break;
                case ReplyEvent.Finished: _isFinished = true; break;
            }
        }
        if (told is null) return;
        _told = told;
        (_toldAt, _thinkingToldAt) = (_passed + held, _thinking);
    }

    /// <summary>What the exchange came to.</summary>
    public Attempt Attempt()
    {
        if (_told is { } told && _isFinished) return new(card, told, false);
        if (!_isStarted && _told is null) return new(card, new(), false);
        Usage known = _told ?? new() { Input = TokenEstimate.Of(request) };
        return new(card, known with
        {
            Output = known.Output + Tokens(_passed + _held - _toldAt),
            Reasoning = known.Reasoning + Tokens(_thinking - _thinkingToldAt),
        }, true);
    }

    static long Tokens(long bytes) => (Math.Max(0, bytes) + BytesPerToken - 1) / BytesPerToken;
}
