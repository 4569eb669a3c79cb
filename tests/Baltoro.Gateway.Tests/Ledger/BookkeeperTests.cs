// A model that is asked inside this process, without the gateway's doors, is paid for in the same rows.

using Baltoro.Chat;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;
using Baltoro.Models.Remote;
using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Microsoft.Extensions.Time.Testing;

namespace Baltoro.Gateway.Tests.Ledger;

public sealed class BookkeeperTests : IDisposable
{
    readonly LedgerFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public async Task Requests_are_written_down_whether_they_were_answered_failed_or_left()
    {
        FakeTimeProvider clock = new(DateTimeOffset.UnixEpoch.AddYears(56));
        await using ScriptedUpstream.Upstream scripted = await ScriptedUpstream.Upstream.Start(new Kimi(), (_, _) => ScriptedUpstream.Reply.Of(new Part.Think("hm"), new Part.Say("hello")),
            (number, _) => number == 1 ? new Fault.Status(401) : new Fault.None());
        Models.Upstream upstream = new()
        {
            Name = "up", Url = new(scripted.Url), Format = WireFormat.OpenAI, Key = new Key.Set("k"),
            Limits = new() { Connect = TimeSpan.FromSeconds(10), FirstByte = TimeSpan.FromSeconds(300), Idle = TimeSpan.FromSeconds(120) },
        };
        ModelCard card = new() { Id = "lab/m", Origin = new("up", upstream.Endpoint, "moonshotai/kimi-k2-thinking"), Dialect = Dialect.Kimi, Ids = IdDialect.Kimi, Prices = new(0.6m, 2.5m, 0.15m) };
        using HttpClient http = RemoteModel.CreateHttpClient(upstream.Limits);
        ChatRequest request = new() { Model = "?", SessionKey = "20261128-1", Turns = [new Chat.Turn.User([new Block.Text("x")])] };
        await using ILedgerStore store = _file.Store();
        await using (Bookkeeper books = new(store, clock, new Lines()))
        {
            IChatModel model = books.Booked(new RemoteModel(card, upstream, http, clock), "baltoro");
            Assert.Same(card, model.Card);
            await foreach (ReplyEvent _ in model.Reply(request, TestContext.Current.CancellationToken)) { }
            await foreach (ReplyEvent _ in model.Reply(request with { SessionKey = "20261128-1/task-2" }, TestContext.Current.CancellationToken)) { }
            Account account = new();
            await foreach (ReplyEvent _ in model.Reply(request with { Account = account }, TestContext.Current.CancellationToken)) break;
            // Whoever keeps an account of his own still has it.
            Assert.Single(account.Attempts);
        }
        ScriptedUpstream.Usage billed = scripted.Asked[0].Billed!;
        Assert.Equal(
            [
                $"agent|baltoro||20261128-1||baltoro|lab/m|up|{billed.Prompt}|{billed.Output}|{billed.Prompt * 600 + billed.Output * 2500}|1|end_turn|0",
                "agent|baltoro||20261128-1|task-2|baltoro|lab/m|up|0|0|0|1|unauthenticated|0",
            ],
            _file.Read("SELECT format, client, key_name, session, agent, asked, model, upstream, input, output, cost, tries, outcome, estimated FROM requests ORDER BY number LIMIT 2"));
        Assert.Equal(["aborted|1|1"], _file.Read("SELECT outcome, tries, estimated FROM requests ORDER BY number DESC LIMIT 1"));
    }
}
