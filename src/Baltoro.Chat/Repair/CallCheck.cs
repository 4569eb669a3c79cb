// What is wrong with one tool call, and what it must have been; it refuses to know the reply around it.

using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Repair;

/// <summary>The outcome of checking a call.</summary>
abstract record CallVerdict
{
    private CallVerdict() { }

    /// <param name="Name">The declared tool's name.</param>
    /// <param name="Arguments">A JSON object; the very same string when nothing was mended in it.</param>
    public sealed record Usable(string Name, string Arguments, Sequence<Mend> Mends) : CallVerdict;

    /// <param name="Problem">What is wrong, with which tool, and what was expected; nothing of the arguments' contents.</param>
    public sealed record Broken(string Problem) : CallVerdict;

    /// <summary>Never to be seen by anyone.</summary>
    public sealed record Dropped : CallVerdict;
}

/// <summary>Checks calls against the tools that were offered. With no tools, any name is right.</summary>
sealed class CallCheck(Sequence<ToolSpec> tools)
{
    const int LongestName = 64, LongestList = 400;

    public CallVerdict Judge(string name, string arguments)
    {
        ToolSpec? tool = tools.IsEmpty ? null : ToolNames.Resolve(tools, name);
        if (tool is null && (!tools.IsEmpty || name.Length == 0))
            return new CallVerdict.Broken($"The model called a tool \"{Shown(name)}\" that does not exist; expected {Names()}.");
        if (ArgumentsText.Unwrap(arguments) is not { } json)
            return new CallVerdict.Broken($"The arguments in the call of tool \"{Shown(name)}\" are {Flaw(arguments)}; expected {Parameters(tool)}.");

        List<Mend> mends = [];
        if (tool is not null && tool.Name != name) mends.Add(Mend.NameResolved);
        if (!ReferenceEquals(json, arguments) && arguments.Length > 0) mends.Add(Mend.ArgumentsUnwrapped);
        if (tool is ToolSpec.Function function && ArgumentTypes.Coerce(json, function.Schema) is { } coerced)
        {
            mends.Add(Mend.ArgumentsCoerced);
            json = coerced;
        }
        return new CallVerdict.Usable(tool?.Name ?? name, json, mends.ToSequence());
    }

    /// <summary>A name as it may stand in a message: the model may have put anything in its place.</summary>
    public static string Shown(string name)
    {
        StringBuilder shown = new(LongestName);
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, LongestName))) shown.Append(char.IsControl(c) || char.IsSurrogate(c) || c == '"' ? '?' : c);
        return name.Length > LongestName ? $"{shown}…" : shown.ToString();
    }

    string Names() => tools.IsEmpty ? "a name" : tools.Count == 1 ? tools[0].Name : $"one of {Listed(tools.Select(tool => tool.Name))}";

    static string Flaw(string arguments)
    {
        try
        {
            using JsonDocument document = Json.Parse(arguments);
            return $"not a JSON object but {Json.Kind(document.RootElement)}";
        }
        catch (JsonException e)
        {
            return arguments.AsSpan().TrimEnd().EndsWith('}') ? $"not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1})" : "cut off or not JSON";
        }
    }

    /// <summary>Such as <c>a JSON object with path: string, limit?: integer</c>.</summary>
    static string Parameters(ToolSpec? tool)
    {
        const string Bare = "a JSON object";
        if (tool is not ToolSpec.Function { Schema: var schema }) return Bare;
        try
        {
            using JsonDocument document = schema.Parse();
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || Json.Optional(document.RootElement, "properties") is not { ValueKind: JsonValueKind.Object } properties) return Bare;
            HashSet<string> required = Json.Optional(document.RootElement, "required") is { ValueKind: JsonValueKind.Array } names
                ? [.. names.EnumerateArray().Where(each => each.ValueKind == JsonValueKind.String).Select(each => each.GetString()!)]
                : [];
            string listed = Listed(properties.EnumerateObject().Select(each => $"{each.Name}{(required.Contains(each.Name) ? "" : "?")}{Type(each.Value)}"));
            return listed.Length == 0 ? Bare : $"{Bare} with {listed}";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Bare;
        }
    }

    static string Type(JsonElement property) =>
        property.ValueKind == JsonValueKind.Object && Json.Optional(property, "type") is { ValueKind: JsonValueKind.String } type ? $": {type.GetString()}" : "";

    static string Listed(IEnumerable<string> names)
    {
        StringBuilder list = new();
        foreach (string name in names)
        {
            if (list.Length + name.Length > LongestList) return list.Append(", …").ToString();
            list.Append(list.Length == 0 ? "" : ", ").Append(name);
        }
        return list.ToString();
    }
}
