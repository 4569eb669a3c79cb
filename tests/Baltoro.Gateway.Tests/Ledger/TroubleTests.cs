// A ledger that cannot be written: no request suffers, it is said once, and what waited is written when it can be.

using System.Net;
using Baltoro.Chat;
using Baltoro.Gateway.Ledger;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Microsoft.Data.Sqlite;

namespace Baltoro.Gateway.Tests.Ledger;

/// <summary>Alone, because it reads the process's meter.</summary>
[Collection("measures")]
public sealed class TroubleTests : IDisposable
{
    const string Body = """{"model":"m","max_tokens":1000,"messages":[{"role":"user","content":"x"}]}""";

    readonly LedgerFile _file = new();

    public void Dispose() => _file.Dispose();

    Task<RunningGateway> Start() => RunningGateway.Start(new Kimi(), Dialect.Kimi, ledger: _file.Store());

    static async Task Ask(RunningGateway gateway) => Assert.Equal(HttpStatusCode.OK, (await gateway.Post("/v1/messages", Body)).StatusCode);

    static string[] Said(RunningGateway gateway) => [.. gateway.Log.All.Where(line => line.Contains(": ledger: "))];

    /// <summary>Lets the writer's time pass until something is so.</summary>
    static Task After(RunningGateway gateway, Func<bool> isSo) => StreamTests.Until(() =>
    {
        gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        return isSo();
    });

    [Fact]
    public async Task A_locked_file_is_said_once_fails_no_request_and_is_caught_up_with()
    {
        await using (ILedgerStore store = _file.Store()) await store.Costs(new(CostBy.Day), default);
        RunningGateway gateway = await Start();
        using (SqliteConnection other = _file.Open())
        {
            using SqliteTransaction transaction = other.BeginTransaction(deferred: false);
            await Ask(gateway);
            await After(gateway, () => Said(gateway).Length > 0);
            await Ask(gateway);
            Assert.Contains("baltoro_ledger_trouble{otel_scope_name=\"Baltoro.Gateway\",baltoro_condition=\"locked\"} 1", await gateway.Client.GetStringAsync("/metrics"));
        }
        await After(gateway, () => Said(gateway).Length > 1);
        await gateway.DisposeAsync();
        Assert.Equal(
        [
            $"Warning: ledger: {_file.Path}: the ledger is locked by another process. Requests go on; their rows are kept in memory and tried again. ",
            "Information: ledger: written again; 0 rows were lost since the start. ",
        ], Said(gateway));
        Assert.Equal(["2"], _file.Read("SELECT COUNT(*) FROM requests"));
    }

    [Fact]
    public async Task A_full_disk_is_said_once_and_what_waits_is_written_when_there_is_room()
    {
        string disk = Path.Combine(_file.Folder, "disk");
        if (await SmallDisk.Mount(disk) is not { } full)
        {
            Assert.Skip("Only root can mount a file system of a few pages.");
            return;
        }
        await using (full)
        {
            await using RunningGateway gateway = await RunningGateway.Start(new Kimi(), Dialect.Kimi, ledger: Ledgers.At(Path.Combine(disk, "ledger.db")));
            await Ask(gateway);
            await After(gateway, () => Said(gateway).Length > 0);
            Assert.Contains("no room for the ledger, the disk is full", Said(gateway)[0]);
            await Ask(gateway);
            await full.MakeRoom();
            await After(gateway, () => Said(gateway).Length > 1);
            Assert.Equal("Information: ledger: written again; 0 rows were lost since the start. ", Said(gateway)[1]);
        }
    }

    [Fact]
    public async Task A_file_that_is_no_ledger_is_not_touched()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
        string text = string.Concat(Enumerable.Repeat("someone's letter ", 100));
        await File.WriteAllTextAsync(_file.Path, text);
        RunningGateway gateway = await Start();
        await Ask(gateway);
        await gateway.DisposeAsync();
        Assert.Equal(text, await File.ReadAllTextAsync(_file.Path));
        Assert.Contains("is damaged or no ledger", Said(gateway)[0]);
        Assert.Equal("Warning: ledger: 1 row could not be written before the end and is lost. ", Said(gateway)[1]);
    }

    [Fact]
    public async Task A_ledger_of_a_newer_program_is_left_alone()
    {
        await using (ILedgerStore store = _file.Store()) await store.Costs(new(CostBy.Day), default);
        using (SqliteConnection connection = _file.Open())
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 999";
            command.ExecuteNonQuery();
        }
        await using ILedgerStore old = _file.Store();
        LedgerUnavailableException e = await Assert.ThrowsAsync<LedgerUnavailableException>(() => old.Costs(new(CostBy.Day), default));
        Assert.Equal("newer", e.Condition);
    }

    [Fact]
    public async Task A_ledger_of_the_first_version_goes_on_with_what_it_holds()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_file.Path)!);
        using (SqliteConnection connection = _file.Open())
        {
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The product's own words.
            command.CommandText = Schema.Steps[0].Replace(Schema.Numbered, "INTEGER PRIMARY KEY", StringComparison.Ordinal)
                + "; INSERT INTO totals VALUES (20454, 'ci', 's', '', 'up', 'm', 1, 0, 10, 0, 0, 0, 5, 0, 77, 0, 0); PRAGMA user_version = 1";
#pragma warning restore CA2100
            command.ExecuteNonQuery();
        }
        await using ILedgerStore store = _file.Store();
        Assert.Equal([new("m", 1, 0, new() { Input = 10, Output = 5 }, 77, 0, 0)], await store.Costs(new(CostBy.Model), default));
        Assert.Empty(await store.Keys(default));
        Assert.Equal([$"{Schema.Steps.Length}"], _file.Read("PRAGMA user_version"));
    }

    [Fact]
    public async Task The_file_is_its_users_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        await using ILedgerStore store = _file.Store();
        await store.Costs(new(CostBy.Day), default);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(_file.Path)!))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task A_file_that_somebody_deletes_is_made_anew()
    {
        await using ILedgerStore store = _file.Store();
        await store.Costs(new(CostBy.Day), default);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(_file.Path)!)) File.Delete(file);
        await store.Costs(new(CostBy.Day), default);
        Assert.True(File.Exists(_file.Path));
    }
}
