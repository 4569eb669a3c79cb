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
    /// <summary>What turns have said of tools.</summary>
    public sealed class Named
    {
        public List<string> Loaded { get; private init; } = [];

        public HashSet<string> Removed { get; private init; } = new(StringComparer.Ordinal);

        /// <summary>Tools that came with their names.</summary>
        public Dictionary<string, ToolSpec> Inline { get; private init; } = new(StringComparer.Ordinal);

        public Named Fork() => new() { Loaded = [.. Loaded], Removed = new(Removed, Removed.Comparer), Inline = new(Inline, Inline.Comparer) };
    }

    /// <summary>The turns with text in place of the markers.</summary>
    /// <param name="said">What the turns in front said; what these say is added.</param>
    public static ChatRequest Tell(ChatRequest request, ModelCard card, Named said) => card.IsClaude() ? request : request.ReplaceBlocks(block => Tell(block, said));

    /// <summary>The tools that are in force at the end.</summary>
    public static ChatRequest Resolve(ChatRequest request, ModelCard card, Named said)
    {
        if (card.IsClaude()) return request;

        List<ToolSpec> tools = [.. request.Tools.Where(tool => tool is not ToolSpec.Function { Deferred: true } && !said.Removed.Contains(tool.Name))];
        foreach (string name in said.Loaded)
        {
            if (said.Removed.Contains(name) || tools.Exists(tool => tool.Name == name)) continue;
            ToolSpec? tool = request.Tools.FirstOrDefault(tool => tool.Name == name) ?? said.Inline.GetValueOrDefault(name);
            if (tool is not null) tools.Add(tool);
        }
        return request with { Tools = tools.Select(Plain).ToSequence() };
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

    static Block Tell(Block block, Named said)
    {
        switch (block)
        {
            case Block.ToolReference reference:
                Load(reference.ToolName);
                return new Block.Text($"Loaded tool: {reference.ToolName}");
            case Block.ToolResult result:
                return result with { Content = result.Content.Change(inner => Tell(inner, said)) };
            case Block.Opaque { Format: WireFormat.Anthropic, Kind: "tool_addition", Json: var json } when Name(json, said.Inline) is { } name:
                Load(name);
                return new Block.Text($"The tool {name} is available from here on.");
            case Block.Opaque { Format: WireFormat.Anthropic, Kind: "tool_removal", Json: var json } when Name(json, said.Inline) is { } name:
                said.Removed.Add(name);
                return new Block.Text($"The tool {name} is no longer available.");
            default:
                return block;
        }

        void Load(string name)
        {
            said.Removed.Remove(name);
            if (!said.Loaded.Contains(name)) said.Loaded.Add(name);
        }
    }

    /// <summary>The tool that an addition or removal names; a definition that comes with it is remembered.</summary>
    internal static string? Name(RawJson json, Dictionary<string, ToolSpec> inline)
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
