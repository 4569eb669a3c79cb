// A real terminal for a real program: tmux with a server of its own, driven by keys and read as text. It knows no program.

using System.Diagnostics;
using System.Globalization;
using System.Text;
using Baltoro.Cli.Tests.EndToEnd;

namespace Baltoro.Cli.Tests.Terminal;

/// <summary>Everything that is waited for has a deadline that a busy machine keeps, too.</summary>
sealed class Tmux : IAsyncDisposable
{
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Between two looks: a look starts a process, and the program under test wants the processor as well.</summary>
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(25);

    const string Configuration = """
        set -g status off
        set -g history-limit 50000
        set -g default-shell /bin/sh
        set -s escape-time 0

        """;

    readonly Scratch _scratch;
    readonly IReadOnlyDictionary<string, string> _environment;

    Tmux(Scratch scratch, IReadOnlyDictionary<string, string> environment) => (_scratch, _environment) = (scratch, environment);

    /// <summary>Skips the test where there is no tmux, except in CI, where that is a failure.</summary>
    /// <param name="scratch">Holds its socket.</param>
    /// <param name="command">For /bin/sh; the window closes when it ends.</param>
    /// <param name="environment">All that the command finds, besides what tmux sets.</param>
    public static async Task<Tmux> Start(Scratch scratch, string command, string folder, int columns, int rows, IReadOnlyDictionary<string, string> environment)
    {
        if (!(environment["PATH"].Split(':').Any(place => File.Exists(Path.Combine(place, "tmux")))))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "tmux is not installed.");
            Assert.Skip("tmux is not installed.");
        }
        Tmux tmux = new(scratch, environment);
        await File.WriteAllTextAsync(tmux.Conf, Configuration);
        await tmux.Do("new-session", "-d", "-x", Number(columns), "-y", Number(rows), "-c", folder, command);
        return tmux;
    }

    /// <summary>What a program finds that is started in a terminal by somebody who has set nothing: no key, and a home.</summary>
    public static Dictionary<string, string> Bare(string home)
    {
        Dictionary<string, string> environment = new()
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "", ["HOME"] = home, ["LANG"] = "C.UTF-8", ["TERM"] = "xterm-256color", ["PS1"] = "$ ",
        };
        if (Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } dotnet) environment["DOTNET_ROOT"] = dotnet;
        return environment;
    }

    /// <summary>Types a text, letter by letter.</summary>
    public Task Type(string text) => Do("send-keys", "-l", "--", text);

    /// <param name="keys">As tmux names them, such as <c>Enter</c>, <c>C-c</c> or <c>Escape</c>.</param>
    public Task Press(params string[] keys) => Do(["send-keys", .. keys]);

    /// <summary>As a terminal pastes: bracketed where the program asked for that.</summary>
    public async Task Paste(string text)
    {
        string file = Path.Combine(_scratch.Path, "paste");
        await File.WriteAllTextAsync(file, text);
        await Do("load-buffer", file);
        await Do("paste-buffer", "-p");
    }

    public Task Resize(int columns, int rows) => Do("resize-window", "-x", Number(columns), "-y", Number(rows));

    /// <summary>Keeps what the program writes from now on, every byte of it.</summary>
    public Task Record(string file) => Do("pipe-pane", $"cat > '{file}'");

    /// <summary>What is to be seen, without spaces at line ends and empty lines at the bottom.</summary>
    public async Task<string> Screen() => Trimmed(await Do("capture-pane", "-p"));

    /// <summary>The same with all that was scrolled out.</summary>
    public async Task<string> Everything() => Trimmed(await Do("capture-pane", "-p", "-S", "-"));

    /// <summary>A value of tmux's formats, such as <c>cursor_flag</c>.</summary>
    public async Task<string> Value(string name) => (await Do("display-message", "-p", $"#{{{name}}}")).Trim();

    /// <summary>Waits until the screen is as it should be.</summary>
    /// <param name="withScrollback">True to look at all that was scrolled out, too.</param>
    public async Task<string> Until(Func<string, bool> isRight, bool withScrollback = false)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            string screen = withScrollback ? await Everything() : await Screen();
            if (isRight(screen)) return screen;
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Limit, $"The screen did not become what was waited for. It is:\n{screen}");
            await Task.Delay(BetweenLooks, TestContext.Current.CancellationToken);
        }
    }

    public Task<string> Until(string part) => Until(screen => screen.Contains(part, StringComparison.Ordinal));

    public async ValueTask DisposeAsync() => await Do("kill-server");

    string Conf => Path.Combine(_scratch.Path, "tmux.conf");

    async Task<string> Do(params string[] command)
    {
        ProcessStartInfo start = new("tmux", ["-u", "-S", Path.Combine(_scratch.Path, "tmux"), "-f", Conf, .. command])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8,
        };
        start.Environment.Clear();
        foreach ((string name, string value) in _environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0 || command[0] == "kill-server", $"tmux {string.Join(' ', command)}: {await errors}");
        return output;
    }

    static string Trimmed(string text) => string.Join('\n', text.Split('\n').Select(line => line.TrimEnd())).TrimEnd('\n');

    static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
