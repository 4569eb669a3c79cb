// How many tokens stand in front of the model: counted where somebody can, else estimated and put right by what the model reports. It refuses to know any vocabulary.

using Baltoro.Chat;

namespace Baltoro.Agent.Context;

/// <summary>
/// Counts turn by turn, so that a long history costs no more than a short one. What the last reply reported is taken as it is;
/// what came since is estimated and multiplied by how far the last estimate was off. Part of the fold: not thread-safe.
/// </summary>
public sealed class ContextMeter
{
    const double LeastFactor = 0.5, MostFactor = 3;

    long _turns, _atSend, _since, _reported;
    long _lastSent;

    /// <summary>The window as an upstream has told it; null when none did.</summary>
    public long? LearnedWindow { get; private set; }

    /// <summary>Reported tokens for one estimated token.</summary>
    public double Factor { get; private set; } = 1;

    /// <summary>Estimated tokens of all turns.</summary>
    public long Estimate => _turns;

    /// <summary>Tokens of the next prompt.</summary>
    /// <param name="standing">Estimated tokens of what stands around the turns: instructions and tools.</param>
    public long Used(long standing) => _reported > 0 ? _reported + (long)(_since * Factor) : (long)((standing + _turns) * Factor);

    /// <summary>Whether a part of the next prompt is only estimated.</summary>
    internal bool IsEstimated => _since > 0 || _reported == 0;

    /// <summary>The next prompt was counted, token by token.</summary>
    /// <param name="standing">As for <see cref="Used"/>.</param>
    internal void Counted(long prompt, long standing)
    {
        if (prompt <= 0) return;
        (_reported, _since) = (prompt, 0);
        if (standing + _turns > 0) Factor = Math.Clamp((double)prompt / (standing + _turns), LeastFactor, MostFactor);
    }

    internal void Added(Turn turn)
    {
        long tokens = Of(turn);
        _turns += tokens;
        _since += tokens;
    }

    internal void Sent(long estimate)
    {
        _lastSent = estimate;
        _atSend = _turns;
    }

    /// <param name="prompt">Tokens as the upstream counted them; 0 when it did not.</param>
    internal void Replied(long prompt)
    {
        if (prompt <= 0) return;
        _reported = prompt;
        if (_lastSent > 0) Factor = Math.Clamp((double)prompt / _lastSent, LeastFactor, MostFactor);
        _since = _turns - _atSend;
    }

    /// <summary>The prompt did not fit.</summary>
    /// <param name="window">What the upstream says fits.</param>
    internal void Refused(long? window)
    {
        if (window is { } told) LearnedWindow = LearnedWindow is { } known ? Math.Min(known, told) : told;
        // It was counted too low, whatever the window: the next count is a tenth higher.
        if (window is null) Factor = Math.Min(MostFactor, Factor * 1.1);
    }

    internal void Rewritten(IEnumerable<Turn> turns)
    {
        _turns = turns.Sum(Of);
        _reported = 0;
        _since = 0;
    }

    static long Of(Turn turn) => TokenEstimate.Of(new ChatRequest { Model = "", Turns = [turn] });
}
