// Works out which tools are in force at the end of a conversation, for models that know only one fixed list.

using System.Text.Json;

namespace Baltoro.Chat.History;

/// <summary>
/// A deferred tool is hidden until the history names it (a <see cref="Block.ToolReference"/> in a tool result, or a <c>tool_addition</c> in a
/// system turn); a <c>tool_removal</c> takes one away. Tools that were loaded come last, in the order of their loading,
/// so that loading one leaves the list in front of it as it was. What the markers meant is told to the model as text in their place.
/// </summary>
static class DeferredTools
{
    public static ChatRequest Resolve(ChatRequest request, ModelCard card)
    {
        if (card.IsClaude()) return request;

        List<string> loaded = [];
        HashSet<string> removed = new(StringComparer.Ordinal);
        Dictionary<string, ToolSpec> inline = new(StringComparer.Ordinal);
        ChatRequest told = request with
        {
            Turns = request.Turns.Map(turn => turn with { Blocks = turn.Blocks.Change(block => Tell(block, loaded, removed, inline)) }),
        };

        List<ToolSpec> tools = [.. request.Tools.Where(tool => tool is not ToolSpec.Function { Deferred: true } && !removed.Contains(tool.Name))];
        foreach (string name in loaded)
        {
            if (removed.Contains(name) || tools.Exists(tool => tool.Name == name)) continue;
            ToolSpec? tool = request.Tools.FirstOrDefault(tool => tool.Name == name) ?? inline.GetValueOrDefault(name);
            if (tool is not null) tools.Add(tool);
        }
        return told with { Tools = tools.Select(Plain).ToSequence() };
    }

    static ToolSpec Plain(ToolSpec tool) => tool switch
    {
        ToolSpec.Function { Deferred: false, Examples.IsEmpty: true } => tool,
        ToolSpec.Function function => function with
        {
            Deferred = false,
            Examples = [],
            Description = function.Examples.IsEmpty
                ? function.Description
                : $"{function.Description}\n\nExamples of arguments:\n{string.Join('\n', function.Examples)}".TrimStart(),
        },
        _ => tool,
    };

    static Block Tell(Block block, List<string> loaded, HashSet<string> removed, Dictionary<string, ToolSpec> inline)
    {
        switch (block)
        {
            case Block.ToolReference reference:
                Load(reference.ToolName);
                return new Block.Text($"Loaded tool: {reference.ToolName}");
            case Block.ToolResult result:
                return result with { Content = result.Content.Change(inner => Tell(inner, loaded, removed, inline)) };
            case Block.Opaque { Format: WireFormat.Anthropic, Kind: "tool_addition", Json: var json } when Named(json, inline) is { } name:
                Load(name);
                return new Block.Text($"The tool {name} is available from here on.");
            case Block.Opaque { Format: WireFormat.Anthropic, Kind: "tool_removal", Json: var json } when Named(json, inline) is { } name:
                removed.Add(name);
                return new Block.Text($"The tool {name} is no longer available.");
            default:
                return block;
        }

        void Load(string name)
        {
            removed.Remove(name);
            if (!loaded.Contains(name)) loaded.Add(name);
        }
    }

    /// <summary>The tool that an addition or removal names; a definition that comes with it is remembered.</summary>
    internal static string? Named(RawJson json, Dictionary<string, ToolSpec> inline)
    {
        using JsonDocument document = json.Parse();
        if (!document.RootElement.TryGetProperty("tool", out JsonElement tool) || tool.ValueKind != JsonValueKind.Object) return null;
        if (!tool.TryGetProperty("name", out JsonElement name) || name.ValueKind != JsonValueKind.String) return null;
        if (tool.TryGetProperty("input_schema", out JsonElement schema) && schema.ValueKind == JsonValueKind.Object)
        {
            string? description = tool.TryGetProperty("description", out JsonElement text) && text.ValueKind == JsonValueKind.String
                ? text.GetString()
                : null;
            inline[name.GetString()!] = new ToolSpec.Function(name.GetString()!, description, RawJson.Of(schema));
        }
        return name.GetString();
    }
}
