// Whether a call's arguments are what the tool's schema asks for; it refuses to mend them.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Models.Verification;

/// <summary>
/// As much of JSON schema as the examination's tools use: <c>type</c>, <c>enum</c>, <c>properties</c>, <c>required</c>, <c>additionalProperties: false</c>,
/// <c>items</c>, <c>minimum</c> and <c>maximum</c>.
/// </summary>
static class SchemaCheck
{
    /// <summary>What is wrong, with its place; null when nothing is.</summary>
    public static string? Problem(string arguments, RawJson schema)
    {
        try
        {
            using JsonDocument values = JsonDocument.Parse(arguments);
            using JsonDocument types = schema.Parse();
            return Problem(values.RootElement, types.RootElement, "arguments");
        }
        catch (JsonException)
        {
            return "arguments are no JSON";
        }
    }

    static string? Problem(JsonElement value, JsonElement schema, string at)
    {
        string type = schema.GetProperty("type").GetString()!;
        if (!IsOf(type, value)) return $"{at}: {value.ValueKind.ToString().ToLowerInvariant()} where {type} is due";
        if (schema.TryGetProperty("enum", out JsonElement words) && !words.EnumerateArray().Any(word => word.ValueEquals(value.GetString())))
            return $"{at}: none of its words";
        if (schema.TryGetProperty("minimum", out JsonElement least) && value.GetDouble() < least.GetDouble()) return $"{at}: below its least";
        if (schema.TryGetProperty("maximum", out JsonElement most) && value.GetDouble() > most.GetDouble()) return $"{at}: above its most";
        return type switch
        {
            "object" => OfObject(value, schema, at),
            "array" => value.EnumerateArray().Select((item, i) => Problem(item, schema.GetProperty("items"), $"{at}[{i}]")).FirstOrDefault(problem => problem is not null),
            _ => null,
        };
    }

    static string? OfObject(JsonElement value, JsonElement schema, string at)
    {
        JsonElement members = schema.GetProperty("properties");
        foreach (JsonElement name in schema.GetProperty("required").EnumerateArray())
            if (!value.TryGetProperty(name.GetString()!, out _)) return $"{at}: no \"{name.GetString()}\"";
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (!members.TryGetProperty(member.Name, out JsonElement inside)) return $"{at}: a \"{member.Name}\" that is not declared";
            if (Problem(member.Value, inside, $"{at}.{member.Name}") is { } problem) return problem;
        }
        return null;
    }

    static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && number == Math.Floor(number),
        _ => throw new InvalidOperationException($"Unknown type {type} in a tool of the examination."),
    };
}
