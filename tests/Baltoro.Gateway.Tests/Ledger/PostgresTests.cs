// The ledger on PostgreSQL: what every ledger does, and what only a server can go wrong with.

using Baltoro.Gateway.Ledger;
using Baltoro.Gateway.Tests.Servers;
using Npgsql;

namespace Baltoro.Gateway.Tests.Ledger;

public sealed class PostgresStoreTests(Servers.Servers servers) : StoreTests, IAsyncLifetime
{
    string _url = "";

    public async ValueTask InitializeAsync() => _url = await servers.Database();

    public override ILedgerStore Store() => Ledgers.At(_url);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_server_that_is_not_there_is_named_without_the_password()
    {
        await using ILedgerStore store = Ledgers.At("postgres://me:very-secret@127.0.0.1:1/db");
        LedgerUnavailableException e = await Assert.ThrowsAsync<LedgerUnavailableException>(() => store.Costs(new(CostBy.Day), default));
        Assert.Equal(("unreachable", "postgres at 127.0.0.1, database db: no connection"), (e.Condition, e.Message));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named()
    {
        await using ILedgerStore store = Ledgers.At(_url[..(_url.LastIndexOf('/') + 1)] + "nowhere");
        LedgerUnavailableException e = await Assert.ThrowsAsync<LedgerUnavailableException>(() => store.Costs(new(CostBy.Day), default));
        Assert.Equal(("refused", "postgres at 127.0.0.1, database nowhere: database \"nowhere\" does not exist"), (e.Condition, e.Message));
    }

    [Theory, InlineData("postgres://host"), InlineData("postgres://me:very-secret@host/db?color=red")]
    public void An_address_that_cannot_be_understood_is_not_shown(string url) =>
        Assert.DoesNotContain("very-secret", Assert.Throws<FormatException>(() => Ledgers.At(url)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_ledger_goes_on_after_its_connection_broke()
    {
        await using ILedgerStore store = Store();
        Assert.Empty(await store.Costs(new(CostBy.Day), default));
        await using (NpgsqlConnection other = new(new NpgsqlConnectionStringBuilder { Host = "127.0.0.1", Port = new Uri(_url).Port, Username = "baltoro", Database = "postgres", Pooling = false }.ToString()))
        {
            await other.OpenAsync();
            await using NpgsqlCommand kill = new($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{_url[(_url.LastIndexOf('/') + 1)..]}'", other);
            await kill.ExecuteNonQueryAsync();
        }
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => store.Costs(new(CostBy.Day), default));
        Assert.Empty(await store.Costs(new(CostBy.Day), default));
    }
}
