// A model that answers over HTTP; it refuses to know who asks, and the history rules have already been applied.

using System.Runtime.CompilerServices;
using Baltoro.Chat;

namespace Baltoro.Models.Remote;

/// <summary>
/// Replies by one exchange with an upstream, and writes into the request's account what that exchange is billed for, however it ends. Safe to
/// call from several threads.
/// </summary>
/// <param name="http">Owned by the caller; without a timeout of its own, and without redirects, which would carry the key elsewhere.</param>
/// <param name="clock">Measures the upstream's limits.</param>
public sealed class RemoteModel(ModelCard card, Upstream upstream, HttpClient http, TimeProvider clock) : IChatModel
{
    // One object for all requests: what was written for a card is kept by the card.
    readonly ModelCard _uncounted = card with { CountsStreams = false };

    // Learnt from the first refusal, for as long as the process lives. Two requests that learn it at once learn the same.
    volatile bool _refusesToCount;

    public ModelCard Card => card;

    public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (upstream.Key is Key.Missing missing)
        {
            yield return new ReplyEvent.Failed(new Failure.Unauthenticated($"no key for {upstream.Name}: set {missing.Variable} and start the gateway again"));
            yield break;
        }

        bool asksForCount = card.CountsStreams && !_refusesToCount;
        bool again = false;
        await foreach (ReplyEvent step in Once(request, asksForCount ? card : _uncounted, cancellationToken))
        {
            again = asksForCount && step.Value is ReplyEvent.Failed { Failure: Failure.InvalidRequest refused } && refused.Message.Contains("stream_options", StringComparison.Ordinal);
            if (again) break;
            yield return step;
        }
        if (!again) yield break;
        _refusesToCount = true;
        await foreach (ReplyEvent step in Once(request, _uncounted, cancellationToken)) yield return step;
    }

    async IAsyncEnumerable<ReplyEvent> Once(ChatRequest request, ModelCard card, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        List<ReplyEvent> events = [];
        Meter meter = new(card, request);
        await using Exchange exchange = new(Dialogue.With(card, upstream), http, upstream, clock);
        try
        {
            bool more = await exchange.Send(request, events, cancellationToken);
            while (true)
            {
                meter.Note(events, exchange.Held);
                foreach (ReplyEvent step in events)
                {
                    // Clients compact by what a reply says of its prompt: an estimate is better than nothing.
                    if (step.Value is ReplyEvent.Finished && !meter.IsTold) yield return new ReplyEvent.Counted(meter.Attempt().Usage);
                    yield return step;
                }
                events.Clear();
                if (!more) yield break;
                more = await exchange.Receive(events, cancellationToken);
            }
        }
        finally
        {
            // Also when whoever listens had enough of it: the upstream charges for that, too.
            request.Account?.Add(meter.Attempt());
        }
    }

    /// <summary>A client as <see cref="RemoteModel"/> wants it.</summary>
    public static HttpClient CreateHttpClient(Limits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        return new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = limits.Connect,
            // Vendors move behind their names; a pooled connection must not outlive that for long.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }
}
