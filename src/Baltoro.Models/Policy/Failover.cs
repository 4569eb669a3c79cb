// Several models in order, as one: when one fails, the next is asked. It refuses to know how each of them tries.

using System.Runtime.CompilerServices;
using Baltoro.Chat;

namespace Baltoro.Models.Policy;

/// <summary>
/// Asks the candidates one after another, for as long as the client has seen no more than thinking and the failure is one that another upstream
/// need not share. Each candidate fits the conversation to itself, so that no vendor gets what another one signed.
/// The last failure is the client's.
/// </summary>
/// <param name="candidates">At least one; in the order in which they are asked.</param>
public sealed class Failover(Sequence<IChatModel> candidates) : IChatModel
{
    /// <summary>Of the first one: whoever asks plans for it.</summary>
    public ModelCard Card => candidates[0].Card;

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Splice splice = new();
        List<ReplyEvent> shown = [];
        for (int i = 0; ; i++)
        {
            Failure? failure = null;
            await foreach (ReplyEvent step in candidates[i].Reply(request, cancellationToken))
            {
                if (step.Value is ReplyEvent.Failed failed)
                {
                    failure = failed.Failure;
                    break;
                }
                splice.Next(step, shown);
                foreach (ReplyEvent next in shown) yield return next;
                shown.Clear();
            }
            if (splice.IsFinished) yield break;

            failure ??= new Failure.Cut("The reply ended without its end.");
            bool goesOn = i + 1 < candidates.Count && splice.Seen <= Seen.Thinking && failure.MayBeOthersToAnswer();
            if (goesOn)
            {
                splice.Abandon(candidates[i].Card.Origin, shown);
                shown.Add(new ReplyEvent.Mended(Mend.FailedOver));
            }
            else
            {
                splice.GiveUp(shown);
                shown.Add(new ReplyEvent.Failed(failure));
            }
            foreach (ReplyEvent next in shown) yield return next;
            shown.Clear();
            if (!goesOn) yield break;
        }
    }
}
