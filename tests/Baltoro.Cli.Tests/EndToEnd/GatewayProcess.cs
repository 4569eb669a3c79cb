// The built executable serving on a free port in front of a cast, with an otherwise empty environment.

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed partial class GatewayProcess : IAsyncDisposable
{
    const int Output = 64_000;
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);

    readonly ChildProcess _process;

    GatewayProcess(ChildProcess process, string url) => (_process, Url) = (process, url);

    /// <summary>Where it listens, without a path.</summary>
    public string Url { get; }

    /// <param name="scratch">Holds its configuration and its home.</param>
    /// <param name="cast">Its upstreams and models.</param>
    /// <param name="standing">The alias that the model name <c>baltoro</c> stands for.</param>
    /// <param name="window">What it is told of every model's window.</param>
    /// <param name="patience">What it is told of every upstream's limits.</param>
    public static Task<GatewayProcess> Before(Scratch scratch, Cast cast, string? standing = null, int window = 1_000_000, Patience? patience = null) =>
        Before(scratch, [.. cast.Roles.Select(r => (r.Player, r.Upstream.Url))], standing, window, patience);

    /// <param name="scratch">Holds its configuration and its home.</param>
    /// <param name="roles">Its models, and where they are served.</param>
    /// <param name="standing">The alias that the model name <c>baltoro</c> stands for.</param>
    /// <param name="window">What it is told of every model's window.</param>
    /// <param name="patience">What it is told of every upstream's limits.</param>
    /// <param name="folder">One whose model files clients may name.</param>
    public static async Task<GatewayProcess> Before(
        Scratch scratch, IReadOnlyList<(Player Player, string Url)> roles, string? standing = null, int window = 1_000_000, Patience? patience = null, string? folder = null)
    {
        var config = Path.Combine(scratch.Path, "config.json");
        await File.WriteAllTextAsync(config, Configuration(roles, standing ?? roles[0].Player.Alias, window, patience ?? new(), folder));
        var home = Home(scratch);
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = home, ["USERPROFILE"] = home, ["LANG"] = "C.UTF-8",
        };
        // Where .NET lies, on machines that have it in another place than its own.
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) environment["DOTNET_ROOT"] = dotnet;
        var process = ChildProcess.Start(Executable(), ["serve", "--port", "0", "--config", config], home, environment);
        return new GatewayProcess(process, await ReadUrl(process));
    }

    /// <summary>Where it keeps what it remembers between runs.</summary>
    public static string Home(Scratch scratch) => scratch.Folder("gateway-home");

    /// <summary>What it holds in memory, in bytes; null where the system does not say.</summary>
    public long? Resident => _process.Resident;

    /// <summary>What it has logged so far of requests that ended in an error.</summary>
    public IReadOnlyList<string> Failures => [.. _process.Errors.Split('\n').Where(l => l.Contains(" ! ", StringComparison.Ordinal))];

    /// <summary>All that it has logged so far.</summary>
    public string Errors => _process.Errors;

    public bool HasExited => _process.HasExited;

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>The program under test.</summary>
    public static string Executable()
    {
        // CI drives the native executable with the same tests.
        var path = Environment.GetEnvironmentVariable("BALTORO_EXECUTABLE")
            ?? Path.Combine(Repository.Artifacts, "bin", "Baltoro.Cli", "release", OperatingSystem.IsWindows() ? "baltoro.exe" : "baltoro");
        Assert.True(File.Exists(path), $"{path} is not built: the tests run the release executable (dotnet build -c Release).");
        return path;
    }

    static string Configuration(IReadOnlyList<(Player Player, string Url)> roles, string standing, int window, Patience patience, string? folder) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["default"] = standing,
        ["localFolders"] = folder is null ? Array.Empty<string>() : [folder],
        ["upstreams"] = roles.ToDictionary(r => r.Player.Upstream, r => new
        {
            url = r.Url, format = r.Player.Format, dialect = r.Player.Dialect, key = "upstream-key",
            connect = patience.Connect, firstByte = patience.FirstByte, idle = patience.Idle,
        }),
        ["models"] = roles.ToDictionary(r => r.Player.Model, r => new Dictionary<string, object>
        {
            ["upstream"] = r.Player.Upstream, ["as"] = r.Player.Alias, ["window"] = window, ["output"] = Math.Min(Output, window / 2),
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
                if (Address.Match(line) is not { Success: true } match) continue;
                // Whatever it says later must not fill the pipe and stop it.
                _ = process.Output.ReadToEndAsync(CancellationToken.None);
                return match.Value;
            }
        }
        catch (OperationCanceledException) { }
        await process.DisposeAsync();
        throw new InvalidOperationException($"The gateway told no address. It said: {string.Join('\n', said)} {process.Errors}");
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    static partial Regex Address { get; }
}

/// <summary>How long the gateway waits for an upstream, in seconds.</summary>
sealed record Patience(double Connect = 10, double FirstByte = 300, double Idle = 120)
{
    /// <summary>Short enough that a test of stalls does not stall itself, long enough for a busy machine.</summary>
    public static Patience Short { get; } = new(Connect: 5, FirstByte: 1.5, Idle: 1);
}
