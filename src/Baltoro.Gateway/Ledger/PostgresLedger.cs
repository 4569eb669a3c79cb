// The ledger on a server, for several gateways together.

using System.Data.Common;
using System.Net.Sockets;
using Baltoro.Gateway.Keys;
using Npgsql;

namespace Baltoro.Gateway.Ledger;

/// <summary>PostgreSQL 12 or later; the tables lie in a schema of their own, <c>baltoro</c>. Writes on one connection, counts on others.</summary>
sealed class PostgresLedger : SqlLedger
{
    /// <summary>Of PostgreSQL's advisory locks, the one under which tables are made. The height of K2.</summary>
    const long UpgradeLock = 8611;

    readonly NpgsqlDataSource _source;
    readonly string _place;
    volatile bool _hasTables;

    /// <param name="url">Of the form <c>postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=require</c>.</param>
    /// <exception cref="FormatException">It is not of that form; the message does not show it.</exception>
    public PostgresLedger(string url)
    {
        NpgsqlConnectionStringBuilder parts = Parts(url);
        _place = $"postgres at {parts.Host}, database {parts.Database}";
        NpgsqlSlimDataSourceBuilder builder = new(parts.ToString());
        builder.EnableTransportSecurity();
        _source = builder.Build();
    }

    /// <summary>Counters that all gateways of this ledger share.</summary>
    public ICounters Counters(TimeProvider clock) => new PostgresCounters(async cancellation =>
    {
        // A count must not wait for rows that are being written.
        if (!_hasTables) await Use(_ => Task.FromResult(true), cancellation);
        return await _source.OpenConnectionAsync(cancellation);
    }, clock);

    protected override async Task<DbConnection> Open(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            await Upgrade(connection, cancellationToken);
            _hasTables = true;
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    async Task Upgrade(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await Run($"SELECT pg_advisory_xact_lock({UpgradeLock})");
        await Run("CREATE SCHEMA IF NOT EXISTS baltoro");
        await Run("CREATE TABLE IF NOT EXISTS version (number BIGINT NOT NULL)");
        long version;
        await using (Statement read = new(connection, transaction, "SELECT number FROM version")) version = await read.Number([], cancellationToken) ?? 0;
        if (version > Schema.Steps.Length)
            throw new LedgerUnavailableException("newer", $"{_place}: the ledger was written by a newer baltoro (version {version}, this one knows {Schema.Steps.Length})");
        if (version == Schema.Steps.Length) return;
        foreach (string step in Schema.Steps.Skip((int)version))
            await Run(step.Replace(Schema.Numbered, "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", StringComparison.Ordinal));
        await Run("CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, value BIGINT NOT NULL, ends BIGINT NOT NULL)");
        await Run("DELETE FROM version");
        await Run($"INSERT INTO version VALUES ({Schema.Steps.Length})");
        await transaction.CommitAsync(cancellationToken);

        async Task Run(string text)
        {
            await using Statement statement = new(connection, transaction, text);
            await statement.Run([], cancellationToken);
        }
    }

    protected override ValueTask Closed() => _source.DisposeAsync();

    protected override LedgerUnavailableException? Explain(Exception failure) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new("full", $"{_place}: no room for the ledger, the disk is full", failure),
        PostgresException { SqlState: ['2', '8', ..] or PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidCatalogName } refused =>
            new("refused", $"{_place}: {refused.MessageText}", failure),
        PostgresException other => new("failed", $"{_place}: {other.MessageText}", failure),
        NpgsqlException or SocketException or TimeoutException or IOException => new("unreachable", $"{_place}: no connection", failure),
        LedgerUnavailableException known => known,
        _ => null,
    };

    /// <summary>libpq's URLs (postgresql.org/docs/current/libpq-connect.html, 34.1.1.2), with their most used parameters.</summary>
    static NpgsqlConnectionStringBuilder Parts(string url)
    {
        const string Expected = "expected postgres://USER:PASSWORD@HOST:PORT/DATABASE";
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.AbsolutePath.Trim('/').Length == 0) throw new FormatException($"ledger: {Expected}");
        string[] user = uri.UserInfo.Split(':', 2);
        NpgsqlConnectionStringBuilder parts = new()
        {
            Host = uri.Host,
            Port = uri.Port > 0 ? uri.Port : NpgsqlConnection.DefaultPort,
            Database = Uri.UnescapeDataString(uri.AbsolutePath.Trim('/')),
            SearchPath = "baltoro",
            ApplicationName = "baltoro",
            MaxAutoPrepare = 20,
            // A server takes a hundred connections unless told otherwise, and several gateways share it.
            MaxPoolSize = 12,
            Timeout = 5,
            CommandTimeout = 10,
        };
        if (user[0].Length > 0) parts.Username = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) parts.Password = Uri.UnescapeDataString(user[1]);
        foreach (string parameter in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] pair = parameter.Split('=', 2);
            string value = Uri.UnescapeDataString(pair[^1]);
            switch (pair[0])
            {
                case "sslmode" when Enum.TryParse(value.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out SslMode mode): parts.SslMode = mode; break;
                case "host": parts.Host = value; break;
                case "application_name": parts.ApplicationName = value; break;
                default: throw new FormatException($"ledger: {Expected}?sslmode=…; \"{pair[0]}\" is not known here");
            }
        }
        return parts;
    }
}
