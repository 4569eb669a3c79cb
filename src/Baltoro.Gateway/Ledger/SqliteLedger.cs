// The ledger in a file of this machine, for one gateway or several processes on it.

using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace Baltoro.Gateway.Ledger;

/// <summary>
/// SQLite in WAL mode: readers never wait for the writer. Commits are not forced to the disk one by one, so a dying process loses nothing that was
/// committed, and a machine that loses power the last moments.
/// </summary>
/// <param name="file">The absolute path; folders are made.</param>
sealed class SqliteLedger(string file) : SqlLedger
{
    /// <summary>How long another process's write is waited for, in seconds. Nobody's request waits with it.</summary>
    const int Patience = 2;

    // SQLite would go on writing to a file that somebody deleted.
    protected override bool IsStillThere => File.Exists(file);

    protected override async Task<DbConnection> Open(CancellationToken cancellationToken)
    {
        if (Path.GetDirectoryName(file) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        Create();
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = file, DefaultTimeout = Patience, Pooling = false }.ToString());
        try
        {
            await connection.OpenAsync(cancellationToken);
            Run(connection, null, "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
            Upgrade(connection);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Who asked what is nobody's business but the user's. SQLite makes its other files like this one.</summary>
    void Create()
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (!File.Exists(file)) new FileStream(file, options).Dispose();
    }

    void Upgrade(SqliteConnection connection)
    {
        if (Version(connection, null) == Schema.Steps.Length) return;
        // Another process may be at it, too: what is to be done is known only inside of the transaction.
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        long version = Version(connection, transaction);
        if (version > Schema.Steps.Length)
            throw new LedgerUnavailableException("newer", $"{file}: the ledger was written by a newer baltoro (version {version}, this one knows {Schema.Steps.Length})");
        foreach (string step in Schema.Steps.Skip((int)version))
            Run(connection, transaction, step.Replace(Schema.Numbered, "INTEGER PRIMARY KEY", StringComparison.Ordinal));
        Run(connection, transaction, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Schema.Steps.Length}"));
        transaction.Commit();
    }

    static long Version(SqliteConnection connection, SqliteTransaction? transaction)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    static void Run(SqliteConnection connection, SqliteTransaction? transaction, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    // Primary result codes: sqlite.org/rescode.html
    protected override LedgerUnavailableException? Explain(Exception failure) => failure switch
    {
        SqliteException { SqliteErrorCode: 5 or 6 } => new("locked", $"{file}: the ledger is locked by another process", failure),
        SqliteException { SqliteErrorCode: 13 } => new("full", $"{file}: no room for the ledger, the disk is full", failure),
        SqliteException { SqliteErrorCode: 11 or 26 } => new("damaged", $"{file}: the ledger is damaged or no ledger: {failure.Message}", failure),
        SqliteException { SqliteErrorCode: 3 or 8 or 14 or 23 } => new("refused", $"{file}: the ledger may not be opened or written", failure),
        DllNotFoundException or TypeInitializationException { InnerException: DllNotFoundException } => new("failed", $"{file}: the ledger cannot be used: libe_sqlite3 must stay beside the executable", failure),
        SqliteException or IOException or UnauthorizedAccessException => new("failed", $"{file}: the ledger cannot be used: {failure.Message}", failure),
        LedgerUnavailableException known => known,
        _ => null,
    };
}
