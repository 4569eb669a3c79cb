// Runs Python for the model in an interpreter that keeps its state. It refuses to judge code: permissions and the sandbox do.

using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Baltoro.Agent.Sandbox;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>Python</c>. One call at a time.</summary>
sealed class Python(Workspace workspace, Confinement confinement, TimeProvider clock) : ITool, IAsyncDisposable
{
    const int DefaultTimeout = 120_000, MaxTimeout = 600_000;

    Interpreter? _interpreter;

    /// <summary>Whether this machine has a Python.</summary>
    public static bool IsHere => ChildProcesses.Find(Interpreter.Program) is not null;

    public ToolSpec.Function Spec { get; } = Describe.Tool("Python", """
        {"type":"object","properties":{
          "code":{"type":"string","description":"Python 3, any number of lines."},
          "timeout":{"type":"integer","minimum":1,"description":"Milliseconds after which it is ended; 120000 if not given, at most 600000."}
        },"required":["code"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Runs(new Arguments(arguments).Text("code"));

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        TimeSpan timeout = TimeSpan.FromMilliseconds(Math.Clamp(given.Number("timeout") ?? DefaultTimeout, 1, MaxTimeout));
        try
        {
            if (_interpreter is not { IsAlive: true })
            {
                if (_interpreter is not null) await _interpreter.DisposeAsync();
                _interpreter = Interpreter.Start(workspace.Folder, confinement, clock);
            }
        }
        catch (Win32Exception e)
        {
            return ToolOutcome.Error($"Python could not be started: {e.Message}");
        }
        string file = Path.Join(workspace.Scratch, "output", string.Create(CultureInfo.InvariantCulture, $"python-{Guid.NewGuid():N}.txt"));
        using CommandOutput output = new(file, workspace.Shown(file));
        using CancellationTokenSource time = new(timeout, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellation);
        CodeEnd end = await _interpreter.Run(given.Text("code"), output, either.Token);
        string said = output.Take().TrimEnd();
        switch (end)
        {
            case CodeEnd.Finished { Raised: false }: return ToolOutcome.Text(said.Length > 0 ? said : "[No output.]");
            case CodeEnd.Finished: return ToolOutcome.Error(said);
            case CodeEnd.Died died:
                return ToolOutcome.Error($"{Bash.Said(said)}[The interpreter has ended with exit code {died.Code}; its variables are gone. The next call begins anew.]");
            default:
                cancellation.ThrowIfCancellationRequested();
                return ToolOutcome.Error(string.Create(CultureInfo.InvariantCulture,
                    $"{Bash.Said(said)}[Ended after {timeout.TotalSeconds:0.###} s, and the interpreter with it; its variables are gone. The next call begins anew.]"));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_interpreter is not null) await _interpreter.DisposeAsync();
    }
}
