// The ledger against the books of those who send the bills: thousands of requests of random shape, with cuts, refusals, retries, repairs,
// failovers and clients that leave; every kind of token must come to the same sum.

using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Chat.Wire;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;
using Baltoro.ScriptedUpstream;
using Microsoft.Data.Sqlite;
using Reply = Baltoro.ScriptedUpstream.Reply;
using Turn = Baltoro.ScriptedUpstream.Turn;

namespace Baltoro.Cli.Tests.Ledger;

public class ExactnessTests
{
    const int Requests = 10_000, AtOnce = 96;

    /// <summary>Letters that a vendor puts into one event.</summary>
    const int Piece = 14;

    static readonly string[] Names = ["kimi", "claude", "messages", "deepseek", "openrouter", "glm", "plain", "kimi,claude", "deepseek,openrouter", "claude,messages,glm"];

    static readonly string[] Said = ["content", "text"];

    [Fact]
    public async Task Ten_thousand_requests_of_random_shape_come_to_the_tokens_that_the_upstreams_billed()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Says, Fails, "kimi", "claude", "messages", "deepseek", "openrouter", "glm", "plain");
        var file = Path.Combine(scratch.Path, "ledger.db");
        var log = new StringWriter();
        await using (var gateway = await LocalGateway.Start(SettingsOf(cast), null, Ledgers.At(file), Signals.LeftAlone, new LogLines(log, TimeProvider.System), [], TestContext.Current.CancellationToken))
        {
            using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce }) { BaseAddress = new Uri(gateway.Url) };
            await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
                async (number, stop) => await Ask(http, number, stop));
        }

        Assert.Equal(Requests, Sum(file, "COUNT(*)"));
        var asked = cast.Roles.SelectMany(r => r.Upstream.Asked.Select(request => (r.Player, Request: request))).ToList();
        // A test in which nothing goes wrong would prove nothing.
        Assert.True(asked.Count(a => a.Request.Bill is { HasBegun: true, HasCount: false }) > Requests / 100);
        Assert.True(Sum(file, "COUNT(*) FILTER (WHERE outcome = 'aborted' AND estimated = 1)") > Requests / 100);
        Assert.True(Sum(file, "COUNT(*) FILTER (WHERE tries > 1)") > Requests / 20);
        foreach (var by in cast.Roles.Select(r => r.Player))
            Assert.Equal((by.Alias, asked.Where(a => a.Player == by).Sum(a => Input(by, a.Request)), asked.Where(a => a.Player == by).Sum(a => a.Request.Bill.Output)),
                (by.Alias, Sum(file, "SUM(input)", "totals", $"upstream = '{by.Upstream}'"), Sum(file, "SUM(output)", "totals", $"upstream = '{by.Upstream}'")));
        Assert.Equal(
            (asked.Sum(a => Input(a.Player, a.Request)), asked.Sum(a => a.Request.Bill.CacheRead), asked.Sum(a => a.Request.Bill.CacheWritten), asked.Sum(a => a.Request.Bill.Output),
                (long)(asked.Sum(a => a.Request.Bill.Cost) * 1_000_000_000)),
            (Sum(file, "SUM(input)"), Sum(file, "SUM(cache_read)"), Sum(file, "SUM(cache_write + cache_write_hour)"), Sum(file, "SUM(output)"), Sum(file, "SUM(told)")));
    }

    /// <summary>Where the vendor told nothing, what anyone would reckon from the request as it arrived.</summary>
    static long Input(Player player, RecordedRequest request) => request.Bill switch
    {
        { HasCount: true } bill => bill.Input,
        { HasBegun: true } => TokenEstimate.Of(((Reading.Read)Chat.OpenAI.RequestReader.Read(request.Body)).Request.Request),
        _ => 0,
    };

    static long Sum(string file, string what, string table = "requests", string where = "1 = 1")
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Words of this test.
        command.CommandText = $"SELECT {what} FROM {table} WHERE {where}";
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    static async Task Ask(HttpClient http, int number, CancellationToken stop)
    {
        var random = new Random(number);
        var leaves = Leaves(number);
        var isMessages = random.Next(2) == 0;
        var words = string.Join(' ', Enumerable.Repeat(leaves ? "leave" : "word", random.Next(1, 200)));
        List<object> messages = [new { role = "user", content = $"Number {number}. {words}" }];
        if (random.Next(3) == 0) messages.AddRange([new { role = "assistant", content = "Yes." }, new { role = "user", content = "Go on." }]);
        object tool = isMessages
            ? new { name = "Note", description = "Writes a note.", input_schema = new { type = "object", properties = new { text = new { type = "string" } } } }
            : new { type = "function", function = new { name = "Note", description = "Writes a note.", parameters = new { type = "object", properties = new { text = new { type = "string" } } } } };
        var body = JsonSerializer.Serialize(new
        {
            // Vendors whose text comes through letter by letter, so that the client knows when to leave.
            model = leaves ? random.Next(2) == 0 ? "kimi" : "claude" : Names[random.Next(Names.Length)],
            stream = leaves || random.Next(3) > 0, max_tokens = 4000, messages, tools = new[] { tool },
        });
        using var request = new HttpRequestMessage(HttpMethod.Post, isMessages ? "/v1/messages" : "/v1/chat/completions") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(stop));
        if (!leaves)
        {
            await reader.ReadToEndAsync(stop);
            return;
        }
        for (var letters = 0; letters < Piece * Pieces(number) && await reader.ReadLineAsync(stop) is { } line;) letters += Letters(line);
    }

    /// <summary>Clients that leave as soon as everything has come that their upstream will ever send.</summary>
    static bool Leaves(int number) => number % 12 == 0;

    static int Pieces(int number) => 2 + number % 7;

    static int Letters(string line)
    {
        if (!line.StartsWith("data: {", StringComparison.Ordinal)) return 0;
        using var json = JsonDocument.Parse(line[6..]);
        var delta = json.RootElement.TryGetProperty("choices", out var choices) ? choices.EnumerateArray().Select(c => c.GetProperty("delta")).FirstOrDefault()
            : json.RootElement.TryGetProperty("delta", out var one) ? one : default;
        return delta.ValueKind != JsonValueKind.Object ? 0
            : Said.Sum(name => delta.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString()!.Length : 0);
    }

    static int NumberIn(Conversation conversation) =>
        int.Parse(conversation.Turns.OfType<Turn.User>().First().Text.Split(' ', '.')[1], CultureInfo.InvariantCulture);

    static Reply Says(int number, Conversation conversation)
    {
        var random = new Random(NumberIn(conversation) + 7);
        var text = string.Join(' ', Enumerable.Range(0, 12 + random.Next(60)).Select(i => $"{i} ünd{i * 7}"));
        if (Leaves(NumberIn(conversation))) return Reply.Of(new Part.Say(new string('a', Piece * 12)));
        return random.Next(4) == 0
            ? Reply.Of(new Part.Think($"A note: {text}"), new Part.Call("Note", JsonSerializer.Serialize(new { text })))
            : Reply.Of(new Part.Think($"Hm. {text[..20]}"), new Part.Say(text));
    }

    static Fault Fails(int number, Conversation conversation)
    {
        var asked = NumberIn(conversation);
        if (Leaves(asked)) return new Fault.StallAfter((conversation.Model.Contains("claude", StringComparison.Ordinal) ? 3 : 1) + Pieces(asked), new TaskCompletionSource().Task);
        // A model that goes on gets its thinking back in a form from which the words that were estimated cannot be read.
        if (conversation.Turns.OfType<Turn.Assistant>().Any(turn => turn.Thinking is { Length: > 0 })) return new Fault.None();
        var random = new Random(asked * 31 + number);
        return random.Next(16) switch
        {
            0 => new Fault.CutAfter(random.Next(20)),
            1 => new Fault.EndAfter(random.Next(20)),
            2 => new Fault.Status(random.Next(2) == 0 ? 429 : 503),
            3 => random.Next(3) switch { 0 => new Fault.Reset(), 1 => new Fault.Empty(), _ => new Fault.ThinkingOnly() },
            4 => new Fault.Broken(Breaking.Cut, (ScriptedUpstream.Place)random.Next(5)),
            _ => new Fault.None(),
        };
    }

    static Settings SettingsOf(Cast cast)
    {
        var text = JsonSerializer.Serialize(new
        {
            host = "127.0.0.1", port = 0,
            upstreams = cast.Roles.ToDictionary(r => r.Player.Upstream, r => new { url = r.Upstream.Url, format = r.Player.Format, dialect = r.Player.Dialect, key = "upstream-key" }),
            models = cast.Roles.ToDictionary(r => r.Player.Model, r => new Dictionary<string, object> { ["upstream"] = r.Player.Upstream, ["as"] = r.Player.Alias, ["window"] = 200_000, ["output"] = 32_000 }),
        });
        return Assert.IsType<Configuration.Valid>(Configuration.Read(new() { User = new("config.json", text) })).Settings;
    }
}
