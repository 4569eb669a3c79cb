// PostgreSQL and Redis for all tests of this assembly that need them, each started once, by whoever needs it first.

using System.Net.Sockets;
using Npgsql;

[assembly: AssemblyFixture(typeof(Baltoro.Gateway.Tests.Servers.Servers))]

namespace Baltoro.Gateway.Tests.Servers;

public sealed class Servers : IAsyncDisposable
{
    readonly Lazy<Task<ServerProgram>> _postgres = new(StartPostgres), _redis = new(StartRedis);
    int _databases;

    /// <summary>The URL of an empty database.</summary>
    public async Task<string> Database()
    {
        if (ServerProgram.Find("postgres") is null || ServerProgram.Find("initdb") is null) ServerProgram.Missing("postgresql");
        ServerProgram server = await _postgres.Value;
        string name = $"test{Interlocked.Increment(ref _databases)}";
        await using NpgsqlConnection connection = new(Admin(server.Port));
        await connection.OpenAsync();
        await using NpgsqlCommand create = new($"CREATE DATABASE {name}", connection);
        await create.ExecuteNonQueryAsync();
        return $"postgres://baltoro:a%20secret@127.0.0.1:{server.Port}/{name}";
    }

    /// <summary>The URL of a database of a Redis server that nobody else uses.</summary>
    public async Task<string> Redis()
    {
        if (ServerProgram.Find("redis-server") is null) ServerProgram.Missing("redis-server");
        return $"redis://127.0.0.1:{(await _redis.Value).Port}/{Interlocked.Increment(ref _databases) % 16}";
    }

    static string Admin(int port) => $"Host=127.0.0.1;Port={port};Username=baltoro;Password=a secret;Database=postgres;Pooling=False;Timeout=2";

    static Task<ServerProgram> StartPostgres() => ServerProgram.Start(
        "postgres",
        folder => [ServerProgram.Find("initdb")!, "-D", Path.Combine(folder, "data"), "-U", "baltoro", "-A", "trust", "-E", "UTF8", "--no-sync"],
        (folder, port) => [ServerProgram.Find("postgres")!, "-D", Path.Combine(folder, "data"), "-k", folder, "-h", "127.0.0.1", "-p", $"{port}", "-c", "fsync=off"],
        async port =>
        {
            try
            {
                await using NpgsqlConnection connection = new(Admin(port));
                await connection.OpenAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });

    static Task<ServerProgram> StartRedis() => ServerProgram.Start(
        "redis-server",
        null,
        (folder, port) => [ServerProgram.Find("redis-server")!, "--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder],
        async port =>
        {
            try
            {
                using TcpClient client = new();
                await client.ConnectAsync("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });

    public async ValueTask DisposeAsync()
    {
        if (_postgres.IsValueCreated) await (await _postgres.Value).DisposeAsync();
        if (_redis.IsValueCreated) await (await _redis.Value).DisposeAsync();
    }
}
