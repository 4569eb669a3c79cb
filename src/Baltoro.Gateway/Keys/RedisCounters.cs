// Counters on a server that speaks Redis' protocol, shared by all gateways that are configured with it.

using System.Globalization;
using StackExchange.Redis;

namespace Baltoro.Gateway.Keys;

/// <summary>
/// One script is one reservation, so none comes between its counters. Names are <c>baltoro:{KEY}:…</c>: in a cluster a key's counters lie together. The
/// script reckons in doubles, which are exact up to nine million dollars.
/// </summary>
sealed class RedisCounters(string url, TimeProvider clock) : ICounters
{
    /// <summary>KEYS: the counters. ARGV, four for each: amount, limit, milliseconds that it lives on, 1 where it must not begin at zero.</summary>
    const string Reserving = """
        local values = {}
        local exceeded = -1
        for i, name in ipairs(KEYS) do
            local value = redis.call('GET', name)
            if not value and ARGV[4 * i] == '1' then return {-2, i - 1} end
            values[i] = tonumber(value or '0')
            if exceeded < 0 and values[i] + tonumber(ARGV[4 * i - 3]) > tonumber(ARGV[4 * i - 2]) then exceeded = i - 1 end
        end
        if exceeded < 0 then
            for i, name in ipairs(KEYS) do
                values[i] = redis.call('INCRBY', name, ARGV[4 * i - 3])
                redis.call('PEXPIRE', name, ARGV[4 * i - 1])
            end
        end
        return {exceeded, unpack(values)}
        """;

    const string Beginning = "if redis.call('SET', KEYS[1], ARGV[1], 'NX') then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end";

    /// <summary>A counter that has gone with its period is not made again.</summary>
    const string Adding = "for i, name in ipairs(KEYS) do if redis.call('EXISTS', name) == 1 then redis.call('INCRBY', name, ARGV[i]) end end";

    const int Missing = -2;

    static readonly TimeSpan Slack = TimeSpan.FromMinutes(10);

    readonly RedisServer _server = new(url);

    public async ValueTask<Reservation> Reserve(IReadOnlyList<Counter> counters, CancellationToken cancellationToken)
    {
        RedisKey[] names = [.. counters.Select(Name)];
        RedisValue[] values = [.. counters.SelectMany(counter => (RedisValue[])[counter.Amount, counter.Limit, Life(counter), counter.Known is null ? 0 : 1])];
        // Each counter is made once; a server that has lost one again by then keeps nothing.
        for (int tries = 0; tries <= counters.Count; tries++)
        {
            RedisResult[] told = (RedisResult[])(await Ask(server => server.ScriptEvaluateAsync(Reserving, names, values)))!;
            if ((int)told[0] != Missing) return new((int)told[0] < 0 ? null : (int)told[0], [.. told.Skip(1).Select(value => (long)value)]);
            Counter counter = counters[(int)told[1]];
            long known = await counter.Known!(cancellationToken);
            await Ask(server => server.ScriptEvaluateAsync(Beginning, [Name(counter)], [known, Life(counter)]));
        }
        throw new CountersUnavailableException("the counters' server forgets what it is told");
    }

    public async ValueTask Add(IReadOnlyList<Counter> counters, CancellationToken cancellationToken) => await Ask(server =>
        server.ScriptEvaluateAsync(Adding, [.. counters.Select(Name)], [.. counters.Select(counter => (RedisValue)counter.Amount)]));

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>By the gateway's clock, so that the server's need not agree with it.</summary>
    long Life(Counter counter) => (long)(counter.Ends + Slack - clock.GetUtcNow()).TotalMilliseconds;

    async Task<T> Ask<T>(Func<IDatabase, Task<T>> question)
    {
        try
        {
            return await _server.Ask(question);
        }
        catch (RedisUnavailableException e)
        {
            throw new CountersUnavailableException(e.Message, e);
        }
    }

    static RedisKey Name(Counter counter)
    {
        int cut = counter.Name.IndexOf(':', StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"baltoro:{{{counter.Name.AsSpan(0, cut)}}}{counter.Name.AsSpan(cut)}");
    }
}
