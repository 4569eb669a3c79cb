// What the ledgers on SQLite and PostgreSQL share: the statements, and one connection that is opened when it is needed. It refuses to know
// which of the two it speaks to.

using System.Data.Common;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;

namespace Baltoro.Gateway.Ledger;

/// <summary>Uses its connection for one thing at a time, and a fresh one after a failure.</summary>
abstract class SqlLedger : ILedgerStore
{
    readonly SemaphoreSlim _turn = new(1, 1);
    DbConnection? _connection;

    /// <summary>A connection to tables of this program's version.</summary>
    protected abstract Task<DbConnection> Open(CancellationToken cancellationToken);

    /// <summary>What a failure means; null when it is none of the database's.</summary>
    protected abstract LedgerUnavailableException? Explain(Exception failure);

    /// <summary>False when what the connection leads to is not what a new one would lead to.</summary>
    protected virtual bool IsStillThere => true;

    public Task Append(IReadOnlyList<LedgerRow> rows, CancellationToken cancellationToken) => Use(async connection =>
    {
        await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        List<LedgerRow> added = new(rows.Count);
        await using (Statement insert = new(connection, transaction, RowStatements.Insert))
        {
            foreach (LedgerRow row in rows)
                if (await insert.Run(RowStatements.ValuesOf(row), cancellationToken) == 1) added.Add(row);
        }
        await using (Statement add = new(connection, transaction, RowStatements.AddToTotals))
        {
            foreach (RowStatements.Total total in RowStatements.Total.Of(added)) await add.Run(total.Values, cancellationToken);
        }
        await transaction.CommitAsync(cancellationToken);
        return true;
    }, cancellationToken);

    public Task<IReadOnlyList<CostLine>> Costs(CostQuestion question, CancellationToken cancellationToken) => Use(async connection =>
    {
        object since = question.Since is { } day ? (long)Days.Number(day) : long.MinValue;
        Dictionary<string, long> compared = [];
        if (question.Compare is { } prices)
        {
            await using Statement reckon = new(connection, null, CostStatements.Compared(question.By, prices.Long is not null));
            await using DbDataReader sums = await reckon.Read([since, .. CostStatements.PicosOf(prices)], cancellationToken);
            while (await sums.ReadAsync(cancellationToken)) compared[NameIn(sums, question.By)] = sums.GetInt64(1) / CostStatements.PicosPerNano;
        }
        List<CostLine> lines = [];
        await using Statement sum = new(connection, null, CostStatements.Sums(question.By));
        await using DbDataReader read = await sum.Read([since], cancellationToken);
        while (await read.ReadAsync(cancellationToken))
        {
            string name = NameIn(read, question.By);
            lines.Add(new(name, read.GetInt64(1), read.GetInt64(2), new()
            {
                Input = read.GetInt64(3),
                CacheRead = read.GetInt64(4),
                CacheWrite = read.GetInt64(5),
                CacheWriteHour = read.GetInt64(6),
                Output = read.GetInt64(7),
                Reasoning = read.GetInt64(8),
            }, read.GetInt64(9), read.GetInt64(10), read.GetInt64(11), question.Compare is null ? null : compared.GetValueOrDefault(name)));
        }
        return (IReadOnlyList<CostLine>)lines;
    }, cancellationToken);

    public Task<long> Spent(string key, DateOnly from, DateOnly to, CancellationToken cancellationToken) => Use(async connection =>
    {
        await using Statement sum = new(connection, null, "SELECT CAST(COALESCE(SUM(cost), 0) AS BIGINT) FROM totals WHERE key_name = @p1 AND day >= @p2 AND day < @p3");
        return await sum.Number([key, (long)Days.Number(from), (long)Days.Number(to)], cancellationToken) ?? 0;
    }, cancellationToken);

    public Task<IReadOnlyList<VirtualKey>> Keys(CancellationToken cancellationToken) => Use(async connection =>
    {
        List<VirtualKey> keys = [];
        await using Statement all = new(connection, null, KeyStatements.All);
        await using DbDataReader read = await all.Read([], cancellationToken);
        while (await read.ReadAsync(cancellationToken)) keys.Add(KeyStatements.KeyIn(read));
        return (IReadOnlyList<VirtualKey>)keys;
    }, cancellationToken);

    public Task<bool> AddKey(VirtualKey key, CancellationToken cancellationToken) => Change(KeyStatements.Insert, KeyStatements.ValuesOf(key), cancellationToken);

    public Task<bool> RevokeKey(string name, DateTimeOffset at, CancellationToken cancellationToken) =>
        Change("UPDATE keys SET revoked = @p2 WHERE name = @p1 AND revoked IS NULL", [name, at.ToUnixTimeMilliseconds()], cancellationToken);

    Task<bool> Change(string statement, object?[] values, CancellationToken cancellationToken) => Use(async connection =>
    {
        await using Statement change = new(connection, null, statement);
        return await change.Run(values, cancellationToken) == 1;
    }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        await Drop();
        await Closed();
        _turn.Dispose();
    }

    /// <summary>Called once, when no connection is open any more.</summary>
    protected virtual ValueTask Closed() => ValueTask.CompletedTask;

    protected async Task<T> Use<T>(Func<DbConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (!IsStillThere) await Drop();
            _connection ??= await Open(cancellationToken);
            return await work(_connection);
        }
        catch (Exception e)
        {
            // Whatever state a failure left it in is gone with it.
            await Drop();
            if (e is InvalidDataException) throw new LedgerUnavailableException("damaged", e.Message, e);
            if (Explain(e) is { } unavailable) throw unavailable;
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    async ValueTask Drop()
    {
        if (_connection is null) return;
        await _connection.DisposeAsync();
        _connection = null;
    }

    static string NameIn(DbDataReader read, CostBy by) => by == CostBy.Day ? Days.Name(read.GetInt64(0)) : read.GetString(0);
}
