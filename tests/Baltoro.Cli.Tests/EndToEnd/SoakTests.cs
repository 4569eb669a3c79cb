// Two hundred streams at once through the gateway executable while its upstreams fail at random: no stream hears another one,
// each has a proven end or an error, and the memory stays flat.

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

public partial class SoakTests
{
    const int Streams = 200;
    const long Slack = 128 << 20;
    static readonly TimeSpan SlowestReply = TimeSpan.FromSeconds(60);
    static readonly string[] Aliases = ["kimi", "claude", "deepseek", "openrouter"];

    // A quarter of a run; what was reserved by then is reserved for good.
    static TimeSpan Time => TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("BALTORO_SOAK_SECONDS") ?? "10", System.Globalization.CultureInfo.InvariantCulture));

    [Fact]
    public async Task Two_hundred_streams_with_random_faults_end_well_or_with_an_error_and_hear_only_themselves()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of(Says, Fails, Aliases);
        await using var gateway = await GatewayProcess.Before(scratch, cast, patience: Patience.Short);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Streams }) { Timeout = SlowestReply };
        var endings = new ConcurrentDictionary<string, int>();
        var wrong = new ConcurrentQueue<string>();
        var began = TimeProvider.System.GetTimestamp();
        var numbers = -1;
        long? steady = null;

        await Task.WhenAll(Enumerable.Range(0, Streams).Select(async _ =>
        {
            while (TimeProvider.System.GetElapsedTime(began) < Time && wrong.IsEmpty)
            {
                if (steady is null && TimeProvider.System.GetElapsedTime(began) > Time / 3) steady = gateway.Resident;
                var number = Interlocked.Increment(ref numbers);
                var (ending, problem) = await Ask(http, gateway.Url, number);
                endings.AddOrUpdate(ending, 1, (_, n) => n + 1);
                if (problem is not null) wrong.Enqueue(problem);
            }
        }));

        var end = gateway.Resident;
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(", ", endings.OrderBy(e => e.Key).Select(e => $"{e.Key} {e.Value}"))}; resident {steady >> 20} MiB, then {end >> 20} MiB");
        Assert.True(wrong.IsEmpty, string.Join('\n', wrong.Take(5)));
        Assert.False(gateway.HasExited);
        Assert.True(endings.GetValueOrDefault("proven end") > Streams, "hardly a reply came to its end");
        Assert.True(end is null || steady is null || end < steady * 1.25 + Slack, $"{steady >> 20} MiB in steady state, {end >> 20} MiB in the end");
    }

    static async Task<(string Ending, string? Problem)> Ask(HttpClient http, string url, int number)
    {
        var (alias, isMessages, token) = (Aliases[number % Aliases.Length], number / Aliases.Length % 2 == 0, Token(number));
        var body = JsonSerializer.Serialize(new { model = alias, stream = true, max_tokens = 1000, messages = new[] { new { role = "user", content = $"Say {token}, please." } } });
        using var request = new HttpRequestMessage(HttpMethod.Post, url + (isMessages ? "/v1/messages" : "/v1/chat/completions"))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("anthropic-version", "2023-06-01");
        string raw;
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            raw = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            if (!answer.IsSuccessStatusCode)
                return ($"status {(int)answer.StatusCode}", raw.Contains("\"error\"", StringComparison.Ordinal) ? null : $"status {answer.StatusCode} without an error: {raw}");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return ("none", $"{token}: {e.Message}");
        }

        var said = Said(raw);
        if (Tokens.Matches(said).Any(t => t.Value != token)) return ("cross-talk", $"{token} heard: {said}");
        if (raw.Contains("message_stop", StringComparison.Ordinal) || raw.TrimEnd().EndsWith("data: [DONE]", StringComparison.Ordinal) && !raw.Contains("\"error\":", StringComparison.Ordinal))
            return ("proven end", said.EndsWith(Text(token), StringComparison.Ordinal) ? null : $"{alias}, {token} ended as if whole: {said} in {raw}");
        return raw.Contains("\"error\":", StringComparison.Ordinal) ? ("error in the stream", null) : ("none", $"{token} ended without a word: {raw}");
    }

    static string Said(string raw)
    {
        var said = new StringBuilder();
        foreach (var line in raw.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)))
        {
            using var json = JsonDocument.Parse(line[6..]);
            foreach (var delta in json.RootElement.TryGetProperty("choices", out var choices)
                ? choices.EnumerateArray().Select(c => c.GetProperty("delta"))
                : json.RootElement.TryGetProperty("delta", out var one) ? [one] : Array.Empty<JsonElement>())
                foreach (var name in (string[])["reasoning_content", "reasoning", "thinking", "content", "text"])
                    if (delta.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String) said.Append(text.GetString());
        }
        return said.ToString();
    }

    static Reply Says(int number, Conversation conversation)
    {
        var token = Tokens.Match(conversation.Turns.OfType<Turn.User>().First().Text).Value;
        return Reply.Of(new Part.Think($"They want {token}. "), new Part.Say(Text(token)));
    }

    static Fault Fails(int number, Conversation conversation)
    {
        var random = new Random(number);
        var faults = Faults.Anywhere.Values.Where(f => f is not Fault.SameCall).ToList();
        return random.Next(4) == 0 ? faults[random.Next(faults.Count)] : new Fault.None();
    }

    static string Token(int number) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"token-{number:x6}");

    // No two places are alike: what a model goes on with must not look like what it said.
    static string Text(string token) => string.Join(" and ", Enumerable.Range(1, 20).Select(i => $"{i} {token}")) + ".";

    [GeneratedRegex("token-[0-9a-f]{6}")]
    private static partial Regex Tokens { get; }
}
