// What was made of the earlier requests of one conversation, so that the next costs what is new in it. It refuses to know what a rule or a format makes of a turn.

using Baltoro.Chat.History;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat;

/// <summary>
/// Travels with the requests of one conversation, whose turns stay the very same objects from request to request. What becomes of a request is the
/// same with and without it; a request that does not begin as the one before it begins anew. One request at a time; not thread-safe.
/// </summary>
public sealed class Groundwork
{
    // One model nearly always; a few on a route.
    readonly List<(ModelCard Card, FittedBeginning Fitted)> _fitted = [];
    readonly List<(ModelCard Card, WrittenBeginning Written)> _written = [];

    internal Mentions Mentions { get; } = new();

    internal FittedBeginning Fitted(ModelCard card)
    {
        foreach ((ModelCard known, FittedBeginning fitted) in _fitted)
            if (ReferenceEquals(known, card)) return fitted;
        _fitted.Add((card, new(card)));
        return _fitted[^1].Fitted;
    }

    internal WrittenBeginning Written(ModelCard card)
    {
        foreach ((ModelCard known, WrittenBeginning written) in _written)
            if (ReferenceEquals(known, card)) return written;
        _written.Add((card, new()));
        return _written[^1].Written;
    }
}

/// <summary>
/// How much of a request stood in the one before it, by identity. What two requests of a conversation have in common is likely to stand in all
/// that follow; what only the last one has (a cache marker at its end, a turn that is still growing) may not.
/// </summary>
sealed class SameBeginning
{
    Sequence<Turn> _before;
    int _same;

    /// <summary>The number of turns at the beginning that are the very ones of the request before; the same again when asked of the same turns again.</summary>
    public int Of(Sequence<Turn> turns)
    {
        ReadOnlySpan<Turn> before = _before.AsSpan(), now = turns.AsSpan();
        if (now == before) return _same;
        int same = 0, most = Math.Min(before.Length, now.Length);
        while (same < most && ReferenceEquals(before[same], now[same])) same++;
        _before = turns;
        return _same = same;
    }
}
