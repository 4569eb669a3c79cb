// What the executable leaves behind of its keys, its own and the vendors', when it is killed at work: nothing.

using System.Net;
using System.Text;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.ScriptedUpstream;
using Reply = Baltoro.ScriptedUpstream.Reply;

namespace Baltoro.Cli.Tests.Ledger;

public class SecrecyTests
{
    [Fact]
    public async Task No_key_is_in_anything_that_a_killed_gateway_wrote()
    {
        using var scratch = new Scratch();
        await using var cast = await Cast.Of((_, _) => Reply.Of(new Part.Say("hello")), (number, _) => number % 3 == 2 ? new Fault.Status(401, """{"error":{"message":"Invalid key: upstream-key"}}""") : new Fault.None(), "kimi");
        var (secret, stranger) = (Secret.New(), Secret.New());
        Assert.True(Secret.TryPrefix(secret, out var prefix));
        var state = Path.Combine(GatewayProcess.Home(scratch), ".local", "state", "baltoro");
        await using (var ledger = Ledgers.At(Path.Combine(state, "ledger.db")))
            Assert.True(await ledger.AddKey(new() { Name = "ci", Prefix = prefix, Hash = Secret.Hash(secret), Caps = [new(1_000_000_000, CapPeriod.Day)], Created = DateTimeOffset.UnixEpoch }, default));

        var said = new List<string>();
        await using (var gateway = await GatewayProcess.Before(scratch, cast))
        {
            using var http = new HttpClient { BaseAddress = new Uri(gateway.Url) };
            foreach (var shown in (string[])[secret, stranger, "upstream-key"])
                foreach (var path in (string[])["/v1/messages", "/v1/chat/completions", "/v1/messages/count_tokens", "/nowhere"])
                    foreach (var body in (string[])["""{"model":"kimi","max_tokens":100,"messages":[{"role":"user","content":"x"}]}""", "{", """{"model":"nope","max_tokens":1,"messages":[]}"""])
                    {
                        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
                        request.Headers.Add("x-api-key", shown);
                        using var answer = await http.SendAsync(request);
                        if (shown != secret) Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
                        said.Add($"{answer.Headers}{await answer.Content.ReadAsStringAsync()}");
                    }
            said.Add(gateway.Errors);
        }
        said.AddRange(Directory.GetFiles(GatewayProcess.Home(scratch), "*", SearchOption.AllDirectories).Select(file => Encoding.Latin1.GetString(File.ReadAllBytes(file))));
        string[] secrets = [secret[^32..], stranger[^32..], "upstream-key"];
        Assert.DoesNotContain(said, text => secrets.Any(key => text.Contains(key, StringComparison.Ordinal)));
        // What is looked for would be found: the names are there.
        Assert.Contains(said, text => text.Contains("ci", StringComparison.Ordinal) && text.Contains("SQLite format 3", StringComparison.Ordinal));
    }
}
