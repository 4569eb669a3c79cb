// Who is let in: with which key, to which endpoint and model, until when.

using System.Net;
using System.Text.Json;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Gateway.Tests.Ledger;

namespace Baltoro.Gateway.Tests.Keys;

public sealed class KeyTests : IDisposable
{
    readonly LedgerFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Without_keys_the_gateway_is_open()
    {
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask("anything")).StatusCode);
    }

    [Theory]
    [InlineData("POST", "/v1/messages"), InlineData("POST", "/anthropic/v1/messages"), InlineData("POST", "/v1/chat/completions"), InlineData("POST", "/openai/v1/chat/completions")]
    [InlineData("POST", "/v1/messages/count_tokens"), InlineData("GET", "/v1/models"), InlineData("GET", "/v1/models/m"), InlineData("HEAD", "/v1/models"), InlineData("GET", "/metrics")]
    [InlineData("GET", "/"), InlineData("HEAD", "/api/hello"), InlineData("GET", "/nowhere")]
    public async Task With_one_every_endpoint_demands_it(string method, string path)
    {
        await Keyed.Add(_file, "ci");
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        foreach (string? shown in (string?[])[null, "", "local", Secret.New()])
        {
            using HttpRequestMessage request = new(new HttpMethod(method), path);
            if (method == "POST") request.Content = new StringContent(Keyed.Body(), null, "application/json");
            if (shown is not null) request.Headers.TryAddWithoutValidation("authorization", $"Bearer {shown}");
            Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Client.SendAsync(request)).StatusCode);
        }
        Assert.Empty(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task Only_that_it_lives_is_told_to_everyone()
    {
        await Keyed.Add(_file, "ci");
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        Assert.Equal("""{"status":"ok","product":"baltoro","version":"1.2.3"}""", await gateway.Client.GetStringAsync("/health"));
    }

    [Theory, InlineData(Keyed.Messages, "authorization"), InlineData(Keyed.Messages, "x-api-key"), InlineData(Keyed.Chat, "authorization")]
    public async Task The_right_one_is_taken_from_either_header_and_names_the_row(string path, string header)
    {
        string secret = await Keyed.Add(_file, "ci");
        await using (RunningGateway gateway = await Keyed.Gateway(_file))
            Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret, path, header: header)).StatusCode);
        Assert.Equal(["ci"], _file.Read("SELECT key_name FROM requests"));
    }

    [Fact]
    public async Task A_key_that_is_wrong_in_one_letter_is_refused_without_saying_where()
    {
        string secret = await Keyed.Add(_file, "ci");
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        foreach (int place in (int[])[4, 12, 13, secret.Length - 1])
        {
            char[] wrong = secret.ToCharArray();
            wrong[place] = wrong[place] == 'a' ? 'b' : 'a';
            HttpResponseMessage response = await gateway.Ask(new(wrong));
            Assert.Equal("The key is none of this gateway's.", await BadInputTests.AssertError(response, Keyed.Messages, "authentication_error"));
            Assert.Equal("false", response.Headers.GetValues("x-should-retry").Single());
        }
    }

    [Fact]
    public async Task A_key_that_is_made_or_revoked_while_the_gateway_runs_counts_within_a_second()
    {
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        string secret = await Keyed.Add(_file, "ci");
        await Until(gateway, null, HttpStatusCode.Unauthorized);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
        await using (ILedgerStore ledger = _file.Store()) Assert.True(await ledger.RevokeKey("ci", Keyed.Start, default));
        await Until(gateway, secret, HttpStatusCode.Unauthorized);
        Assert.Contains("was revoked on 2026-01-01", await (await gateway.Ask(secret)).Content.ReadAsStringAsync());
        // The last one is gone, and the gateway has not become everyone's.
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.Ask(null)).StatusCode);
    }

    static async Task Until(RunningGateway gateway, string? secret, HttpStatusCode status)
    {
        using CancellationTokenSource time = new(TimeSpan.FromSeconds(20));
        do
        {
            time.Token.ThrowIfCancellationRequested();
            gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        while ((await gateway.Ask(secret)).StatusCode != status);
    }

    [Fact]
    public async Task A_key_is_refused_from_the_moment_on_which_it_expires()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { Expires = Keyed.Start.AddHours(1) });
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        gateway.Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
        gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("The key \"ci\" expired on 2026-01-01 01:00 UTC.", await BadInputTests.AssertError(await gateway.Ask(secret), Keyed.Messages, "authentication_error"));
    }

    [Theory, InlineData(Keyed.Messages), InlineData(Keyed.Chat)]
    public async Task A_model_that_is_not_among_a_keys_is_refused_and_not_listed(string path)
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { Models = ["other"] });
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        HttpResponseMessage response = await gateway.Ask(secret, path);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("model: the key \"ci\" may ask other; m is not among them", await BadInputTests.AssertError(response, path, "permission_error"));
        using HttpRequestMessage list = new(HttpMethod.Get, "/v1/models") { Headers = { { "x-api-key", secret } } };
        using JsonDocument models = JsonDocument.Parse(await (await gateway.Client.SendAsync(list)).Content.ReadAsStringAsync());
        Assert.Equal(0, models.RootElement.GetProperty("data").GetArrayLength());
        Assert.Empty(gateway.Upstream.Requests);
    }

    [Fact]
    public async Task A_model_among_a_keys_is_asked()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { Models = ["nope", "m"] });
        await using RunningGateway gateway = await Keyed.Gateway(_file);
        Assert.Equal(HttpStatusCode.OK, (await gateway.Ask(secret)).StatusCode);
    }

    [Fact]
    public async Task No_secret_is_in_any_log_line_error_header_or_byte_of_the_ledger()
    {
        string secret = await Keyed.Add(_file, "ci", key => key with { RequestsPerMinute = 3, Caps = [new(1_000_000_000, CapPeriod.Day)] }), stranger = Secret.New();
        List<string> said = [];
        RunningGateway gateway = await Keyed.Gateway(_file);
        foreach (string path in (string[])[Keyed.Messages, Keyed.Chat])
        {
            foreach (string shown in (string[])[secret, stranger])
            {
                foreach (string body in (string[])[Keyed.Body(), Keyed.Body("nope"), "{", Keyed.Body(stream: true)])
                {
                    HttpResponseMessage response = await gateway.Ask(shown, path, body);
                    said.Add($"{response.Headers}{await response.Content.ReadAsStringAsync()}");
                }
            }
        }
        using HttpRequestMessage metrics = new(HttpMethod.Get, "/metrics") { Headers = { { "x-api-key", secret } } };
        said.Add(await (await gateway.Client.SendAsync(metrics)).Content.ReadAsStringAsync());
        said.AddRange(gateway.Upstream.Requests.SelectMany(request => request.Headers.Values));
        await gateway.DisposeAsync();
        said.AddRange(gateway.Log.All);
        said.AddRange(Directory.GetFiles(Path.GetDirectoryName(_file.Path)!).Select(file => System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        string[] proofs = [.. ((string[])[secret, stranger]).Select(shown => shown[^32..])];
        Assert.DoesNotContain(said, text => proofs.Any(proof => text.Contains(proof, StringComparison.Ordinal)));
        Assert.Contains(said, text => text.Contains("429", StringComparison.Ordinal) || text.Contains("3 requests a minute", StringComparison.Ordinal));
    }
}
