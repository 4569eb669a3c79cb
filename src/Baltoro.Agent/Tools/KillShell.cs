// Ends a command that runs in the background.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>KillShell</c>.</summary>
sealed class KillShell(Shells shells) : ITool
{
    public ToolSpec.Function Spec { get; } = Describe.Tool("KillShell", """
        {"type":"object","properties":{
          "shell_id":{"type":"string","description":"What Bash called it, such as shell_1."}
        },"required":["shell_id"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Nothing();

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        string id = new Arguments(arguments).Text("shell_id");
        if (shells.Find(id) is not { } running) return ToolOutcome.Error($"{id}: there is no such command ({shells.Known()}).");
        bool ranBefore = !running.Ended.IsCompleted;
        await running.Stop();
        string output = running.Output.Take().TrimEnd('\n');
        return ToolOutcome.Text(Bash.Said(output) + (ranBefore ? $"[{id} was ended, with all that it had started.]" : $"[{id} had ended before.]"));
    }
}
