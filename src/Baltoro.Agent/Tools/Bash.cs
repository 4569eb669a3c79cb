// Runs a shell command and shows what it said. It refuses to judge commands: permissions and the sandbox do.

using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>Bash</c>.</summary>
sealed class Bash(Shells shells, TimeProvider clock) : ITool
{
    const int DefaultTimeout = 120_000, MaxTimeout = 600_000;

    public ToolSpec.Function Spec { get; } = Describe.Tool("Bash", """
        {"type":"object","properties":{
          "command":{"type":"string","description":"The command, as you would type it."},
          "timeout":{"type":"integer","minimum":1,"description":"Milliseconds after which it is ended; 120000 if not given, at most 600000."},
          "description":{"type":"string","description":"What it does, in five to ten words."},
          "run_in_background":{"type":"boolean","description":"Do not wait for it; read it with BashOutput, end it with KillShell."}
        },"required":["command"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Runs(new Arguments(arguments).Text("command"));

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        string command = given.Text("command");
        if (command.Contains('\0', StringComparison.Ordinal)) return ToolOutcome.Error("The command holds a NUL character, which no shell takes.");
        try
        {
            return given.Flag("run_in_background")
                ? InBackground(command)
                : await InForeground(command, TimeSpan.FromMilliseconds(Math.Clamp(given.Number("timeout") ?? DefaultTimeout, 1, MaxTimeout)), cancellation);
        }
        catch (Win32Exception e)
        {
            return ToolOutcome.Error($"The command could not be started: {e.Message}");
        }
    }

    ToolOutcome InBackground(string command) => shells.StartInBackground(command) is { } id
        ? ToolOutcome.Text($"Runs in the background as {id}.")
        : ToolOutcome.Error($"{Shells.MaxBackground} commands run in the background already. End one with KillShell first.");

    async Task<ToolOutcome> InForeground(string command, TimeSpan timeout, CancellationToken cancellation)
    {
        string before = shells.Folder;
        await using RunningCommand running = shells.Start(command);
        using CancellationTokenSource time = new(timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        await using CancellationTokenRegistration stop = either.Token.Register(() => running.Stop());
        CommandEnd end = await running.Ended;
        string output = running.Output.Take().TrimEnd();
        if (end is CommandEnd.Stopped)
        {
            cancellation.ThrowIfCancellationRequested();
            return ToolOutcome.Error(string.Create(CultureInfo.InvariantCulture,
                $"{Said(output)}[Ended after {timeout.TotalSeconds:0.###} s, with all that it had started. Give a longer timeout, or run it in the background.]"));
        }
        CommandEnd.Exited exited = (CommandEnd.Exited)end;
        string moved = "";
        if (exited.Folder is { } folder && folder != before)
        {
            shells.Folder = folder;
            moved = $"\n[The working directory is now {folder}]";
        }
        return exited.Code == 0
            ? ToolOutcome.Text((output.Length > 0 ? output : "[No output.]") + moved)
            : ToolOutcome.Error($"{Said(output)}[Exit code {exited.Code}]{moved}");
    }

    internal static string Said(string output) => output.Length > 0 ? output + "\n" : "";
}
