// Which tool a call in Kimi's markup means, by its id or else by its arguments; it refuses to know how the call was written.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Repair;

/// <summary>
/// The id carries the name: <c>functions.NAME:N</c> (Kimi-K2's docs/tool_call_guidance.md), where NAME may hold dots and dashes. Models that have seen
/// other ids in their history write a bare counter, or an id that another vendor made up.
/// </summary>
static class ToolMarkupNames
{
    const string Prefix = "functions.";

    /// <returns>Null when no tool can be told.</returns>
    public static string? Of(string id, string arguments, Sequence<ToolSpec> tools)
    {
        string name = NameIn(id);
        if (name.Length > 0 && tools.Any(tool => tool.Name == name)) return name;
        // A tool's name that starts with the prefix itself.
        if (id.Split(':')[0] is { Length: > 0 } full && tools.Any(tool => tool.Name == full)) return full;
        // The name is clear, though no tool has it: whoever checks names can say so to the model.
        if (HasName(id, name)) return name;
        return ToolMarkupCall.Keys(arguments) is { } keys ? OnlyToolFor(keys, tools) : null;
    }

    /// <summary>What the model wrote in the place of a name, for the client to tell it that there is no such tool; null when it wrote nothing.</summary>
    public static string? Written(string id) => NameIn(id) is { Length: > 0 } name ? name : null;

    /// <summary>True when an id cut off here was that of a call, and not a word of prose.</summary>
    public static bool LooksLikeId(string id, Sequence<ToolSpec> tools) =>
        id.Length == 0 || id.AsSpan().TrimStart(':').ContainsAnyExceptInRange('0', '9') is false
        || id.StartsWith(Prefix, StringComparison.Ordinal) || Prefix.StartsWith(id, StringComparison.Ordinal)
        || ToolMarkupCall.EndsInNumber(id) || tools.Any(tool => tool.Name.StartsWith(NameIn(id), StringComparison.Ordinal));

    /// <summary>What stands before the first colon, without the prefix.</summary>
    public static string NameIn(string id)
    {
        string name = id.Split(':')[0];
        return name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : name;
    }

    static bool HasName(string id, string name) =>
        name.AsSpan().ContainsAnyExceptInRange('0', '9')
        && (id.StartsWith(Prefix, StringComparison.Ordinal) || ToolMarkupCall.EndsInNumber(id));

    /// <summary>The one tool that must have no other keys and may have all of these.</summary>
    static string? OnlyToolFor(HashSet<string> keys, Sequence<ToolSpec> tools)
    {
        string? only = null;
        foreach (ToolSpec tool in tools)
        {
            if (tool is not ToolSpec.Function function || !Takes(function.Schema, keys)) continue;
            if (only is not null) return null;
            only = tool.Name;
        }
        return only;
    }

    static bool Takes(RawJson schema, HashSet<string> keys)
    {
        try
        {
            using JsonDocument document = schema.Parse();
            if (document.RootElement.ValueKind != JsonValueKind.Object) return false;
            HashSet<string> known = Json.Optional(document.RootElement, "properties") is { ValueKind: JsonValueKind.Object } properties
                ? [.. properties.EnumerateObject().Select(member => member.Name)]
                : [];
            return keys.IsSubsetOf(known)
                && (Json.Optional(document.RootElement, "required") is not { ValueKind: JsonValueKind.Array } required
                    || required.EnumerateArray().All(key => key.ValueKind == JsonValueKind.String && keys.Contains(Text.Of(key))));
        }
        // A schema that no one could read tells nothing about its tool.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
