// Faults of an upstream that a client never hears of, and those that it must hear of, whole.

using System.Net;
using Baltoro.Chat;
using Baltoro.Chat.Repair;
using Baltoro.Models.Policy;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Gateway.Tests;

public class MendedTests
{
    const string Messages = "/v1/messages", Chat = "/v1/chat/completions";

    static readonly RetryBudget Hasty = new() { FirstPause = TimeSpan.FromMilliseconds(1), LongestPause = TimeSpan.FromSeconds(5) };

    static string Body(bool stream) => $$"""{"model":"m","max_tokens":1000,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"x"}]}""";

    // The gateway's clock stands still; pauses of a millisecond need none that moves.
    static IChatModel Steady(IChatModel model) => new Steady(
        new Retry(model, Hasty, TimeProvider.System, new(1)), (request, _) => new Chain(new Substance(), new ClientIds(request)), new(), TimeProvider.System);

    static Task<RunningGateway> Start(FaultPlan faults) => RunningGateway.Start(new Kimi(), Dialect.Kimi, faults: faults, wrap: Steady);

    public static TheoryData<string, Fault> Faults => new()
    {
        { "500", new Fault.Status(500) }, { "529", new Fault.Status(529) }, { "429", new Fault.Status(429) }, { "503", new Fault.Status(503, "<html>") },
        { "429 with a pause", new Fault.Status(429, null, new Dictionary<string, string> { ["retry-after-ms"] = "5" }) },
        { "reset", new Fault.Reset() }, { "cut before the first event", new Fault.CutAfter(0) }, { "end before the first event", new Fault.EndAfter(0) },
    };

    [Theory, MemberData(nameof(Faults))]
    public async Task An_upstream_that_fails_twice_before_it_speaks_is_not_noticed(string name, Fault fault)
    {
        Assert.NotEmpty(name);
        foreach (string path in (string[])[Messages, Chat])
        {
            foreach (bool stream in (bool[])[true, false])
            {
                await using RunningGateway gateway = await Start((number, _) => number < 2 ? fault : new Fault.None());
                HttpResponseMessage response = await gateway.Post(path, Body(stream));
                string text = await response.Content.ReadAsStringAsync();
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Contains("hello", text);
                Assert.DoesNotContain("\"error\"", text);
                Assert.Equal(3, gateway.Upstream.Asked.Count);
                if (stream) Assert.Contains(path == Messages ? "event: message_stop" : "data: [DONE]", text);
                if (stream && path == Messages) Assert.Single(text.Split('\n'), line => line == "event: message_start");
                if (!stream) Assert.Equal("retried=2", response.Headers.GetValues("x-baltoro-repairs").Single());
            }
        }
    }

    [Theory, InlineData(Messages), InlineData(Chat)]
    public async Task A_stream_that_breaks_in_its_text_goes_on_where_it_stopped(string path)
    {
        await using RunningGateway gateway = await RunningGateway.Start(new Kimi(), Dialect.Kimi, (_, conversation) =>
        {
            string given = conversation.Turns[^1] is ScriptedUpstream.Turn.Assistant begun ? begun.Text : "";
            return ScriptedUpstream.Reply.Of(new Part.Say("one two three four five six seven"[given.Length..]));
        }, (number, _) => number == 0 ? new Fault.CutAfter(3) : new Fault.None(), wrap: Steady);
        string text = await (await gateway.Post(path, Body(true))).Content.ReadAsStringAsync();
        string said = string.Concat(text.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(Said));
        Assert.Equal("one two three four five six seven", said);
        Assert.Equal(2, gateway.Upstream.Asked.Count);
        Assert.Empty(gateway.Upstream.Violations);
    }

    [Theory]
    [InlineData(Messages, 500, 500), InlineData(Messages, 529, 529), InlineData(Messages, 429, 429), InlineData(Chat, 500, 502), InlineData(Chat, 529, 503), InlineData(Chat, 429, 429)]
    public async Task When_all_tries_fail_the_client_gets_a_status_that_it_may_try_again(string path, int given, int got)
    {
        await using RunningGateway gateway = await Start((_, _) => new Fault.Status(given, null, new Dictionary<string, string> { ["retry-after"] = "9" }));
        foreach (bool stream in (bool[])[true, false])
        {
            HttpResponseMessage response = await gateway.Post(path, Body(stream));
            Assert.Equal((got, "9", false), ((int)response.StatusCode, response.Headers.GetValues("retry-after").Single(), response.Headers.Contains("x-should-retry")));
        }
        // A longer pause than the gateway waits is the client's to keep.
        Assert.Equal(2, gateway.Upstream.Asked.Count);
    }

    [Theory, InlineData(Messages), InlineData(Chat)]
    public async Task An_empty_purse_is_nothing_to_try_again(string path)
    {
        await using RunningGateway gateway = await Start((_, _) => new Fault.Status(429, """{"error":{"type":"exceeded_current_quota_error","message":"no money"}}"""));
        HttpResponseMessage response = await gateway.Post(path, Body(true));
        Assert.Equal((429, "false"), ((int)response.StatusCode, response.Headers.GetValues("x-should-retry").Single()));
        Assert.Single(gateway.Upstream.Asked);
    }

    [Theory, InlineData(Messages, 529), InlineData(Chat, 503)]
    public async Task A_model_that_says_nothing_is_overloaded_and_never_a_clean_end(string path, int status)
    {
        await using RunningGateway gateway = await RunningGateway.Start(new Kimi(), Dialect.Kimi, (_, _) => ScriptedUpstream.Reply.Of(), wrap: Steady);
        HttpResponseMessage response = await gateway.Post(path, Body(true));
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(3, gateway.Upstream.Asked.Count);
    }

    static string Said(string line)
    {
        using System.Text.Json.JsonDocument data = System.Text.Json.JsonDocument.Parse(line[6..]);
        System.Text.Json.JsonElement delta = data.RootElement.TryGetProperty("choices", out System.Text.Json.JsonElement choices) && choices.GetArrayLength() > 0
            ? choices[0].GetProperty("delta")
            : data.RootElement.TryGetProperty("delta", out System.Text.Json.JsonElement own) ? own : default;
        if (delta.ValueKind != System.Text.Json.JsonValueKind.Object) return "";
        return delta.TryGetProperty("text", out System.Text.Json.JsonElement text) || delta.TryGetProperty("content", out text) ? text.GetString() ?? "" : "";
    }
}
