// What a client can get wrong, and that the gateway says so in the client's own format and lives on.

using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Baltoro.Gateway.Tests;

public class BadInputTests
{
    const string Messages = "/v1/messages", Chat = "/v1/chat/completions";

    public static TheoryData<string, string> Malformed()
    {
        string deep = string.Concat(Enumerable.Repeat("[", 20_000));
        TheoryData<string, string> cases = [];
        foreach (string path in (string[])[Messages, Chat, "/anthropic/v1/messages", "/openai/v1/chat/completions"])
        {
            foreach (string body in (string[])
            [
                "", "{", "nonsense", "[]", "null", "\"text\"", "{}",
                """{"model":"m"}""", """{"model":"m","messages":{}}""", """{"model":7,"messages":[]}""", """{"model":"m","messages":[7]}""",
                """{"model":"m","messages":[{"role":"nobody","content":"x"}]}""", """{"model":"m","messages":[{"role":"user","content":7}]}""",
                """{"model":"m","messages":[{"role":"user","content":"x"}],"max_tokens":"many"}""",
                """{"model":"m","messages":[{"role":"user","content":"x"}],"tools":7}""",
                $$"""{"model":"m","messages":{{deep}}""",
            ]) cases.Add(path, body);
        }
        return cases;
    }

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_body_that_makes_no_sense_gets_a_400_in_the_clients_format_and_the_server_lives_on(string path, string body)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        HttpResponseMessage response = await gateway.Post(path, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        await AssertError(response, path, "invalid_request_error");
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("/health")).StatusCode);
        Assert.Empty(gateway.Upstream.Requests);
    }

    [Theory, InlineData(Messages), InlineData(Chat)]
    public async Task A_wrong_content_type_is_named(string path)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        HttpResponseMessage response = await gateway.Post(path, "{}", "text/plain");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("content-type: expected application/json, got text/plain", await AssertError(response, path, "invalid_request_error"));
    }

    [Theory, InlineData(Messages, true), InlineData(Chat, true), InlineData(Messages, false), InlineData(Chat, false)]
    public async Task A_body_larger_than_taken_gets_a_413(string path, bool lengthTold)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        using HttpRequestMessage request = new(HttpMethod.Post, path)
        {
            Content = new StringContent($$"""{"model":"m","x":"{{new string('x', 1_100_000)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = !lengthTold;
        HttpResponseMessage response = await gateway.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("larger than the 1 MB", await AssertError(response, path, path == Messages ? "request_too_large" : "invalid_request_error"));
    }

    [Fact]
    public async Task A_client_that_breaks_off_in_the_middle_of_its_body_does_no_harm()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        using (TcpClient client = new())
        {
            await client.ConnectAsync(IPAddress.Loopback, gateway.Client.BaseAddress!.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                $"POST {Messages} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"model\":"));
        }
        Assert.Equal(HttpStatusCode.OK, (await gateway.Client.GetAsync("/health")).StatusCode);
    }

    [Theory]
    [InlineData(Messages, "not_found_error"), InlineData(Chat, "invalid_request_error")]
    public async Task An_unknown_model_gets_a_404_that_names_it(string path, string type)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        HttpResponseMessage response = await gateway.Post(path, """{"model":"nope","max_tokens":9,"messages":[{"role":"user","content":"x"}]}""");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("There is no model \"nope\"", await AssertError(response, path, type));
    }

    [Theory, InlineData("evil.example"), InlineData("evil.example:80")]
    public async Task A_page_that_gave_loopback_a_name_of_its_own_is_refused(string host)
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/models") { Headers = { Host = host } };
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.Client.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task An_unknown_path_gets_a_404_in_the_format_of_whoever_asks()
    {
        await using RunningGateway gateway = await RunningGateway.Start();
        await AssertError(await gateway.Client.GetAsync("/v1/nothing"), Chat, "invalid_request_error");
        using HttpRequestMessage request = new(HttpMethod.Get, "/v1/nothing") { Headers = { { "anthropic-version", "2023-06-01" } } };
        await AssertError(await gateway.Client.SendAsync(request), Messages, "not_found_error");
    }

    /// <returns>The message.</returns>
    internal static async Task<string> AssertError(HttpResponseMessage response, string path, string type)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        if (path.EndsWith("messages", StringComparison.Ordinal)) Assert.Equal("error", body.RootElement.GetProperty("type").GetString());
        JsonElement error = body.RootElement.GetProperty("error");
        Assert.Equal(type, error.GetProperty("type").GetString());
        return error.GetProperty("message").GetString()!;
    }
}
