// The one thing that every model does; it refuses to know where the model runs and who asks it.

namespace Baltoro.Chat;

/// <summary>Something that replies: a remote model, a local one, or one wrapped in a policy.</summary>
public interface IChatModel
{
    ModelCard Card { get; }

    /// <summary>
    /// Replies once, in the order that <see cref="ReplyEvent"/> states. Failures are events; only cancellation and broken promises throw.
    /// Safe to call from several threads; each enumeration is one request. Nothing is sent before the first <c>MoveNextAsync</c>.
    /// </summary>
    IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, CancellationToken cancellationToken);
}
