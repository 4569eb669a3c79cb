// What the ledger adds to a request, piece by piece, on the request's own thread; against reading that request, in turns in the same run.

using System.Diagnostics;
using System.Text;
using Baltoro.Chat;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.Wire;
using Baltoro.Gateway.Endpoints;
using Baltoro.Gateway.Ledger;
using Baltoro.Models.Remote;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Baltoro.Books;

static class HotPath
{
    const int Warmup = 3, Rounds = 9, Times = 5000, Deltas = 300;

    public static async Task Measure(TextWriter output, string folder)
    {
        byte[] body = Body();
        ChatRequest request = ((Reading.Read)RequestReader.Read(body, [])).Request.Request with { SessionKey = "0f0e0d0c-0b0a-0908-0706-050403020100" };
        ModelCard card = new() { Id = "moonshotai/kimi-k2-thinking", Origin = new("novita", "https://x", "kimi"), Dialect = Dialect.Kimi, Prices = new(0.6m, 2.5m, 0.15m) };
        HeaderDictionary headers = new() { ["user-agent"] = "claude-cli/2.1.330 (external, sdk-cli)", ["x-claude-code-agent-id"] = "a1" };
        List<ReplyEvent>[] events =
        [
            [new ReplyEvent.Started("id", "kimi")], [new ReplyEvent.Opened(BlockHead.Text.Plain)], .. Enumerable.Range(0, Deltas).Select(i => (List<ReplyEvent>)[$" word {i}"]),
            [ReplyEvent.Closed.Plain, new ReplyEvent.Counted(new() { Input = 1000, CacheRead = 20_000, Output = 900 }), new ReplyEvent.Finished(StopReason.EndTurn)],
        ];
        await using ILedgerStore store = Ledgers.At(Path.Combine(folder, "hot.db"));
        await using LedgerWriter writer = new(store, TimeProvider.System, NullLogger.Instance);
        long number = 0, expected = 0;
        (string Name, Action Once, int Divisor)[] pieces =
        [
            ("the meter, an event", () => { Meter meter = new(card, request); foreach (List<ReplyEvent> step in events) meter.Note(step, 0); meter.Attempt(); }, events.Length),
            ("the row: who asked, prices, sums; handed to the writer", () =>
            {
                Journal journal = new("messages", 0) { Found = card, Model = "baltoro", Caller = Caller.Of(headers, request) };
                journal.Account.Add(new(card, new() { Input = 1000, CacheRead = 20_000, Output = 900 }, false));
                writer.Write(journal.Row(number++.ToString("x24", System.Globalization.CultureInfo.InvariantCulture), DateTimeOffset.UnixEpoch.AddYears(56), TimeSpan.FromSeconds(3)));
                expected++;
            }, 1),
            ("reading the request, for comparison", () => RequestReader.Read(body, []), 1),
        ];
        double[][] micros = [.. pieces.Select(_ => new double[Rounds])];
        long[] bytes = new long[pieces.Length];
        for (int round = -Warmup; round < Rounds; round++)
        {
            for (int piece = 0; piece < pieces.Length; piece++)
            {
                long allocated = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
                for (int i = 0; i < Times; i++) pieces[piece].Once();
                if (round >= 0) micros[piece][round] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / Times / pieces[piece].Divisor;
                bytes[piece] = (GC.GetAllocatedBytesForCurrentThread() - allocated) / Times / pieces[piece].Divisor;
                // The writer's own work must not run beside what is measured next.
                while (writer.Written + writer.Lost < expected) await Task.Delay(10);
            }
        }
        foreach (double[] each in micros) Array.Sort(each);
        double reading = micros[^1][Rounds / 2];
        output.WriteLine($"| on the request's thread ({body.Length / 1000} KB request, {Deltas} deltas) | least µs | median µs | allocated | to reading the request |");
        output.WriteLine("|---|--:|--:|--:|--:|");
        for (int piece = 0; piece < pieces.Length; piece++)
            output.WriteLine($"| {pieces[piece].Name} | {micros[piece][0]:0.000} | {micros[piece][Rounds / 2]:0.000} | {bytes[piece]} B | {micros[piece][Rounds / 2] / reading:0.0000} |");
        output.WriteLine($"| rows lost | {writer.Lost} | | | |");
        output.WriteLine();
    }

    /// <summary>A conversation as Claude Code sends it: long instructions, tools, turns.</summary>
    static byte[] Body()
    {
        string text = string.Concat(Enumerable.Repeat("Read the file and say what it is about, then go on. ", 20));
        StringBuilder json = new("""{"model":"baltoro","max_tokens":32000,"stream":true,"system":[{"type":"text","text":" """);
        json.Append(string.Concat(Enumerable.Repeat(text, 10))).Append("\"}],\"messages\":[");
        for (int turn = 0; turn < 36; turn++)
            json.Append(turn == 0 ? "" : ",").Append($$"""{"role":"{{(turn % 2 == 0 ? "user" : "assistant")}}","content":[{"type":"text","text":"{{turn}} {{text}}"}]}""");
        return Encoding.UTF8.GetBytes(json.Append("]}").ToString());
    }
}
