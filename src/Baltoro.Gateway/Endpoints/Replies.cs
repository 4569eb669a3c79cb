// The endpoint that asks a model and passes its reply on; the same for every client format, streaming or not.

using System.Buffers;
using System.Globalization;
using Baltoro.Chat;
using Baltoro.Chat.Wire;
using Baltoro.Gateway.Clients;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Gateway.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Baltoro.Gateway.Endpoints;

/// <summary>
/// The steps of one request:
/// 1 take the body; 2 read it; 3 find the model, and see whether the key may ask it; 4 ask it; 5 wait for the first event, so that a failure before it gets its own status;
/// 6 stream, or fold and answer whole; 7 write it into the ledger, count it and log one line. Failures are answered in the client's own format at whichever step they happen.
/// </summary>
sealed class Replies(IClientFormat format, GatewayModels models, GatewaySettings settings, TimeProvider clock, Instruments instruments, ILogger log,
    LedgerWriter? ledger, Guard? guard)
{
    public async Task Answer(HttpContext context)
    {
        long started = clock.GetTimestamp();
        DateTimeOffset at = clock.GetUtcNow();
        VirtualKey? key = context.Features.Get<VirtualKey>();
        Journal journal = new(format.Name, started) { Key = key?.Name ?? "" };
        string id = Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture)[..24];
        context.Response.Headers["request-id"] = $"req_{id}";
        try
        {
            Failure? failure = await Answer(context, id, key, journal);
            if (failure is not null)
            {
                journal.Failure = failure;
                TellMends(context, journal);
                await Refuse(context, format.Error(failure, $"req_{id}"));
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            journal.Aborted = true;
        }
        finally
        {
            // :: 7
            TimeSpan took = clock.GetElapsedTime(started);
            LedgerRow row = journal.Row(id, at, took);
            ledger?.Write(row);
            if (guard is not null) await guard.Settle(journal.Claims, row);
            journal.WriteTo(instruments, log, took);
        }
    }

    /// <returns>The failure, when nothing has been answered yet.</returns>
    async Task<Failure?> Answer(HttpContext context, string id, VirtualKey? key, Journal journal)
    {
        // :: 1
        CancellationToken aborted = context.RequestAborted;
        Body body = await Body.Take(context.Request, settings.LargestBody, aborted);
        if (body is Body.Refused refused) return refused.Failure;

        // :: 2
        Reading reading = format.Read(((Body.Taken)body).Bytes, context.Request.Headers);
        if (reading is Reading.Rejected rejected) return rejected.Failure;
        ClientRequest request = ((Reading.Read)reading).Request;
        request = request with { Request = request.Request with { Account = journal.Account } };
        journal.Model = request.Request.Model;
        journal.Caller = Caller.Of(context.Request.Headers, request.Request);

        // :: 3
        ModelLookup lookup = models.Find(request.Request.Model);
        if (lookup is not ModelLookup.Found found) return new Failure.NotFound(((ModelLookup.Unknown)lookup).Message);
        journal.Found = found.Model.Card;
        if (guard is not null && key is not null)
        {
            (journal.Claims, Failure? closed) = await guard.Admit(context, format, key, request.Request, found);
            if (closed is not null) return closed;
        }

        // :: 4
        await using IAsyncEnumerator<ReplyEvent> reply = found.Model.Reply(request.Request, aborted).GetAsyncEnumerator(aborted);

        // :: 5
        List<ReplyEvent> preface = [];
        Task<bool> first = FirstStep(reply, preface, journal);
        if (request.Stream) await Task.WhenAny(first, Task.Delay(settings.PingInterval, clock, aborted));
        else await first;
        // A reply that is still being asked for cannot be disposed; the abort reaches it and ends the wait.
        if (aborted.IsCancellationRequested) await first;
        if (first.IsCompleted)
        {
            if (!await first) return new Failure.Cut("the reply ended before it began");
            if (reply.Current.Value is ReplyEvent.Failed failed) return failed.Failure;
        }

        // :: 6
        return request.Stream
            ? await Stream(context, format.Writer(request, id, clock.GetUtcNow()), reply, preface, first, journal)
            : await Whole(context, request, id, reply, preface, journal);
    }

    /// <summary>
    /// Waits for a step of the reply itself: that a model took the request, or that something was mended, is no reason yet to promise the
    /// client a reply.
    /// </summary>
    /// <param name="preface">What came before that step and is still to be written.</param>
    async Task<bool> FirstStep(IAsyncEnumerator<ReplyEvent> reply, List<ReplyEvent> preface, Journal journal)
    {
        while (await reply.MoveNextAsync())
        {
            if (reply.Current.Value is not (ReplyEvent.Mended or ReplyEvent.Started or ReplyEvent.Counted)) return true;
            journal.Note(reply.Current, clock);
            preface.Add(reply.Current);
        }
        return false;
    }

    async Task<Failure?> Stream(HttpContext context, IReplyWriter writer, IAsyncEnumerator<ReplyEvent> reply, List<ReplyEvent> preface, Task<bool> first, Journal journal)
    {
        CancellationToken aborted = context.RequestAborted;
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        context.Response.Headers["x-accel-buffering"] = "no";
        using Instruments.OpenStream open = instruments.Open(format.Name);
        await context.Response.StartAsync(aborted);

        await using ReplyStream stream = new(writer, context.Response.BodyWriter, settings.PingInterval, clock);
        stream.StartPings();
        bool more = await first;
        foreach (ReplyEvent step in preface) await stream.Write(step, flush: false, aborted);
        while (more)
        {
            ReplyEvent step = reply.Current;
            journal.Note(step, clock);
            ValueTask<bool> next = reply.MoveNextAsync();
            try
            {
                await stream.Write(step, flush: !next.IsCompleted, aborted);
            }
            catch
            {
                await Settle(next);
                throw;
            }
            more = await next;
        }
        await stream.Flush(aborted);
        return null;
    }

    /// <summary>Waits for a step that nobody wants any more, because a reply cannot be disposed in the middle of one.</summary>
    static async ValueTask Settle(ValueTask<bool> next)
    {
        try
        {
            await next;
        }
        catch (OperationCanceledException)
        {
            // The abort that brought us here.
        }
    }

    async Task<Failure?> Whole(HttpContext context, ClientRequest request, string id, IAsyncEnumerator<ReplyEvent> reply, List<ReplyEvent> preface, Journal journal)
    {
        ReplyFold fold = new();
        foreach (ReplyEvent step in preface) fold.Add(step);
        do
        {
            journal.Note(reply.Current, clock);
            fold.Add(reply.Current);
        }
        while (await reply.MoveNextAsync());

        if (fold.Result is not { } result) return fold.Failure ?? new Failure.Cut("the reply ended without a final event");
        context.Response.ContentType = "application/json";
        ArrayBufferWriter<byte> body = new();
        format.Whole(result, request, id, clock.GetUtcNow(), body);
        context.Response.ContentLength = body.WrittenCount;
        TellMends(context, journal);
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted);
        return null;
    }

    /// <summary>For whoever looks; a stream's headers are gone before anything is mended.</summary>
    static void TellMends(HttpContext context, Journal journal)
    {
        if (!journal.Mends.IsEmpty) context.Response.Headers["x-baltoro-repairs"] = journal.Mends.ToString();
    }

    internal static async Task Refuse(HttpContext context, Refusal refusal)
    {
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "application/json";
        foreach (Header header in refusal.Headers) context.Response.Headers[header.Name] = header.Value;
        context.Response.ContentLength = refusal.Body.Length;
        if (!HttpMethods.IsHead(context.Request.Method)) await context.Response.Body.WriteAsync(refusal.Body, context.RequestAborted);
    }
}
