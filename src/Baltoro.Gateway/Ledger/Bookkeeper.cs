// Keeps accounts of models that somebody in this process asks without going through the gateway's doors. It refuses to know who that is and what is said.

using System.Runtime.CompilerServices;
using Baltoro.Chat;
using Baltoro.Gateway.Endpoints;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Ledger;

/// <summary>
/// Rows like those of the gateway's requests, written in the background. A ledger that cannot be used is said in the log and harms nothing else. Safe for all
/// threads; disposal writes what is left.
/// </summary>
/// <param name="store">Not opened before the first request has ended; stays the caller's.</param>
public sealed class Bookkeeper(ILedgerStore store, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    /// <summary>In the place of a client's wire format: there is none.</summary>
    const string Format = "agent", Client = "baltoro";

    readonly LedgerWriter _rows = new(store, clock, log);
    readonly TimeProvider _clock = clock;

    /// <summary>The same model, each of whose requests is written down when it has ended, however it ended.</summary>
    /// <param name="asked">The name by which it was asked for.</param>
    public IChatModel Booked(IChatModel model, string asked) => new BookedModel(this, model, asked);

    public ValueTask DisposeAsync() => _rows.DisposeAsync();

    /// <summary>The session's id, and behind a slash the sub-agent's name, as the agent puts them together.</summary>
    static Caller CallerOf(ChatRequest request)
    {
        string key = Caller.Clean(request.SessionKey ?? "");
        int slash = key.IndexOf('/', StringComparison.Ordinal);
        return slash < 0 ? new(Client, key, "", "") : new(Client, key[..slash], key[(slash + 1)..], "");
    }

    sealed class BookedModel(Bookkeeper books, IChatModel model, string asked) : IChatModel
    {
        readonly TimeProvider _clock = books._clock;

        public ModelCard Card => model.Card;

        public async IAsyncEnumerable<ReplyEvent> Reply(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            long started = _clock.GetTimestamp();
            DateTimeOffset at = _clock.GetUtcNow();
            Journal journal = new(Format, started) { Model = asked, Found = model.Card, Caller = CallerOf(request), Account = request.Account ?? new(), Aborted = true };
            try
            {
                await foreach (ReplyEvent step in model.Reply(request with { Account = journal.Account }, cancellationToken))
                {
                    journal.Note(step, _clock);
                    journal.Aborted &= step.Value is not (ReplyEvent.Finished or ReplyEvent.Failed);
                    yield return step;
                }
            }
            finally
            {
                // By now the exchanges have been disposed, and the account is whole.
                books._rows.Write(journal.Row($"{Format}_{Guid.NewGuid():n}", at, _clock.GetElapsedTime(started)));
            }
        }
    }
}
