// A clock that moves on as soon as someone waits for it, and remembers for how long.

using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace Baltoro.Models.Tests.Policy;

/// <summary>Pauses pass at once. What is longer than any pause is a limit, and runs out only when a test moves the clock.</summary>
sealed class PassingTime() : FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56))
{
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(2);

    readonly ConcurrentQueue<TimeSpan> _pauses = [];

    public IReadOnlyList<TimeSpan> Pauses => [.. _pauses];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= LongestPause)
        {
            _pauses.Enqueue(dueTime);
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }
        return timer;
    }
}
