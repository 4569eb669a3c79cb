// Counters on PostgreSQL, shared by all gateways of one ledger: a row each, all rows of a reservation in one transaction.

using System.Data.Common;
using System.Net.Sockets;
using Baltoro.Gateway.Ledger;
using Npgsql;

namespace Baltoro.Gateway.Keys;

/// <param name="open">A connection to tables of this program's version; disposed here.</param>
sealed class PostgresCounters(Func<CancellationToken, Task<NpgsqlConnection>> open, TimeProvider clock) : ICounters
{
    public ValueTask<Reservation> Reserve(IReadOnlyList<Counter> counters, CancellationToken cancellationToken) => Use(async connection =>
    {
        while (true)
        {
            (Reservation? made, Counter? missing) = await Try(connection, counters, cancellationToken);
            if (made is not null) return made;
            await Begin(connection, missing!, cancellationToken);
        }
    }, cancellationToken);

    public async ValueTask Add(IReadOnlyList<Counter> counters, CancellationToken cancellationToken) => await Use(async connection =>
    {
        await using Statement add = new(connection, null, "UPDATE counters SET value = value + @p2 WHERE name = @p1");
        foreach (Counter counter in counters) await add.Run([counter.Name, counter.Amount], cancellationToken);
        return true;
    }, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <returns>What came of it; or a counter that is not there yet.</returns>
    static async Task<(Reservation? Made, Counter? Missing)> Try(NpgsqlConnection connection, IReadOnlyList<Counter> counters, CancellationToken cancellationToken)
    {
        await using DbTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using Statement add = new(connection, transaction, "UPDATE counters SET value = value + @p2 WHERE name = @p1 AND value + @p2 <= @p3 RETURNING value");
        await using Statement look = new(connection, transaction, "SELECT value FROM counters WHERE name = @p1");
        long[] values = new long[counters.Count];
        int? exceeded = null;
        // In one order for all, so that two reservations never wait for each other.
        foreach ((int place, Counter counter) in counters.Index().OrderBy(each => each.Item.Name, StringComparer.Ordinal))
        {
            long? value = exceeded is null ? await add.Number([counter.Name, counter.Amount, counter.Limit], cancellationToken) : null;
            if (value is null)
            {
                if (await look.Number([counter.Name], cancellationToken) is not { } standing) return (null, counter);
                exceeded ??= place;
                value = standing;
            }
            values[place] = value.Value;
        }
        if (exceeded is null)
        {
            await transaction.CommitAsync(cancellationToken);
            return (new(null, values), null);
        }
        // What was added before the limit was met is not there in the end.
        foreach ((int place, Counter counter) in counters.Index())
            if (string.CompareOrdinal(counter.Name, counters[exceeded.Value].Name) < 0) values[place] -= counter.Amount;
        return (new(exceeded, values), null);
    }

    async Task Begin(NpgsqlConnection connection, Counter counter, CancellationToken cancellationToken)
    {
        long known = counter.Known is null ? 0 : await counter.Known(cancellationToken);
        await using Statement sweep = new(connection, null, "DELETE FROM counters WHERE ends < @p1");
        await sweep.Run([clock.GetUtcNow().AddMinutes(-10).ToUnixTimeMilliseconds()], cancellationToken);
        await using Statement insert = new(connection, null, "INSERT INTO counters (name, value, ends) VALUES (@p1, @p2, @p3) ON CONFLICT (name) DO NOTHING");
        await insert.Run([counter.Name, known, counter.Ends.ToUnixTimeMilliseconds()], cancellationToken);
    }

    async ValueTask<T> Use<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await open(cancellationToken);
            return await work(connection);
        }
        catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
        {
            throw new CountersUnavailableException("the database cannot be reached", e);
        }
        catch (LedgerUnavailableException e)
        {
            throw new CountersUnavailableException(e.Message, e);
        }
    }
}
