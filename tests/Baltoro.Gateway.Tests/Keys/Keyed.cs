// A gateway with a key, and requests that show one.

using System.Text;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.Gateway.Tests.Ledger;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Gateway.Tests.Keys;

static class Keyed
{
    public const string Messages = "/v1/messages", Chat = "/v1/chat/completions";

    /// <summary>When the gateways of these tests start.</summary>
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(56);

    /// <summary>Adds a key to a ledger.</summary>
    /// <returns>Its secret.</returns>
    public static async Task<string> Add(LedgerFile file, string name, Func<VirtualKey, VirtualKey>? with = null)
    {
        string secret = Secret.New();
        Assert.True(Secret.TryPrefix(secret, out string? prefix));
        VirtualKey key = new() { Name = name, Prefix = prefix, Hash = Secret.Hash(secret), Created = Start };
        await using ILedgerStore ledger = file.Store();
        Assert.True(await ledger.AddKey(with is null ? key : with(key), default));
        return secret;
    }

    public static Task<RunningGateway> Gateway(LedgerFile file, Script? script = null, FaultPlan? faults = null) =>
        RunningGateway.Start(new Kimi(), Dialect.Kimi, script, faults, ledger: file.Store());

    public static string Body(string model = "m", bool stream = false, string words = "x", int limit = 1000) =>
        $$"""{"model":"{{model}}","max_tokens":{{limit}},"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{words}}"}]}""";

    public static Task<HttpResponseMessage> Ask(this RunningGateway gateway, string? secret, string path = Messages, string? body = null, string header = "authorization")
    {
        HttpRequestMessage request = new(HttpMethod.Post, path) { Content = new StringContent(body ?? Body(), Encoding.UTF8, "application/json") };
        if (secret is not null) request.Headers.TryAddWithoutValidation(header, header == "authorization" ? $"Bearer {secret}" : secret);
        return gateway.Client.SendAsync(request);
    }

    /// <summary>Waits until so many requests have ended on the gateway's side too: what was reserved is put right when the client has its reply, before the log line.</summary>
    public static Task Settled(this RunningGateway gateway, int requests) => StreamTests.Until(() => gateway.Ended >= requests);

    /// <summary>The limits that a reply tells of, a line each.</summary>
    public static string Limits(this HttpResponseMessage response) => string.Join('\n', response.Headers
        .Where(header => header.Key.Contains("ratelimit", StringComparison.OrdinalIgnoreCase) || header.Key is "Retry-After" or "x-should-retry")
        .Select(header => $"{header.Key.ToLowerInvariant()}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal));
}
