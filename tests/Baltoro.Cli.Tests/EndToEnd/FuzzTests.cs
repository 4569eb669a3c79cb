// Whatever bytes come from either side, the gateway gives a clear answer in the client's own format, in time, and lives on.

using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Baltoro.Cli.Tests.Vendors;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

public class FuzzTests
{
    const int ClientBodies = 2000;
    const int UpstreamReplies = 600;
    const int AtOnce = 64;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestOfAll = TimeSpan.FromSeconds(90);
    static readonly TimeSpan SlowestAnswer = TimeSpan.FromSeconds(60);


    [Theory, InlineData("kimi"), InlineData("messages")]
    public async Task Random_bytes_of_a_client_are_answered_with_a_reply_or_a_refusal(string alias)
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Asking.Says("Hello."), alias);
        await using var gateway = await GatewayProcess.Before(scratch, cast, patience: Patience.Short);
        byte[][] originals = [Encoding.UTF8.GetBytes(Request(alias, isMessages: true)), Encoding.UTF8.GetBytes(Request(alias, isMessages: false))];

        await Fuzz(ClientBodies, async (http, number) =>
        {
            var random = new Random(number);
            var isMessages = number % 2 == 0;
            var body = random.Next(10) == 0 ? Noise.Bytes(random, 4000) : Noise.Mutated(random, originals[number % 2]);
            return await Ask(http, gateway, isMessages, body);
        });

        Assert.Null(await Ask(new HttpClient(), gateway, isMessages: true, originals[0]));
    }

    [Theory, InlineData("kimi"), InlineData("glm"), InlineData("messages")]
    public async Task Random_bytes_of_an_upstream_end_in_a_reply_or_an_error(string alias)
    {
        using var scratch = new Scratch();
        var player = Player.Named(alias);
        var recorded = await Record(player);
        var healthy = false;
        await using var server = new NoiseServer(number => healthy ? recorded : Spoiled(new Random(number), recorded));
        await using var gateway = await GatewayProcess.Before(scratch, [(player, server.Url + player.Vendor().BasePath)], patience: Patience.Short);

        await Fuzz(UpstreamReplies, (http, number) =>
            Ask(http, gateway, number % 2 == 0, Encoding.UTF8.GetBytes(Request(alias, number % 2 == 0))));

        healthy = true;
        TestContext.Current.TestOutputHelper?.WriteLine($"{server.Answered} replies");
        Assert.Null(await Ask(new HttpClient(), gateway, isMessages: true, Encoding.UTF8.GetBytes(Request(alias, isMessages: true))));
        Assert.False(gateway.HasExited);
    }

    static async Task Fuzz(int count, Func<HttpClient, int, Task<string?>> ask)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce }) { Timeout = SlowestAnswer };
        var wrong = new ConcurrentQueue<string>();
        var began = TimeProvider.System.GetTimestamp();
        var numbers = -1;
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Interlocked.Increment(ref numbers) is var number && number < count && TimeProvider.System.GetElapsedTime(began) < Longest)
                if (await ask(http, number) is { } problem) wrong.Enqueue($"{number}: {problem}");
        }));
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Take(5)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, LongestOfAll);
    }

    /// <returns>What is wrong with the answer, if anything.</returns>
    static async Task<string?> Ask(HttpClient http, GatewayProcess gateway, bool isMessages, byte[] body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Url + (isMessages ? "/v1/messages" : "/v1/chat/completions"))
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("anthropic-version", "2023-06-01");
        var (status, text) = (0, "");
        try
        {
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            status = (int)answer.StatusCode;
            if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
                return text.Contains("message_stop", StringComparison.Ordinal) || text.Contains("data: [DONE]", StringComparison.Ordinal) || text.Contains("\"error\"", StringComparison.Ordinal)
                    ? null
                    : $"a stream without an end: {text}";
            using var json = JsonDocument.Parse(text);
            if (status == 200) return null;
            var error = json.RootElement.GetProperty("error");
            return status is >= 400 and < 600 && error.GetProperty("message").GetString() is { Length: > 0 } && error.GetProperty("type").GetString() is { Length: > 0 }
                && (!isMessages || json.RootElement.GetProperty("type").GetString() == "error")
                ? status == 500 && !text.Contains("upstream", StringComparison.OrdinalIgnoreCase) && gateway.HasExited ? "the gateway is gone" : null
                : $"{status}: {text}";
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"{e.GetType().Name}: {e.Message} Answered was {status}: {text}\n  asked was {Encoding.UTF8.GetString(body)}\n  {(gateway.Failures is [.., var last] ? last : "")}";
        }
    }

    static byte[] Spoiled(Random random, byte[] recorded)
    {
        switch (random.Next(6))
        {
            case 0: return Noise.Bytes(random, 2000);
            case 1: return [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {random.Next(100, 1000)} Strange\r\nConnection: close\r\nretry-after: {(random.Next(2) == 0 ? "0" : "soon")}\r\n\r\n"), .. Noise.Bytes(random, 500)];
            case 2: return [.. "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"u8, .. Noise.Mutated(random, recorded)];
            case 3: return [.. "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"u8, .. Noise.Bytes(random, 2000)];
            case 4: return Noise.Mutated(random, recorded);
            default:
                // The head stays, so that what is wrong is wrong inside the reply.
                var body = recorded.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
                return [.. recorded[..body], .. Noise.Mutated(random, recorded[body..])];
        }
    }

    static async Task<byte[]> Record(Player player)
    {
        await using var upstream = await Upstream.Start(player.Vendor(), (_, _) => Reply.Of(
            new Part.Think("A thought – 足跡."), new Part.Say("A text."), new Part.Call("Read", """{"file_path":"/a"}"""), new Part.Call("Read", """{"file_path":"/b"}""")));
        using var answer = await upstream.Ask(Request(player.Alias, player.Format == "anthropic"));
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return [.. "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n"u8, .. body];
    }

    static string Request(string alias, bool isMessages) => isMessages
        ? $$$"""{"model":"{{{alias}}}","stream":true,"max_tokens":1000,"thinking":{"type":"adaptive"},"messages":[{"role":"user","content":"hello"}],"tools":[{"name":"Read","input_schema":{"type":"object","properties":{"file_path":{"type":"string"} } } }]}"""
        : $$$"""{"model":"{{{alias}}}","stream":true,"messages":[{"role":"user","content":"hello"}],"tools":[{"type":"function","function":{"name":"Read","parameters":{"type":"object","properties":{"file_path":{"type":"string"}} } } }]}""";
}
