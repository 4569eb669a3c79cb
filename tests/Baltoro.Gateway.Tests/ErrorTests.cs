// Errors of an upstream, as the client gets them.

using System.Net;
using Baltoro.Chat;
using Baltoro.Models;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Gateway.Tests;

public class ErrorTests
{
    const string Messages = "/v1/messages", Chat = "/v1/chat/completions";

    static string Body(bool stream) => $$"""{"model":"m","max_tokens":1000,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"x"}]}""";

    static FaultPlan Status(int code, string? body = null, params (string, string)[] headers) =>
        (_, _) => new Fault.Status(code, body, headers.ToDictionary(header => header.Item1, header => header.Item2));

    [Theory] // Row 21
    [InlineData(400, 400, "invalid_request_error"), InlineData(401, 401, "authentication_error"), InlineData(403, 403, "permission_error")]
    [InlineData(404, 404, "not_found_error"), InlineData(429, 429, "rate_limit_error"), InlineData(500, 500, "api_error"), InlineData(529, 529, "overloaded_error")]
    public async Task A_status_before_the_stream_is_a_status_in_the_clients_format(int given, int got, string type)
    {
        await using RunningGateway gateway = await RunningGateway.Start(faults: Status(given));
        foreach (bool stream in (bool[])[true, false])
        {
            HttpResponseMessage response = await gateway.Post(Messages, Body(stream));
            Assert.Equal(got, (int)response.StatusCode);
            await BadInputTests.AssertError(response, Messages, type);
            Assert.StartsWith("req_", response.Headers.GetValues("request-id").Single());
            HttpResponseMessage chat = await gateway.Post(Chat, Body(stream));
            // OpenAI's clients know no 529, and a 500 would name the gateway as the culprit.
            Assert.Equal(got switch { 529 => 503, 500 => 502, _ => got }, (int)chat.StatusCode);
        }
    }

    [Theory, InlineData(Messages), InlineData(Chat)]
    public async Task How_long_to_wait_is_passed_on(string path)
    {
        await using RunningGateway gateway = await RunningGateway.Start(faults: Status(429, null, ("retry-after", "7")));
        Assert.Equal("7", (await gateway.Post(path, Body(true))).Headers.GetValues("retry-after").Single());
    }

    [Theory] // Row 26, and gateways' recovery words
    [InlineData("""{"error":{"type":"invalid_request_error","message":"Invalid request: Your request exceeded model token limit: 200000 (requested: 269030)"}}""", "prompt is too long: 269030 tokens > 200000 maximum")]
    [InlineData("""{"error":{"code":"context_length_exceeded","message":"This model's maximum context length is 200000 tokens. However, your messages resulted in 210000 tokens."}}""", "prompt is too long: 210000 tokens > 200000 maximum")]
    public async Task An_overflow_is_told_in_the_words_that_clients_recover_from(string body, string words)
    {
        await using RunningGateway gateway = await RunningGateway.Start(faults: Status(400, body));
        HttpResponseMessage response = await gateway.Post(Messages, Body(true));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(words, await BadInputTests.AssertError(response, Messages, "invalid_request_error"));
    }

    [Fact]
    public async Task An_upstream_that_is_not_there_is_named_without_its_key()
    {
        // Nobody listens below 1024 here, and nobody is given such a port.
        await using RunningGateway gateway = await RunningGateway.Start(new Kimi(), Dialect.Kimi, url: "http://127.0.0.1:1/v1");
        HttpResponseMessage response = await gateway.Post(Messages, Body(true));
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal("up: no connection to 127.0.0.1:1", await BadInputTests.AssertError(response, Messages, "api_error"));
    }

    [Fact]
    public async Task A_missing_key_says_which_variable_to_set()
    {
        await using RunningGateway gateway = await RunningGateway.Start(key: new Key.Missing("NOVITA_API_KEY"));
        HttpResponseMessage response = await gateway.Post(Messages, Body(true));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("set NOVITA_API_KEY", await BadInputTests.AssertError(response, Messages, "authentication_error"));
        Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
        Assert.Empty(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task A_key_is_in_no_error_and_in_no_log_line_even_when_the_upstream_repeats_it()
    {
        await using RunningGateway gateway = await RunningGateway.Start(faults: Status(401, """{"error":{"message":"Invalid key: sk-very-secret"}}"""));
        string answer = await (await gateway.Post(Messages, Body(true))).Content.ReadAsStringAsync();
        Assert.DoesNotContain("sk-very-secret", answer);
        Assert.DoesNotContain(gateway.Log.All, line => line.Contains("sk-very-secret"));
    }
}
