// A person's sitting at the real executable: in tmux, in a project's folder of its own, in front of a scripted vendor. It does not know what is said.

using System.Text.RegularExpressions;
using Baltoro.Cli.Tests.Agents;
using Baltoro.Cli.Tests.EndToEnd;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.Terminal;

sealed partial class Sitting : IAsyncDisposable
{
    /// <summary>What the prompt says while nothing goes on.</summary>
    public const string Idle = "what is to be done?";

    /// <summary>What stands below a question.</summary>
    public const string Question = "or write what to do instead";

    static readonly TimeSpan Farewell = TimeSpan.FromMinutes(1);

    readonly Scratch _scratch;

    Sitting(Scratch scratch, Upstream upstream, Tmux terminal, string project) => (_scratch, Upstream, Terminal, Project) = (scratch, upstream, terminal, project);

    public Upstream Upstream { get; }

    public Tmux Terminal { get; }

    /// <summary>Where the agent works.</summary>
    public string Project { get; }

    /// <summary>Opens the program, and waits for its first prompt. When the program has ended, the screen shows its exit code and a shell.</summary>
    /// <param name="permissions">As in the configuration.</param>
    public static async Task<Sitting> Open(int columns, int rows, Script script, FaultPlan? faults = null, string permissions = "{}")
    {
        Scratch scratch = new();
        Player kimi = Player.Named("kimi");
        Upstream upstream = await Upstream.Start(kimi.Vendor(), script, faults);
        string home = scratch.Folder("home"), project = scratch.Folder("project");
        Directory.CreateDirectory(Path.Combine(home, ".config", "baltoro"));
        await File.WriteAllTextAsync(Path.Combine(home, ".config", "baltoro", "config.json"),
            // Nothing here stalls by mistake: a machine that is busy for long must not look like a vendor that is.
            $$"""{ "permissions": {{permissions}}, {{AgentScene.Configuration(upstream.Url, kimi).Replace("\"firstByte\": 1.5, \"idle\": 1", "\"firstByte\": 300, \"idle\": 300", StringComparison.Ordinal).TrimStart()[1..]}}""");
        string command = $"stty -a > {home}/before; {GatewayProcess.Executable()}; echo \"exit code $?\"; stty -a > {home}/after; exec sh";
        Tmux terminal = await Tmux.Start(scratch, command, project, columns, rows, Tmux.Bare(home));
        Sitting sitting = new(scratch, upstream, terminal, project);
        await terminal.Until(Idle);
        return sitting;
    }

    /// <summary>Says something, and waits for what the screen shows then.</summary>
    public async Task<string> Say(string text, string until)
    {
        await Terminal.Type(text);
        await Terminal.Press("Enter");
        return await Terminal.Until(until);
    }

    /// <summary>Says something, and waits until the prompt waits again.</summary>
    /// <returns>All that was said so far.</returns>
    public async Task<string> Say(string text)
    {
        int before = Said(await Terminal.Everything());
        await Terminal.Type(text);
        await Terminal.Press("Enter");
        return await Terminal.Until(screen => Said(screen) > before && IsIdle(screen), withScrollback: true);

        int Said(string screen) => screen.Split('\n').Count(line => line == $"> {text}");
    }

    /// <summary>True when the prompt waits, and nothing else goes on.</summary>
    public static bool IsIdle(string screen) => screen.Contains(Idle, StringComparison.Ordinal) && !screen.Contains("· Esc stops", StringComparison.Ordinal);

    /// <summary>The program's process id.</summary>
    public async Task<int> Process()
    {
        string shell = await Terminal.Value("pane_pid");
        return int.Parse(File.ReadAllText($"/proc/{shell}/task/{shell}/children").Trim(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>What is different about the terminal after the program from what it was before; empty for nothing.</summary>
    public async Task<string> LeftBehind()
    {
        await Terminal.Until(screen => screen.Split('\n').Contains("$"));
        string home = Path.Combine(_scratch.Path, "home");
        string modes = string.Join(' ', await Terminal.Value("cursor_flag"), await Terminal.Value("wrap_flag"), await Terminal.Value("alternate_on"));
        string before = await File.ReadAllTextAsync(Path.Combine(home, "before")), after = await File.ReadAllTextAsync(Path.Combine(home, "after"));
        await Terminal.Type("cat -v");
        await Terminal.Press("Enter");
        await Terminal.Paste("plain");
        await Terminal.Press("Enter");
        string screen = await Terminal.Until("plain");
        return (modes == "1 1 0" ? "" : $"modes {modes}") + (before == after ? "" : $"{before}became\n{after}") + (screen.Contains("[200~", StringComparison.Ordinal) ? "pastes are marked" : "");
    }

    /// <summary>A screen without what is different in each run, in the same width.</summary>
    public static string Steady(string screen) => SessionId().Replace(screen, "20260101-000000-abcd");

    public async ValueTask DisposeAsync()
    {
        await Terminal.DisposeAsync();
        await Upstream.DisposeAsync();
        // A program whose terminal was closed says so in its log before it is gone.
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                _scratch.Dispose();
                return;
            }
            catch (IOException) when (TimeProvider.System.GetElapsedTime(began) < Farewell)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50));
            }
        }
    }

    [GeneratedRegex(@"\b\d{8}-\d{6}-[0-9a-f]{4}\b")]
    private static partial Regex SessionId();
}
