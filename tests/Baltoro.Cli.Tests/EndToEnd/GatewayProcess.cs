using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

/// <summary>The built executable serving on a free port, in front of scripted upstreams, with an otherwise empty environment.</summary>
sealed partial class GatewayProcess : IAsyncDisposable
{
    const int Window = 1_000_000;
    const int Output = 64_000;
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    readonly ChildProcess _process;
    readonly List<Upstream> _upstreams;

    GatewayProcess(ChildProcess process, List<Upstream> upstreams, string url) => (_process, _upstreams, Url) = (process, upstreams, url);

    /// <summary>Where it listens, without a path.</summary>
    public string Url { get; }

    /// <summary>The upstream of the only player, or of the one with that alias.</summary>
    public Upstream Upstream(string? alias = null) => _upstreams.Single(u => alias is null || u.Vendor.Name == alias);

    public IEnumerable<string> Violations => _upstreams.SelectMany(u => u.Violations);

    /// <summary>Starts one upstream for each player, all with the same script, and the gateway in front of them.</summary>
    public static Task<GatewayProcess> Before(Scratch scratch, Script script, params string[] aliases) => Before(scratch, script, null, aliases);

    public static async Task<GatewayProcess> Before(Scratch scratch, Script script, FaultPlan? faults, params string[] aliases)
    {
        var players = aliases.Select(Player.Named).ToList();
        var upstreams = new List<Upstream>();
        foreach (var player in players) upstreams.Add(await ScriptedUpstream.Upstream.Start(player.Vendor(), script, faults));
        var config = Path.Combine(scratch.Path, "config.json");
        await File.WriteAllTextAsync(config, Configuration(players, upstreams));
        var process = ChildProcess.Start(Executable(), ["serve", "--port", "0", "--config", config], scratch.Folder("gateway"),
            new Dictionary<string, string>
            {
                ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = scratch.Folder("gateway-home"),
                ["USERPROFILE"] = scratch.Folder("gateway-home"), ["LANG"] = "C.UTF-8",
                // Where .NET itself lies, should it not be in its default place.
                ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? Path.GetDirectoryName(Environment.ProcessPath) ?? "",
            }.Where(v => v.Key != "DOTNET_ROOT" || Environment.GetEnvironmentVariable("DOTNET_ROOT") is not null).ToDictionary());
        return new GatewayProcess(process, upstreams, await ReadUrl(process));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        foreach (var upstream in _upstreams) await upstream.DisposeAsync();
    }

    static string Executable()
    {
        var path = Path.Combine(Repository.Artifacts, "bin", "Baltoro.Cli", "release", OperatingSystem.IsWindows() ? "baltoro.exe" : "baltoro");
        Assert.True(File.Exists(path), $"{path} is not built: the tests run the release executable (dotnet build -c Release).");
        return path;
    }

    static string Configuration(List<Player> players, List<Upstream> upstreams) => JsonSerializer.Serialize(new
    {
        upstreams = players.Zip(upstreams).ToDictionary(p => p.First.Alias + "-upstream", p => new
        {
            url = p.Second.Url, format = p.First.Format, dialect = p.First.Dialect, key = "upstream-key",
        }),
        models = players.ToDictionary(p => p.Model, p => new Dictionary<string, object>
        {
            ["upstream"] = p.Alias + "-upstream", ["as"] = p.Alias, ["window"] = Window, ["output"] = Output,
        }),
    });

    static async Task<string> ReadUrl(ChildProcess process)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(StartLimit);
        var said = new List<string>();
        try
        {
            while (await process.Output.ReadLineAsync(time.Token) is { } line)
            {
                said.Add(line);
                if (Address.Match(line) is { Success: true } match)
                {
                    // Whatever it says later must not fill the pipe and stop it.
                    _ = process.Output.ReadToEndAsync(CancellationToken.None);
                    return match.Value;
                }
            }
        }
        catch (OperationCanceledException) { }
        await process.DisposeAsync();
        throw new InvalidOperationException($"The gateway told no address. It said: {string.Join('\n', said)} {process.Errors}");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    static partial Regex Address { get; }
}
