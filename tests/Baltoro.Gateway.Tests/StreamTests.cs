// Streams between client and upstream: life, death and silence.

using System.Net;
using Baltoro.Chat;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Messages;
using Microsoft.Extensions.Time.Testing;

namespace Baltoro.Gateway.Tests;

public class StreamTests
{
    const string MessagesBody = """{"model":"m","max_tokens":1000,"stream":true,"messages":[{"role":"user","content":"x"}]}""";
    const string ChatBody = """{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}""";

    static FaultPlan Always(Fault fault) => (_, _) => fault;

    static (string Path, string Body) Of(string format) => format == "messages" ? ("/v1/messages", MessagesBody) : ("/v1/chat/completions", ChatBody);

    [Theory, InlineData("messages", "event: message_stop"), InlineData("chat", "data: [DONE]")]
    public async Task A_stream_that_ended_well_says_so(string format, string end)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        (string path, string body) = Of(format);
        HttpResponseMessage response = await gateway.Post(path, body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        string text = await response.Content.ReadAsStringAsync();
        Assert.Contains("hello", text);
        Assert.Contains(end, text);
    }

    [Theory] // Row 20
    [InlineData("messages", "message_stop"), InlineData("chat", "[DONE]")]
    public async Task An_upstream_that_dies_in_the_middle_becomes_an_error_and_never_a_clean_end(string format, string end)
    {
        foreach (Fault fault in (Fault[])[new Fault.CutAfter(3), new Fault.EndAfter(3)])
        {
            await using RunningGateway gateway = await RunningGateway.Start(faults: Always(fault));
            (string path, string body) = Of(format);
            string text = await (await gateway.Post(path, body)).Content.ReadAsStringAsync();
            // As an event, or as a status where the reset overtook the first bytes.
            Assert.Contains("\"error\":", text);
            Assert.DoesNotContain(end, text);
        }
    }

    [Theory, InlineData("messages"), InlineData("chat")]
    public async Task A_whole_reply_that_was_cut_gets_an_error_status(string format)
    {
        await using RunningGateway gateway = await RunningGateway.Start(faults: Always(new Fault.CutAfter(3)));
        (string path, string body) = Of(format);
        HttpResponseMessage response = await gateway.Post(path, body.Replace("\"stream\":true", "\"stream\":false"));
        Assert.True((int)response.StatusCode >= 500, $"{response.StatusCode}");
        await BadInputTests.AssertError(response, path, format == "messages" ? "api_error" : "server_error");
    }

    [Theory] // Row 22
    [InlineData("messages", "event: ping"), InlineData("chat", ":")]
    public async Task A_quiet_stream_gets_pings_and_a_silent_upstream_an_end(string format, string ping)
    {
        TaskCompletionSource never = new();
        await using RunningGateway gateway = await RunningGateway.Start(faults: Always(new Fault.StallAfter(3, never.Task)));
        (string path, string body) = Of(format);
        HttpResponseMessage response = await gateway.Post(path, body);
        using StreamReader reader = new(await response.Content.ReadAsStreamAsync());
        List<string> lines = [];
        await ReadUntil(reader, lines, line => line.Contains("hm"));

        await PassUntil(gateway.Clock, ReadUntil(reader, lines, line => line.StartsWith(ping, StringComparison.Ordinal)));
        // Pings of ours are not life of theirs.
        await PassUntil(gateway.Clock, ReadUntil(reader, lines, line => line.Contains("silent", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.Contains("message_stop") || line.Contains("[DONE]"));
        never.SetResult();
    }

    [Fact] // Row 21
    public async Task An_upstream_that_never_answers_times_out_with_a_status_before_any_header()
    {
        TaskCompletionSource never = new();
        await using RunningGateway gateway = await RunningGateway.Start(faults: Always(new Fault.StallAfter(0, never.Task)));
        Task<HttpResponseMessage> asked = gateway.Post("/v1/messages", MessagesBody.Replace("\"stream\":true", "\"stream\":false"));
        await Until(() => gateway.Upstream.Asked.Count == 1);
        // The limit's timer is set before the request leaves, so it exists by now.
        gateway.Clock.Advance(TimeSpan.FromSeconds(400));
        HttpResponseMessage response = await asked;
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        await BadInputTests.AssertError(response, "/v1/messages", "timeout_error");
        never.SetResult();
    }

    [Fact]
    public async Task A_client_that_goes_away_takes_its_upstream_request_with_it()
    {
        TaskCompletionSource never = new();
        await using RunningGateway gateway = await RunningGateway.Start(faults: Always(new Fault.StallAfter(3, never.Task)));
        HttpResponseMessage response = await gateway.Post("/v1/messages", MessagesBody);
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(new byte[16]);
        response.Dispose();
        await Until(() => gateway.Log.All.Any(line => line.Contains("aborted by the client")));
        never.SetResult();
    }

    [Fact]
    public async Task Each_request_leaves_one_log_line_with_its_tokens_and_without_its_words()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        await (await gateway.Post("/v1/messages", MessagesBody)).Content.ReadAsStringAsync();
        await Until(() => gateway.Log.All.Any(line => line.Contains("EndTurn")));
        string line = Assert.Single(gateway.Log.All, line => line.Contains("EndTurn"));
        Assert.Matches(@"^Information: messages m -> up/moonshotai/kimi-k2-thinking in \d+ \+\d+ read \+\d+ written, out \d+, first \d+ ms, all \d+ ms: EndTurn", line);
        Assert.DoesNotContain("hello", line);
    }

    /// <summary>Other threads do the work; this gives them the processor until they have.</summary>
    internal static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Lets time pass until something has come: whoever waits for a time may begin to wait after the test has.</summary>
    static async Task PassUntil(FakeTimeProvider clock, Task come)
    {
        while (!come.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
        await come;
    }

    static async Task ReadUntil(StreamReader reader, List<string> lines, Func<string, bool> found)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(20));
        while (await reader.ReadLineAsync(limit.Token) is { } line)
        {
            lines.Add(line);
            if (found(line)) return;
        }
        Assert.Fail($"The stream ended first:\n{string.Join('\n', lines)}");
    }
}
