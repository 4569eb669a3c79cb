// An agent as the product puts it together, in front of a scripted vendor: models in their policies, real tools, a session on disk. It does not know the task.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Cli.Tests.Commands;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

sealed class AgentScene : IAsyncDisposable
{
    readonly CommandLine _line = new();
    readonly AgentHouse _house;

    AgentScene(Upstream upstream, Player player)
    {
        Upstream = upstream;
        _line.Write("config/baltoro/config.json", Configuration(upstream.Url, player));
        _house = AgentHouse.Open(_line.Surroundings, null, unattended: true, _ => { }, TimeProvider.System);
    }

    public Upstream Upstream { get; }

    public string Folder => _line.Folder;

    public static async Task<AgentScene> Of(string alias, Script script, FaultPlan? faults = null)
    {
        Player player = Player.Named(alias);
        return new(await Upstream.Start(player.Vendor(), script, faults), player);
    }

    /// <summary>One model `m`, with limits that are short enough for a test of stalls and long enough for a busy machine.</summary>
    public static string Configuration(string url, Player player) => $$"""
        { "default": "m",
          "upstreams": { "{{player.Upstream}}": { "url": "{{url}}", "format": "{{player.Format}}", "dialect": "{{player.Dialect}}", "key": "k", "connect": 5, "firstByte": 1.5, "idle": 1 } },
          "models": { "{{player.Model}}": { "upstream": "{{player.Upstream}}", "as": "m", "window": 1000000, "output": 64000 } } }
        """;

    /// <param name="heard">Called with each step of a reply as it comes.</param>
    public async Task<RunEnd> Run(string task, Action<ReplyEvent>? heard = null)
    {
        using Session session = _house.Begin("m");
        using Interruption interruption = new();
        AgentSetup setup = _house.Setup(session, _house.Model("m"), new Budget(), null) with
        {
            Live = notice =>
            {
                if (notice is LiveNotice.Heard { Step: var step }) heard?.Invoke(step);
            },
        };
        return await AgentRun.To(session, [new Block.Text(task)], setup, interruption);
    }

    public async ValueTask DisposeAsync()
    {
        await _house.DisposeAsync();
        await Upstream.DisposeAsync();
        _line.Dispose();
    }
}
