// A model that is not asked while its upstream is known to be down; it refuses to know how that is known.

using System.Runtime.CompilerServices;
using Baltoro.Chat;

namespace Baltoro.Models.Policy;

/// <summary>Fails at once while the circuit is open, so that a route goes on; else tells the circuit how each try went.</summary>
/// <param name="circuit">Shared by all models of one upstream.</param>
public sealed class Breaker(IChatModel inner, Circuit circuit) : IChatModel
{
    public ModelCard Card => inner.Card;

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (circuit.Enter() is { } closed)
        {
            yield return new ReplyEvent.Failed(closed);
            yield break;
        }
        bool isOpen = true, speaks = false;
        try
        {
            await foreach (ReplyEvent step in inner.Reply(request, cancellationToken))
            {
                switch (step.Value)
                {
                    case string: break;
                    case ReplyEvent.Opened or ReplyEvent.Whole when !speaks:
                        speaks = true;
                        circuit.Speaks();
                        break;
                    case ReplyEvent.Finished:
                        isOpen = false;
                        circuit.Succeeded();
                        break;
                    case ReplyEvent.Failed failed:
                        isOpen = false;
                        circuit.Failed(failed.Failure);
                        break;
                }
                yield return step;
            }
        }
        finally
        {
            if (isOpen) circuit.Abandoned();
        }
    }
}
