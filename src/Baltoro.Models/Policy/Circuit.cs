// Whether an upstream is worth asking at this moment, learnt from how it answered; it refuses to know what it was asked.

using Baltoro.Chat;

namespace Baltoro.Models.Policy;

/// <summary>
/// The shared state of a circuit breaker: closed until several failures in a row, then open for a while that doubles each time, then
/// half-open for one probe. Safe for all threads; one for each upstream.
/// </summary>
public sealed class Circuit(string upstream, TimeProvider clock)
{
    const int FailuresInARow = 5;

    static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10), FirstPause = TimeSpan.FromSeconds(30), LongestPause = TimeSpan.FromMinutes(5);

    readonly Lock _lock = new();
    int _failures;
    TimeSpan _pause = FirstPause;
    DateTimeOffset? _openUntil;
    bool _isProbed;

    /// <summary>Asks for leave. Whoever gets it must say how it went: once <see cref="Failed"/>, <see cref="Succeeded"/> or <see cref="Abandoned"/>.</summary>
    /// <returns>Null when the upstream may be asked; else why not, and for how long.</returns>
    public Failure? Enter()
    {
        lock (_lock)
        {
            if (_openUntil is not { } until) return null;
            TimeSpan left = until - clock.GetUtcNow();
            if (left <= TimeSpan.Zero && !_isProbed)
            {
                _isProbed = true;
                return null;
            }
            // Time for the probe; and more than anyone waits who could ask someone else.
            if (left < ShortestPause) left = ShortestPause;
            return new Failure.Overloaded($"{upstream} failed several times in a row and is left alone for {Math.Ceiling(left.TotalSeconds):0} s") { RetryAfter = left };
        }
    }

    /// <summary>The upstream speaks, so others may ask it too; but one failure more and it is left alone again.</summary>
    public void Speaks()
    {
        lock (_lock)
        {
            if (_openUntil is null) return;
            _openUntil = null;
            _isProbed = false;
            _failures = FailuresInARow - 1;
        }
    }

    public void Succeeded()
    {
        lock (_lock)
        {
            _openUntil = null;
            _isProbed = false;
            _failures = 0;
            _pause = FirstPause;
        }
    }

    public void Failed(Failure failure)
    {
        lock (_lock)
        {
            // Asked before it was open, answered after: that says nothing new.
            if (_openUntil is not null && !_isProbed) return;
            _isProbed = false;
            switch (failure)
            {
                // Nothing but the user's own hand mends these, and that takes a while.
                case Failure.QuotaExhausted or Failure.Unauthenticated:
                    _openUntil = clock.GetUtcNow() + LongestPause;
                    break;
                case var _ when failure.CanPass():
                    if (++_failures < FailuresInARow) break;
                    _openUntil = clock.GetUtcNow() + (failure.RetryAfter > _pause ? Least(failure.RetryAfter.Value, LongestPause) : _pause);
                    _pause = Least(_pause * 2, LongestPause);
                    break;
                // It refused this request in good health.
                default:
                    _openUntil = null;
                    _failures = 0;
                    break;
            }
        }
    }

    /// <summary>The caller went away before the outcome was known.</summary>
    public void Abandoned()
    {
        lock (_lock) _isProbed = false;
    }

    static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
