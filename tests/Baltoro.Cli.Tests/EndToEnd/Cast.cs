// The vendors of one test, each played by an upstream of its own, all from one script. It does not know the gateway.

using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class Cast : IAsyncDisposable
{
    readonly List<(Player Player, Upstream Upstream)> _roles = [];

    public IReadOnlyList<(Player Player, Upstream Upstream)> Roles => _roles;

    public IEnumerable<string> Violations => _roles.SelectMany(r => r.Upstream.Violations);

    public Upstream this[string alias] => _roles.Single(r => r.Player.Alias == alias).Upstream;

    public static Task<Cast> Of(Script script, params string[] aliases) => Of(script, null, aliases);

    /// <param name="script">What all of them say.</param>
    /// <param name="faults">What goes wrong with it.</param>
    /// <param name="aliases">Who plays.</param>
    public static async Task<Cast> Of(Script script, FaultPlan? faults, params string[] aliases)
    {
        var cast = new Cast();
        foreach (var player in aliases.Distinct().Select(Player.Named))
            cast._roles.Add((player, await Upstream.Start(player.Vendor(), script, faults)));
        return cast;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, upstream) in _roles) await upstream.DisposeAsync();
    }
}
