// What `baltoro use` chose for all gateways of one Redis-protocol server. It refuses to know what the name means.

using Baltoro.Cli.Commands;
using Baltoro.Gateway;
using Baltoro.Models;
using StackExchange.Redis;

namespace Baltoro.Cli;

/// <summary>
/// From the first look at its stamp on it looks at the server every half second, so that no request waits for it; a server that is away leaves things as they stand.
/// Commands, which never look at the stamp, ask the server itself.
/// </summary>
sealed class SharedChoices(string url, TimeProvider clock) : IChoices, IAsyncDisposable
{
    const string Name = "baltoro:choice";

    static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    readonly RedisServer _server = new(url);
    readonly Lock _turn = new();
    Followed? _followed;
    ITimer? _timer;

    public string Path => _server.Place;

    public DateTime Stamp => (Volatile.Read(ref _followed) ?? Follow()).Stamp;

    /// <exception cref="UserException">The server does not answer.</exception>
    public string? Read() => Volatile.Read(ref _followed) is { } followed ? followed.Text : Asked(server => (string?)server.StringGet(Name));

    /// <exception cref="UserException">The server does not answer.</exception>
    public void Write(string name) => Asked(server => server.StringSet(Name, name));

    /// <exception cref="UserException">The server does not answer.</exception>
    public void Clear() => Asked(server => server.KeyDelete(Name));

    public async ValueTask DisposeAsync()
    {
        if (_timer is not null) await _timer.DisposeAsync();
        await _server.DisposeAsync();
    }

    T Asked<T>(Func<IDatabase, T> question)
    {
        try
        {
            return _server.AskNow(question);
        }
        catch (RedisUnavailableException e)
        {
            throw new UserException($"What `baltoro use` chose is kept on another machine: {e.Message}.");
        }
    }

    Followed Follow()
    {
        lock (_turn)
        {
            if (_followed is not null) return _followed;
            string? text = null;
            try
            {
                text = _server.AskNow(server => (string?)server.StringGet(Name));
            }
            catch (RedisUnavailableException)
            {
                // The next look may find it.
            }
            Volatile.Write(ref _followed, new(text, clock.GetUtcNow().UtcDateTime));
            _timer = clock.CreateTimer(_ => _ = Look(), null, Period, Period);
            return _followed!;
        }
    }

    async Task Look()
    {
        try
        {
            string? text = await _server.Ask(async server => (string?)await server.StringGetAsync(Name));
            if (text != _followed!.Text) Volatile.Write(ref _followed, new(text, clock.GetUtcNow().UtcDateTime));
        }
        catch (RedisUnavailableException)
        {
            // What stood, stands.
        }
    }

    sealed record Followed(string? Text, DateTime Stamp);
}
