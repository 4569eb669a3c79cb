// Whether a call can be run at all: its tool exists, its arguments are what the schema says. It refuses to know what the tool does.

using System.Text;
using System.Text.Json;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>The outcome of looking at a call before it runs.</summary>
abstract record CheckedCall
{
    private CheckedCall() { }

    /// <param name="Arguments">An object; the caller disposes it.</param>
    public sealed record Runnable(ITool Tool, JsonDocument Arguments) : CheckedCall;

    /// <param name="Problem">For the model: what is wrong, what was expected, and the nearest thing that exists.</param>
    public sealed record Wrong(string Problem) : CheckedCall;
}

/// <summary>Checks the parts of JSON Schema that models get wrong: required and unknown members, types, enumerations.</summary>
static class ArgumentCheck
{
    const int LongestSchema = 2000;

    /// <summary>The share of a name's letters that a model may have got wrong.</summary>
    const double Guessing = 0.5;

    static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    public static CheckedCall Of(Block.ToolCall call, Sequence<ITool> tools)
    {
        ITool? tool = tools.FirstOrDefault(tool => tool.Spec.Name == call.Name);
        if (tool is null)
        {
            string nearest = Nearest.To(call.Name, tools.Select(each => each.Spec.Name), Guessing) is [var name, ..] ? $" Did you mean \"{name}\"?" : "";
            return new CheckedCall.Wrong($"There is no tool \"{Shown(call.Name)}\".{nearest} The tools are: {string.Join(", ", tools.Select(each => each.Spec.Name))}.");
        }
        JsonDocument arguments;
        try
        {
            arguments = JsonDocument.Parse(call.Arguments.Length == 0 ? "{}" : call.Arguments, Options);
        }
        catch (JsonException e)
        {
            return new CheckedCall.Wrong($"The arguments of {call.Name} are not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}): nothing was run. {Expected(tool)}");
        }
        using JsonDocument schema = tool.Spec.Schema.Parse();
        if (Flaw("", arguments.RootElement, schema.RootElement) is not { } flaw) return new CheckedCall.Runnable(tool, arguments);
        arguments.Dispose();
        return new CheckedCall.Wrong($"Wrong arguments of {call.Name}: {flaw}. Nothing was run. {Expected(tool)}");
    }

    static string Expected(ITool tool) => tool.Spec.Schema.Utf8.Length <= LongestSchema ? $"Expected a JSON object that satisfies {tool.Spec.Schema}" : "Expected a JSON object that satisfies the tool's schema.";

    static string? Flaw(string path, JsonElement value, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return null;
        if (schema.TryGetProperty("type", out JsonElement type) && !IsOf(value, type)) return $"{Named(path)} is {Kind(value)}, expected {type}";
        if (schema.TryGetProperty("enum", out JsonElement allowed) && allowed.ValueKind == JsonValueKind.Array
            && !allowed.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)))
            return $"{Named(path)} is {Shown(value.ToString())}, expected one of {allowed}";
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            int index = 0;
            foreach (JsonElement item in value.EnumerateArray())
                if (Flaw($"{path}[{index++}]", item, items) is { } flaw) return flaw;
        }
        return value.ValueKind == JsonValueKind.Object ? Members(path, value, schema) : null;
    }

    static string? Members(string path, JsonElement value, JsonElement schema)
    {
        bool isListed = schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object;
        string[] known = isListed ? [.. properties.EnumerateObject().Select(property => property.Name)] : [];
        string? missing = schema.TryGetProperty("required", out JsonElement required) && required.ValueKind == JsonValueKind.Array
            ? required.EnumerateArray().Select(name => name.GetString()!).FirstOrDefault(name => !value.TryGetProperty(name, out _)) : null;
        string? stranger = value.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !known.Contains(name));
        bool isClosed = schema.TryGetProperty("additionalProperties", out JsonElement additional) && additional.ValueKind == JsonValueKind.False;
        if (missing is not null)
            return $"{Named(Inside(path, missing))} is missing" + (stranger is null || !isListed ? "" : $", and {Named(Inside(path, Shown(stranger)))} is not known");
        if (stranger is not null && isClosed)
            return $"{Named(Inside(path, Shown(stranger)))} is not known" + (Nearest.To(stranger, known, Guessing) is [var near, ..] ? $"; did you mean \"{near}\"?" : "");
        if (!isListed) return null;
        foreach (JsonProperty property in properties.EnumerateObject())
            if (value.TryGetProperty(property.Name, out JsonElement member) && Flaw(Inside(path, property.Name), member, property.Value) is { } flaw) return flaw;
        return null;
    }

    static bool IsOf(JsonElement value, JsonElement type) => type.ValueKind switch
    {
        JsonValueKind.Array => type.EnumerateArray().Any(each => IsOf(value, each)),
        JsonValueKind.String => type.GetString() switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && number == Math.Floor(number),
            _ => true,
        },
        _ => true,
    };

    static string Inside(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    static string Named(string path) => path.Length == 0 ? "the whole" : $"\"{path}\"";

    static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    /// <summary>The model may have put anything in its place.</summary>
    static string Shown(string text)
    {
        const int Longest = 64;
        StringBuilder shown = new();
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, Longest))) shown.Append(char.IsControl(c) || char.IsSurrogate(c) ? '?' : c);
        return text.Length > Longest ? $"{shown}…" : shown.ToString();
    }
}
