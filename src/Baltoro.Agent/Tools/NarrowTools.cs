// The tools of a model of narrow scope: few of the usual ones, with those parameters only that it was trained on. It adds nothing that a tool does.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>Schemas list their members in the order in which the model writes them; nothing is described, for it knows.</summary>
public static class NarrowTools
{
    static readonly (string Name, string Schema)[] Known =
    [
        ("Read", """{"type":"object","properties":{"file_path":{"type":"string"},"limit":{"type":"integer"}},"required":["file_path"],"additionalProperties":false}"""),
        ("Write", """{"type":"object","properties":{"file_path":{"type":"string"},"content":{"type":"string"}},"required":["file_path","content"],"additionalProperties":false}"""),
        ("Edit", """{"type":"object","properties":{"file_path":{"type":"string"},"old_string":{"type":"string"},"new_string":{"type":"string"},"replace_all":{"type":"boolean"}},"required":["file_path","old_string","new_string"],"additionalProperties":false}"""),
        ("Grep", """{"type":"object","properties":{"pattern":{"type":"string"},"glob":{"type":"string"},"output_mode":{"type":"string","enum":["content","files_without_match"]},"head_limit":{"type":"integer"},"offset":{"type":"integer"}},"required":["pattern","head_limit"],"additionalProperties":false}"""),
    ];

    /// <param name="tools">Those of an agent, the four among them.</param>
    public static Sequence<ITool> Of(Sequence<ITool> tools) =>
        Known.Select(ITool (known) => new Brief(tools.First(tool => tool.Spec.Name == known.Name), known.Schema)).ToSequence();

    sealed class Brief(ITool whole, string schema) : ITool
    {
        public ToolSpec.Function Spec { get; } = new(whole.Spec.Name, null, RawJson.Of(schema));

        public Footprint Footprint(JsonElement arguments) => whole.Footprint(arguments);

        public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation) => whole.Run(arguments, cancellation);
    }
}
