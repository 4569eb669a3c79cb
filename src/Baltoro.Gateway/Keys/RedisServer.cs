// The connection to a server that speaks Redis' protocol; it refuses to know what is kept there.

using System.Globalization;
using StackExchange.Redis;

namespace Baltoro.Gateway.Keys;

/// <summary>Connects at the first question, and again by itself. Safe for all threads.</summary>
/// <param name="url">Of the form <c>redis://USER:PASSWORD@HOST:PORT/DATABASE</c>; <c>rediss</c> for TLS.</param>
sealed class RedisServer(string url) : IAsyncDisposable
{
    const int Patience = 2000, UsualPort = 6379;

    readonly Lock _turn = new();
    Task<ConnectionMultiplexer>? _connecting;

    /// <exception cref="CountersUnavailableException">The server does not answer.</exception>
    public async Task<T> Ask<T>(Func<IDatabase, Task<T>> question)
    {
        try
        {
            return await question((await Connected()).GetDatabase());
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new CountersUnavailableException($"redis at {new Uri(url).Authority} does not answer as it should", e);
        }
    }

    Task<ConnectionMultiplexer> Connected()
    {
        lock (_turn) return _connecting ??= ConnectionMultiplexer.ConnectAsync(Options());
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
        if (_connecting is { IsCompletedSuccessfully: true } connected) await connected.Result.DisposeAsync();
    }
}
