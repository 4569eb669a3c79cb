// The faults of the design's table between a model and the agent: every third reply fails in another way. It changes nothing that arrives whole.

using System.Runtime.CompilerServices;
using Baltoro.Chat;

namespace Baltoro.Cli.Tests.Demo;

/// <summary>Not thread-safe.</summary>
sealed class FaultyModel(IChatModel whole) : IChatModel
{
    int _asked;

    public ModelCard Card => whole.Card;

    /// <summary>The faults that came, by name.</summary>
    public HashSet<string> Made { get; } = [];

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string Name, Failure Failure, int After)? fault = _asked++ % 3 != 1 ? null : (_asked / 3 % 6) switch
        {
            0 => ("rate limit", new Failure.RateLimited("slow down"), 0),
            1 => ("overload", new Failure.Overloaded("busy") { Status = 529 }, 0),
            2 => ("cut in thinking", new Failure.Cut("the stream ended"), 3),
            3 => ("cut in the call", new Failure.Cut("the stream ended"), 8),
            4 => ("unreachable", new Failure.Unreachable("connection reset"), 0),
            _ => ("empty", new Failure.Empty("nothing came"), 1),
        };
        if (fault is { } named) Made.Add(named.Name);
        int passed = 0;
        await foreach (ReplyEvent step in whole.Reply(request, cancellationToken))
        {
            if (fault is { } now && passed++ >= now.After)
            {
                // Told to come back at once, so that nobody waits.
                yield return new ReplyEvent.Failed(now.Failure with { RetryAfter = TimeSpan.Zero });
                yield break;
            }
            yield return step;
        }
    }
}
