// A model whose requests are first made to fit it; it refuses to know what the rules are.

using System.Runtime.CompilerServices;
using Baltoro.Chat;
using Baltoro.Chat.History;
using Baltoro.Models.Local;

namespace Baltoro.Models.Policy;

/// <summary>Applies the history rules of the inner model's card on the way in. A request that cannot be made to fit is refused without asking.</summary>
public sealed class Fitted(IChatModel inner) : IChatModel
{
    public ModelCard Card => inner.Card;

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Fitting fitting = Fit.To(Card, request);
        if (fitting is Fitting.Refused refused)
        {
            yield return new ReplyEvent.Failed(refused.Failure);
            yield break;
        }
        await foreach (ReplyEvent step in inner.Reply(((Fitting.Fits)fitting).Request, cancellationToken)) yield return step;
    }

    /// <summary>Counts what a model of this machine sees of a request, under the same rules.</summary>
    public static Func<ChatRequest, CancellationToken, Task<long?>> Counter(LocalModel model) =>
        (request, cancellation) => model.Count(Fit.To(model.Card, request) is Fitting.Fits fits ? fits.Request : request, cancellation);
}
