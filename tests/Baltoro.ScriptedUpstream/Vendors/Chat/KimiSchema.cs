// The part of JSON Schema that Kimi takes for tools. It does not know the tools.

using System.Text.Json;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

static class KimiSchema
{
    static readonly string[] Choices = ["anyOf", "oneOf", "allOf"];

    /// <summary>The first thing wrong, with the path to it; null when nothing is.</summary>
    public static string? Problem(JsonElement schema) =>
        schema.Text("type") != "object" ? "At path 'root': type must be object" : At(schema, "properties");

    static string? At(JsonElement schema, string path)
    {
        foreach (var (name, children) in Children(schema, path))
        {
            if (children.ValueKind != JsonValueKind.Object) continue;
            if (children.Member("$ref") is not null) return $"At path '{name}': $ref must be inlined";
            if (children.Member("type") is null && !Choices.Any(c => children.Member(c) is not null)) return $"At path '{name}': type is not defined";
            if (At(children, name) is { } problem) return problem;
        }
        return null;
    }

    static IEnumerable<(string Path, JsonElement Schema)> Children(JsonElement schema, string path)
    {
        if (schema.Member("properties") is { ValueKind: JsonValueKind.Object } properties)
            foreach (var property in properties.EnumerateObject()) yield return ($"{path}.{property.Name}", property.Value);
        if (schema.Member("items") is { } items) yield return ($"{path}.items", items);
        foreach (var choice in Choices)
            foreach (var (i, option) in schema.Items(choice).Index()) yield return ($"{path}.{choice}.{i}", option);
    }
}
