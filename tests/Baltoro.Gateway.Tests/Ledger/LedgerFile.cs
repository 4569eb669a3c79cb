// A ledger's file in a folder of one test's own, read back as lines.

using Baltoro.Gateway.Ledger;
using Microsoft.Data.Sqlite;

namespace Baltoro.Gateway.Tests.Ledger;

sealed class LedgerFile : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("baltoro-ledger-").FullName;

    public string Path => System.IO.Path.Combine(_folder, "state", "ledger.db");

    public string Folder => _folder;

    public ILedgerStore Store() => Ledgers.At(Path);

    /// <summary>What a query gives, each row's values with bars between them.</summary>
    public IReadOnlyList<string> Read(string query)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Words of the tests.
        command.CommandText = query;
#pragma warning restore CA2100
        using SqliteDataReader reader = command.ExecuteReader();
        List<string> rows = [];
        while (reader.Read()) rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "-" : $"{reader.GetValue(i)}")));
        return rows;
    }

    public SqliteConnection Open()
    {
        SqliteConnection connection = new($"Data Source={Path};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
