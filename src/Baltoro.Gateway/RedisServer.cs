// The connection to a server that speaks Redis' protocol; it refuses to know what is kept there.

using System.Globalization;
using StackExchange.Redis;

namespace Baltoro.Gateway;

/// <summary>Connects at the first question, and again by itself. Safe for all threads.</summary>
/// <param name="url">Of the form <c>redis://USER:PASSWORD@HOST:PORT/DATABASE</c>; <c>rediss</c> for TLS.</param>
public sealed class RedisServer(string url) : IAsyncDisposable
{
    const int Patience = 2000, UsualPort = 6379;

    readonly SemaphoreSlim _turn = new(1, 1);
    ConnectionMultiplexer? _connection;

    /// <summary>For people, without the password.</summary>
    public string Place => $"redis at {new Uri(url).Authority}";

    /// <exception cref="RedisUnavailableException">The server does not answer.</exception>
    public async Task<T> Ask<T>(Func<IDatabase, Task<T>> question)
    {
        ArgumentNullException.ThrowIfNull(question);
        try
        {
            return await question((await Connected()).GetDatabase());
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new RedisUnavailableException($"{Place} does not answer as it should", e);
        }
    }

    /// <summary>The same for commands, which have nothing else to do.</summary>
    /// <exception cref="RedisUnavailableException">The server does not answer.</exception>
    public T AskNow<T>(Func<IDatabase, T> question)
    {
        ArgumentNullException.ThrowIfNull(question);
        try
        {
            return question(ConnectedNow().GetDatabase());
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new RedisUnavailableException($"{Place} does not answer as it should", e);
        }
    }

    async ValueTask<ConnectionMultiplexer> Connected()
    {
        if (Volatile.Read(ref _connection) is { } connection) return connection;
        await _turn.WaitAsync();
        try
        {
            return _connection ??= await ConnectionMultiplexer.ConnectAsync(Options());
        }
        finally
        {
            _turn.Release();
        }
    }

    ConnectionMultiplexer ConnectedNow()
    {
        if (Volatile.Read(ref _connection) is { } connection) return connection;
        _turn.Wait();
        try
        {
            return _connection ??= ConnectionMultiplexer.Connect(Options());
        }
        finally
        {
            _turn.Release();
        }
    }

    ConfigurationOptions Options()
    {
        Uri uri = new(url);
        string[] user = uri.UserInfo.Split(':', 2);
        ConfigurationOptions options = new()
        {
            EndPoints = { { uri.Host, uri.Port > 0 ? uri.Port : UsualPort } },
            // A server that is away at the start may come back later.
            AbortOnConnectFail = false,
            ConnectTimeout = Patience,
            AsyncTimeout = Patience,
            SyncTimeout = Patience,
            ClientName = "baltoro",
            Ssl = uri.Scheme == "rediss",
            DefaultDatabase = int.TryParse(uri.AbsolutePath.Trim('/'), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0,
        };
        if (user[0].Length > 0) options.User = Uri.UnescapeDataString(user[0]);
        if (user.Length > 1) options.Password = Uri.UnescapeDataString(user[1]);
        return options;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _turn.Dispose();
    }
}

/// <summary>The message says which server, and may be shown.</summary>
public sealed class RedisUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
