// Sends a request again that failed before it said anything; it refuses to know what a reply says.

using System.Runtime.CompilerServices;
using Baltoro.Chat;

namespace Baltoro.Models.Policy;

/// <summary>How often and how long one request is sent again.</summary>
public sealed record RetryBudget
{
    /// <summary>The first one included.</summary>
    public int Tries { get; init; } = 4;

    /// <summary>The most that is spent waiting between tries, all waits together.</summary>
    public TimeSpan Waiting { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>No try begins later than this after the first.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>An upstream that asks for a longer pause is not waited for: whoever asked us decides.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Doubles with each try.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(0.5);
}

/// <summary>
/// Asks the inner model again, with growing pauses, when it fails in a way that can pass by itself and nothing of its reply was seen.
/// Once a block has begun, everything goes through as it is. Each try counts its own tokens; those of a failed one go no further than here,
/// so whoever keeps accounts listens inside.
/// </summary>
/// <param name="random">Spreads the pauses, so that many requests that failed together do not come back together. Safe for all threads.</param>
public sealed class Retry(IChatModel inner, RetryBudget budget, TimeProvider clock, Random random) : IChatModel
{
    static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(30);

    public ModelCard Card => inner.Card;

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        TimeSpan waited = default;
        List<ReplyEvent> preface = [];
        for (int tries = 1; ; tries++)
        {
            Failure? failure = null;
            bool speaks = false;
            await foreach (ReplyEvent step in inner.Reply(request, cancellationToken))
            {
                switch (step.Value)
                {
                    case var _ when speaks:
                    case ReplyEvent.Mended:
                        yield return step;
                        break;
                    case ReplyEvent.Started or ReplyEvent.Counted:
                        preface.Add(step);
                        break;
                    case ReplyEvent.Failed failed:
                        failure = failed.Failure;
                        break;
                    default:
                        speaks = true;
                        foreach (ReplyEvent first in preface) yield return first;
                        yield return step;
                        break;
                }
            }
            if (speaks) yield break;
            preface.Clear();
            failure ??= new Failure.Cut("The reply ended before it began.");

            if (Pause(failure, tries, waited) is not { } pause || clock.GetElapsedTime(began) + pause > budget.Time)
            {
                yield return new ReplyEvent.Failed(failure);
                yield break;
            }
            yield return new ReplyEvent.Mended(Mend.Retried);
            waited += pause;
            await Task.Delay(pause, clock, cancellationToken);
        }
    }

    /// <summary>How long to wait before the next try; null when there is to be none.</summary>
    TimeSpan? Pause(Failure failure, int tries, TimeSpan waited)
    {
        if (!failure.CanPass() || tries >= budget.Tries || failure.RetryAfter > budget.LongestPause) return null;
        TimeSpan backoff = budget.FirstPause * Math.Pow(2, Math.Min(tries - 1, 16));
        if (backoff > LongestBackoff) backoff = LongestBackoff;
        // Half of it is chance. A pause that was asked for is never cut short.
        backoff *= 0.5 + random.NextDouble() / 2;
        TimeSpan pause = failure.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked * (1 + random.NextDouble() / 10) : backoff;
        return waited + pause > budget.Waiting ? null : pause;
    }
}
