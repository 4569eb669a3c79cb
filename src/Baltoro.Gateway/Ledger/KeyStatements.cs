// How keys are written and read, as statements and values in one order.

using System.Data.Common;
using Baltoro.Chat;
using Baltoro.Gateway.Keys;

namespace Baltoro.Gateway.Ledger;

static class KeyStatements
{
    const string Columns = "name, prefix, hash, models, rpm, tpm, caps, created, expires, revoked";

    public const string All = $"SELECT {Columns} FROM keys ORDER BY number";

    public const string Insert = $"INSERT INTO keys ({Columns}) VALUES (@p1, @p2, @p3, @p4, @p5, @p6, @p7, @p8, @p9, @p10) ON CONFLICT (name) DO NOTHING";

    public static object?[] ValuesOf(VirtualKey key) =>
    [
        key.Name, key.Prefix, key.Hash, string.Join(',', key.Models), key.RequestsPerMinute, key.TokensPerMinute, string.Join(',', key.Caps),
        key.Created.ToUnixTimeMilliseconds(), key.Expires?.ToUnixTimeMilliseconds(), key.Revoked?.ToUnixTimeMilliseconds(),
    ];

    public static VirtualKey KeyIn(DbDataReader read) => new()
    {
        Name = read.GetString(0),
        Prefix = read.GetString(1),
        Hash = read.GetString(2),
        Models = Items(read.GetString(3)).ToSequence(),
        RequestsPerMinute = Number(read, 4),
        TokensPerMinute = Number(read, 5),
        Caps = Items(read.GetString(6)).Select(text => Cap.Parse(text) ?? throw new InvalidDataException($"keys.caps: found \"{text}\", expected {Cap.Expected}")).ToSequence(),
        Created = DateTimeOffset.FromUnixTimeMilliseconds(read.GetInt64(7)),
        Expires = Moment(read, 8),
        Revoked = Moment(read, 9),
    };

    static string[] Items(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries);

    static long? Number(DbDataReader read, int column) => read.IsDBNull(column) ? null : read.GetInt64(column);

    static DateTimeOffset? Moment(DbDataReader read, int column) => Number(read, column) is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
}
