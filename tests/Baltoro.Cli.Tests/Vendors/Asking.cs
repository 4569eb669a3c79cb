// Asks a scripted vendor with a body written by hand, as a client without any library would.

using System.Net.Http.Headers;
using System.Text;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;

namespace Baltoro.Cli.Tests.Vendors;

static class Asking
{
    static readonly HttpClient Http = new();

    public static Task<HttpResponseMessage> Ask(this Upstream upstream, string body, string? betas = null) =>
        upstream.Ask(body, TestContext.Current.CancellationToken, betas);

    public static async Task<HttpResponseMessage> Ask(this Upstream upstream, string body, CancellationToken stop, string? betas = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, upstream.Url + upstream.Vendor.ModelPath)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "a-key");
        request.Headers.Add("anthropic-version", "2023-06-01");
        if (betas is not null) request.Headers.Add("anthropic-beta", betas);
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    /// <summary>The body is answered with status 400 and words that contain these, and the violation is noted.</summary>
    public static async Task Refuses(Vendor vendor, string words, string body, string? betas = null)
    {
        await using var upstream = await Upstream.Start(vendor, Says("Hello."));
        using var answer = await upstream.Ask(body, betas);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.Contains(words, System.Text.Json.JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("message").GetString());
        Assert.Contains(upstream.Violations, v => v.Contains(words, StringComparison.Ordinal));
    }

    /// <summary>The body is answered as if nothing were wrong, and nothing is noted but what contains these words.</summary>
    public static async Task Accepts(Vendor vendor, string body, string? suffering = null, string? betas = null)
    {
        await using var upstream = await Upstream.Start(vendor, Says("Hello."));
        using var answer = await upstream.Ask(body, betas);
        Assert.True(answer.IsSuccessStatusCode, string.Join('\n', upstream.Violations));
        if (suffering is null) Assert.Empty(upstream.Violations);
        else Assert.Contains(suffering, Assert.Single(upstream.Violations));
    }

    public static Script Says(string text) => (_, _) => Reply.Of(new Part.Say(text));
}
