// The tools of a request as TypeScript, as Kimi K2.5 has learnt to read them. Knows no template.

using System.Globalization;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Models.Local;

/// <summary>
/// The form of Moonshot's <c>tool_declaration_ts.py</c>: required properties before others, each group by name; descriptions and constraints as comments.
/// </summary>
static class TypeScriptTools
{
    const string Indent = "  ";

    /// <summary>Null when a schema has no such form; then tools are declared in JSON.</summary>
    public static string? Declare(ChatRequest request)
    {
        List<string> functions = [];
        foreach (ToolSpec.Function tool in ToolDeclarations.Functions(request))
        {
            using JsonDocument schema = tool.Schema.Parse();
            if (new Declaration(schema.RootElement).Of(tool) is not { } function) return null;
            functions.Add(function);
        }
        return $"# Tools\n\n## functions\nnamespace functions {{\n{string.Join('\n', functions)}\n}}\n";
    }

    /// <summary>One tool.</summary>
    sealed class Declaration(JsonElement schema)
    {
        readonly Dictionary<string, JsonElement> _definitions = new(StringComparer.Ordinal);
        bool _refersToItself;
        bool _failed;

        public string? Of(ToolSpec.Function tool)
        {
            string parameters = Object(schema, "");
            List<string> parts = [];
            if (_refersToItself) parts.Add($"interface parameters {parameters}");
            // Definitions may bring definitions.
            for (int i = 0; i < _definitions.Count; i++)
            {
                (string name, JsonElement definition) = _definitions.ElementAt(i);
                string type = Type(definition, "");
                parts.Add((Text(definition, "description") is { Length: > 0 } words ? Comment(words, "") + "\n" : "") + $"interface {name} {type}");
            }
            if (tool.Description is { Length: > 0 } description) parts.Add(Comment(description, ""));
            parts.Add($"type {tool.Name} = (_: {(_refersToItself ? "parameters" : parameters)}) => any;");
            return _failed ? null : string.Join('\n', parts);
        }

        string Object(JsonElement type, string indent)
        {
            if (type.ValueKind != JsonValueKind.Object) return Fail();
            if (Member(type, "$defs") is { ValueKind: JsonValueKind.Object } definitions)
                foreach (JsonProperty definition in definitions.EnumerateObject().OrderBy(definition => definition.Name, StringComparer.Ordinal)) _definitions.TryAdd(definition.Name, definition.Value);
            string inner = indent + Indent;
            HashSet<string> required = Member(type, "required") is { ValueKind: JsonValueKind.Array } names
                ? [.. names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!)] : [];
            List<string> fields = [];
            if (Member(type, "properties") is { ValueKind: JsonValueKind.Object } properties)
                foreach (JsonProperty property in properties.EnumerateObject().OrderBy(property => !required.Contains(property.Name)).ThenBy(property => property.Name, StringComparer.Ordinal))
                    fields.Add(Comments(property.Value, inner) + $"{inner}{property.Name}{(required.Contains(property.Name) ? "" : "?")}: {Type(property.Value, inner)}");
            if (Member(type, "additionalProperties") is { ValueKind: not JsonValueKind.Null } more)
                fields.Add($"{inner}[k: string]: {more.ValueKind switch { JsonValueKind.True => "any", JsonValueKind.False => "never", _ => Type(more, inner) }}");
            return fields.Count == 0 ? "{}" : $"{{\n{string.Join(",\n", fields)}\n{indent}}}";
        }

        string Type(JsonElement type, string indent)
        {
            if (type.ValueKind == JsonValueKind.True) return "any";
            if (type.ValueKind == JsonValueKind.False) return "null";
            if (type.ValueKind != JsonValueKind.Object) return Fail();
            if (Text(type, "$ref") is { } reference) return Reference(reference);
            if (Member(type, "anyOf") is { ValueKind: JsonValueKind.Array } choices) return string.Join(" | ", choices.EnumerateArray().Select(choice => Type(choice, indent)));
            if (Member(type, "enum") is { ValueKind: JsonValueKind.Array } values) return string.Join(" | ", values.EnumerateArray().Select(Literal));
            if (Member(type, "type") is not { } kind) return type.EnumerateObject().Any() ? Fail() : "any";
            if (kind.ValueKind == JsonValueKind.Array) return string.Join(" | ", kind.EnumerateArray().Select(one => one.ValueKind == JsonValueKind.String ? Plain(one.GetString()!) : Fail()));
            return Text(type, "type") switch
            {
                "object" => Object(type, indent),
                "array" => Array(type, indent),
                "integer" => "number",
                { } name => name,
                null => Fail(),
            };
        }

        string Array(JsonElement type, string indent)
        {
            if (Member(type, "items") is not { ValueKind: JsonValueKind.Object } item || !item.EnumerateObject().Any()) return "Array<any>";
            string inner = indent + Indent, comments = Described(item, inner);
            return comments.Length == 0 ? $"Array<{Type(item, indent)}>" : $"Array<\n{comments}{inner}{Type(item, inner)}\n{indent}>";
        }

        string Reference(string reference)
        {
            if (reference == "#")
            {
                _refersToItself = true;
                return "parameters";
            }
            string name = reference[(reference.LastIndexOf('/') + 1)..];
            return reference.StartsWith("#/$defs/", StringComparison.Ordinal) && _definitions.ContainsKey(name) ? name : Fail();
        }

        string Fail()
        {
            _failed = true;
            return "";
        }

        static string Plain(string type) => type switch
        {
            "integer" => "number",
            "object" => "{}",
            "array" => "Array<any>",
            _ => type,
        };

        /// <summary>As Python shows it, whose names for these differ from JSON's.</summary>
        static string Literal(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.String => $"\"{value.GetString()}\"",
            JsonValueKind.True => "True",
            JsonValueKind.False => "False",
            JsonValueKind.Null => "None",
            _ => value.GetRawText(),
        };

        static string Comments(JsonElement type, string indent)
        {
            string comments = type.ValueKind == JsonValueKind.Object ? Described(type, indent) : "";
            if (type.ValueKind == JsonValueKind.Object && Member(type, "default") is { ValueKind: not JsonValueKind.Null } value)
                comments += $"{indent}// Default: {(value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Literal(value) : PythonJson.Of(value))}\n";
            return comments;
        }

        static string Described(JsonElement type, string indent)
        {
            // What only names a type elsewhere, or a choice of types, has no constraints of its own.
            string[] kept = Text(type, "$ref") is not null || Member(type, "anyOf") is not null || Member(type, "enum") is not null ? [] : Text(type, "type") switch
            {
                "string" => ["maxLength", "minLength", "pattern"],
                "number" or "integer" => ["maximum", "minimum"],
                "array" => ["maxItems", "minItems"],
                _ => [],
            };
            string lines = Text(type, "description") is { Length: > 0 } description ? Comment(description, indent) + "\n" : "";
            string constraints = string.Join(", ", kept.Where(name => Member(type, name) is not null)
                .Select(name => string.Create(CultureInfo.InvariantCulture, $"{name}: {(Text(type, name) ?? Member(type, name)!.Value.GetRawText())}")));
            return constraints.Length == 0 ? lines : $"{lines}{indent}// {constraints}\n";
        }

        static string Comment(string text, string indent) => string.Join('\n', text.Split('\n').Select(line => line.Length == 0 ? "" : $"{indent}// {line}"));

        static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out JsonElement value) ? value : null;

        static string? Text(JsonElement element, string name) => Member(element, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
    }
}
