// Several gateways as one: what they spend together never exceeds a cap by more than what was under way.

using System.Net;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;
using Baltoro.Gateway.Ledger;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;

namespace Baltoro.Gateway.Tests.Keys;

public sealed class TogetherTests(Servers.Servers servers)
{
    const long Cap = 40_000_000;

    [Theory, InlineData(false), InlineData(true)]
    public async Task Two_gateways_on_one_database_keep_one_cap(bool redis)
    {
        string url = await servers.Database();
        string? shared = redis ? await servers.Redis() : null;
        string secret = Secret.New();
        Secret.TryPrefix(secret, out string? prefix);
        await using (ILedgerStore ledger = Ledgers.At(url))
            await ledger.AddKey(new() { Name = "ci", Prefix = prefix!, Hash = Secret.Hash(secret), Caps = [new(Cap, CapPeriod.Day)], Created = Keyed.Start }, default);

        TaskCompletionSource all = new();
        RunningGateway[] gateways = await Task.WhenAll(Start(), Start());
        long estimate;
        HttpResponseMessage[] later = [];
        try
        {
            // All at once, and none is over before all have asked; then one after another, until nothing is left.
            Task<HttpResponseMessage>[] asked = [.. Enumerable.Range(0, 60).Select(i => gateways[i % 2].Ask(secret))];
            await StreamTests.Until(() => asked.Count(request => request.IsCompleted) + gateways.Sum(gateway => gateway.Upstream.Asked.Count) == asked.Length);
            // One of the two may have been the quicker one each time.
            RecordedRequest first = gateways.SelectMany(gateway => gateway.Upstream.Asked).First();
            estimate = 2_500_000 + 600 * TokenEstimate.Of(((Chat.Wire.Reading.Read)Chat.OpenAI.RequestReader.Read(first.Body)).Request.Request);
            Assert.Equal(Cap / estimate, gateways.Sum(gateway => gateway.Upstream.Asked.Count));
            all.SetResult();
            await Task.WhenAll(asked);
            foreach (RunningGateway gateway in gateways) await gateway.Settled(asked.Length / 2);
            for (int i = 0; i < 500 && later.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests) < 4; i++) later = [.. later, await gateways[i % 2].Ask(secret, body: Keyed.Body(words: string.Concat(Enumerable.Repeat("word ", 4000))))];
        }
        finally
        {
            // What hangs on would be seen by other tests' counters.
            all.TrySetResult();
            foreach (RunningGateway gateway in gateways) await gateway.DisposeAsync();
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, later[^1].StatusCode);
        await using ILedgerStore read = Ledgers.At(url);
        CostLine spent = Assert.Single(await read.Costs(new(CostBy.Key), default));
        Assert.Equal((Cap / estimate) + later.Count(response => response.StatusCode == HttpStatusCode.OK), spent.Requests - spent.Failed);
        Assert.InRange(spent.Cost, Cap / 2, Cap);

        Task<RunningGateway> Start() => RunningGateway.Start(new Kimi(), Dialect.Kimi, faults: (_, _) => new Fault.StallAfter(2, all.Task), ledger: Ledgers.At(url), shared: shared);
    }

    [Fact]
    public async Task Without_its_counters_a_gateway_lets_nobody_spend()
    {
        string url = await servers.Database(), secret = Secret.New();
        Secret.TryPrefix(secret, out string? prefix);
        await using (ILedgerStore ledger = Ledgers.At(url))
            await ledger.AddKey(new() { Name = "ci", Prefix = prefix!, Hash = Secret.Hash(secret), RequestsPerMinute = 5, Created = Keyed.Start }, default);
        await using RunningGateway gateway = await RunningGateway.Start(new Kimi(), Dialect.Kimi, ledger: Ledgers.At(url), shared: "redis://me:very-secret@127.0.0.1:1");
        HttpResponseMessage response = await gateway.Ask(secret);
        Assert.Equal("The limits of the key \"ci\" cannot be checked: redis at 127.0.0.1:1 does not answer as it should", await BadInputTests.AssertError(response, Keyed.Messages, "overloaded_error"));
        Assert.Empty(gateway.Upstream.Requests);
    }
}
