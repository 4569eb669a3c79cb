// The built executable's `run` in a project, with a home and a scripted vendor of its own. It does not know what is run.

using System.Text.Json.Nodes;
using Baltoro.Agent.Sandbox;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Agents;

sealed class BuiltAgent : IAsyncDisposable
{
    /// <summary>What stands in the environment as the vendor's key, and must be found nowhere else.</summary>
    public const string Key = "sk-canary-of-the-environment";

    static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    // Not below /tmp, of which the sandbox has one of its own: what lies outside of the project would not even be seen.
    readonly string _root = Directory.CreateDirectory(Path.Combine(AppContext.BaseDirectory, $"agent-{Guid.NewGuid():N}")).FullName;
    readonly Player _player;

    BuiltAgent(Upstream upstream, Player player)
    {
        (Upstream, _player) = (upstream, player);
        foreach (string folder in (string[])[Project, Home, Outside]) Directory.CreateDirectory(folder);
        Configure([]);
    }

    public Upstream Upstream { get; }

    public string Project => Path.Combine(_root, "project");

    public string Home => Path.Combine(_root, "home");

    public string Outside => Path.Combine(_root, "outside");

    public string State => Path.Combine(Home, ".local", "state", "baltoro");

    /// <summary>More variables for its environment; null takes one away.</summary>
    public Dictionary<string, string?> Environment { get; } = [];

    public static async Task<BuiltAgent> Before(Script script, FaultPlan? faults = null, string alias = "kimi")
    {
        Player player = Player.Named(alias);
        return new(await Upstream.Start(player.Vendor(), script, faults), player);
    }

    /// <summary>Skips where the sandbox cannot be tested, and fails in CI where it is only not installed.</summary>
    public async Task NeedSandbox()
    {
        switch (await SandboxSearch.Find(Project))
        {
            case SandboxSearch.Forbidden forbidden: Assert.Skip(forbidden.Why); break;
            case SandboxSearch.NotInstalled missing:
                if (System.Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing.Advice);
                Assert.Skip(missing.Advice);
                break;
        }
    }

    /// <summary>Writes the user's configuration: the scripted vendor, its key from the environment, and these members.</summary>
    public void Configure(JsonObject more)
    {
        JsonObject configuration = JsonNode.Parse(AgentScene.Configuration(Upstream.Url, _player))!.AsObject();
        configuration["upstreams"]![_player.Upstream]!["key"] = "${VENDOR_KEY}";
        // A busy machine takes its time.
        configuration["upstreams"]![_player.Upstream]!["firstByte"] = 60;
        configuration["upstreams"]![_player.Upstream]!["idle"] = 60;
        configuration["models"]![_player.Model]!["prices"] = new JsonObject { ["input"] = 1, ["output"] = 2 };
        foreach ((string name, JsonNode? value) in more) configuration[name] = value?.DeepClone();
        Write(Path.Combine(Home, ".config", "baltoro", "config.json"), configuration.ToJsonString());
    }

    /// <param name="path">Relative to the project, or absolute.</param>
    public string Write(string path, string text)
    {
        string file = Path.Combine(Project, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
        return file;
    }

    public ChildProcess Start(string[] arguments, string? input = null)
    {
        Dictionary<string, string> environment = new() { ["PATH"] = System.Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = Home, ["LANG"] = "C.UTF-8", ["VENDOR_KEY"] = Key };
        if (System.Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) environment["DOTNET_ROOT"] = dotnet;
        foreach ((string name, string? value) in Environment)
            if (value is null) environment.Remove(name);
            else environment[name] = value;
        return ChildProcess.Start(GatewayProcess.Executable(), arguments, Project, environment, input: input);
    }

    public Task<(int Code, string Output, string Errors)> Run(params string[] arguments) => Finish(Start(["run", .. arguments]));

    public Task<(int Code, string Output, string Errors)> Do(string[] arguments, string? input = null) => Finish(Start(arguments, input));

    public static async Task<(int Code, string Output, string Errors)> Finish(ChildProcess process)
    {
        await using (process)
        {
            (int code, string output) = await process.Finish(Limit);
            return (code, output, process.Errors);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        // By the system's own means: there are trees that are deeper than a path may be long, and names that are no text.
        await using ChildProcess remove = ChildProcess.Start("/bin/rm", ["-rf", _root], AppContext.BaseDirectory, new Dictionary<string, string>());
        await remove.Finish(Limit);
    }
}
