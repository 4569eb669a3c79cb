// One SQL statement with values in the places @p1, @p2 …; prepared once, run often.

using System.Data.Common;
using System.Globalization;

namespace Baltoro.Gateway.Ledger;

/// <summary>Used by one caller at a time. Values are <c>long</c>, <c>string</c>, <c>byte[]</c> or null.</summary>
readonly struct Statement : IAsyncDisposable
{
    readonly DbCommand _command;

    public Statement(DbConnection connection, DbTransaction? transaction, string text)
    {
        _command = connection.CreateCommand();
        _command.CommandText = text;
        _command.Transaction = transaction;
    }

    /// <returns>How many rows were changed.</returns>
    public Task<int> Run(ReadOnlySpan<object?> values, CancellationToken cancellationToken)
    {
        Fill(values);
        return _command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <returns>The first column of the first row; null when there is none.</returns>
    public async Task<long?> Number(object?[] values, CancellationToken cancellationToken)
    {
        Fill(values);
        return await _command.ExecuteScalarAsync(cancellationToken) switch
        {
            long number => number,
            int number => number,
            _ => null,
        };
    }

    public Task<DbDataReader> Read(ReadOnlySpan<object?> values, CancellationToken cancellationToken)
    {
        Fill(values);
        return _command.ExecuteReaderAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _command.DisposeAsync();

    void Fill(ReadOnlySpan<object?> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (i == _command.Parameters.Count)
            {
                DbParameter added = _command.CreateParameter();
                added.ParameterName = string.Create(CultureInfo.InvariantCulture, $"p{i + 1}");
                _command.Parameters.Add(added);
            }
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
