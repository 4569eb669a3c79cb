// Reads a command that runs in the background. It does not wait for it.

using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>BashOutput</c>.</summary>
sealed class BashOutput(Shells shells) : ITool
{
    public ToolSpec.Function Spec { get; } = Describe.Tool("BashOutput", """
        {"type":"object","properties":{
          "bash_id":{"type":"string","description":"What Bash called it, such as shell_1."},
          "filter":{"type":"string","description":"A regular expression; only lines that it matches are shown. The others are gone."}
        },"required":["bash_id"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Nothing();

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        string id = given.Text("bash_id");
        if (shells.Find(id) is not { } running) return ToolOutcome.Error($"{id}: there is no such command ({shells.Known()}).");
        Regex? filter = null;
        if (given.TextOrNull("filter") is { } pattern)
        {
            switch (SearchPattern.Of(pattern, ignoreCase: false, multiline: false))
            {
                case SearchPattern.Refused refused: return ToolOutcome.Error(refused.Why);
                case SearchPattern.Valid valid: filter = valid.Regex; break;
            }
        }
        // Its end is looked at first: output that comes between the two is there next time, not lost.
        string state = running.Ended.IsCompleted
            ? await running.Ended switch
            {
                CommandEnd.Exited exited => $"[{id} has ended with exit code {exited.Code}.]",
                _ => $"[{id} was ended.]",
            }
            : $"[{id} is running.]";
        string output = running.Output.Take().TrimEnd('\n');
        if (filter is not null) output = string.Join('\n', output.Split('\n').Where(line => filter.IsMatch(line)));
        return ToolOutcome.Text(Bash.Said(output) + state);
    }
}
