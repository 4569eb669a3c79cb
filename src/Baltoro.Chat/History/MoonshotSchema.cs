// Rewrites one tool schema into the subset of JSON schema that Moonshot's validator takes ("MFJS"); it knows nothing of tools.

using System.Text.Json;

namespace Baltoro.Chat.History;

/// <summary>
/// What the subset asks, from the vendor's published cases and its error texts: the root is an object without compositions; every other schema
/// is an object with a <c>type</c>, or an <c>anyOf</c> whose branches carry the types; references are local. So: references are written out
/// (a recursive one ends as a plain object), <c>oneOf</c> becomes <c>anyOf</c>, <c>allOf</c> and root compositions are merged,
/// a missing type is inferred, keywords outside the subset go. A schema loses constraints, never properties.
/// </summary>
sealed class MoonshotSchema(JsonElement root, Utf8JsonWriter writer)
{
    /// <summary>Bounds what a hostile nest of references can grow to.</summary>
    const int MostNodes = 20_000;

    static readonly string[] AnyType = ["string", "number", "integer", "boolean", "object", "array", "null"];

    readonly HashSet<string> _expanding = new(StringComparer.Ordinal);
    int _nodes;

    public void WriteRoot() => WriteObject(Merged(root, root: true), root: true);

    void Write(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || ++_nodes > MostNodes)
        {
            // `true` and whatever else is no schema: anything goes.
            writer.WriteStartObject();
            WriteTypes(AnyType);
            writer.WriteEndObject();
            return;
        }
        if (Text(schema, "$ref") is { } reference)
        {
            WriteReferenced(schema, reference);
            return;
        }
        if (schema.TryGetProperty("allOf"u8, out _)) WriteObject(Merged(schema, root: false), root: false);
        else if (Branches(schema) is { } branches) WriteAnyOf(schema, branches);
        else WriteObject(Members(schema), root: false);
    }

    void WriteReferenced(JsonElement schema, string reference)
    {
        if (Resolve(reference) is not { } target || !_expanding.Add(reference))
        {
            writer.WriteStartObject();
            writer.WriteString("type"u8, "object"u8);
            if (Text(schema, "description") is { } description) writer.WriteString("description"u8, description);
            writer.WriteEndObject();
            return;
        }
        Write(target);
        _expanding.Remove(reference);
    }

    /// <summary>The parent's type goes into each branch that has none; branches that only restrict the parent's properties are dropped.</summary>
    void WriteAnyOf(JsonElement schema, JsonElement branches)
    {
        if (schema.TryGetProperty("properties"u8, out _))
        {
            WriteObject(Members(schema), root: false);
            return;
        }
        writer.WriteStartObject();
        WriteNotes(schema);
        writer.WriteStartArray("anyOf"u8);
        foreach (JsonElement branch in branches.EnumerateArray())
        {
            if (branch.ValueKind == JsonValueKind.Object && !IsTyped(branch) && schema.TryGetProperty("type"u8, out JsonElement type))
                WriteObject([new("type", type), .. Members(branch)], root: false);
            else Write(branch);
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    void WriteObject(List<KeyValuePair<string, JsonElement>> members, bool root)
    {
        writer.WriteStartObject();
        if (root) writer.WriteString("type"u8, "object"u8);
        else WriteType(members);

        HashSet<string> written = new(StringComparer.Ordinal);
        foreach ((string name, JsonElement value) in members)
        {
            // Merged members repeat; properties and required names are collected at their first appearance, of the rest the first wins.
            if (name == "const" ? written.Contains("enum") : written.Contains(name)) continue;
            written.Add(name == "const" ? "enum" : name);
            switch (name)
            {
                case "title" or "description" or "pattern" when value.ValueKind == JsonValueKind.String:
                case "minimum" or "maximum" or "minLength" or "maxLength" or "minItems" or "maxItems" when value.ValueKind == JsonValueKind.Number:
                case "enum" when value.ValueKind == JsonValueKind.Array:
                case "default" or "additionalProperties" when name == "default" || value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    writer.WritePropertyName(name);
                    value.WriteTo(writer);
                    break;
                case "const":
                    writer.WriteStartArray("enum"u8);
                    value.WriteTo(writer);
                    writer.WriteEndArray();
                    break;
                case "additionalProperties" or "items" when value.ValueKind == JsonValueKind.Object:
                    writer.WritePropertyName(name);
                    Write(value);
                    break;
                case "items" or "prefixItems" when value.ValueKind == JsonValueKind.Array && written.Add("tuple"):
                    writer.WriteStartArray("prefixItems"u8);
                    foreach (JsonElement item in value.EnumerateArray()) Write(item);
                    writer.WriteEndArray();
                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    WriteProperties(members);
                    break;
                case "required" when value.ValueKind == JsonValueKind.Array:
                    WriteRequired(members);
                    break;
                default:
                    // Not written after all: a later one may be.
                    written.Remove(name);
                    break;
            }
        }
        if (root && !written.Contains("properties"))
        {
            writer.WriteStartObject("properties"u8);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    void WriteProperties(List<KeyValuePair<string, JsonElement>> members)
    {
        HashSet<string> written = new(StringComparer.Ordinal);
        writer.WriteStartObject("properties"u8);
        foreach ((string name, JsonElement value) in members)
        {
            if (name != "properties" || value.ValueKind != JsonValueKind.Object) continue;
            foreach (JsonProperty property in value.EnumerateObject())
            {
                if (!written.Add(property.Name)) continue;
                writer.WritePropertyName(property.Name);
                Write(property.Value);
            }
        }
        writer.WriteEndObject();
    }

    /// <summary>A required name that is no property is refused.</summary>
    void WriteRequired(List<KeyValuePair<string, JsonElement>> members)
    {
        HashSet<string> names = Names(members);
        HashSet<string> written = new(StringComparer.Ordinal);
        writer.WriteStartArray("required"u8);
        foreach ((string name, JsonElement value) in members)
        {
            if (name != "required" || value.ValueKind != JsonValueKind.Array) continue;
            foreach (JsonElement item in value.EnumerateArray())
                if (item.ValueKind == JsonValueKind.String && item.GetString()! is var wanted && names.Contains(wanted) && written.Add(wanted))
                    writer.WriteStringValue(wanted);
        }
        writer.WriteEndArray();
    }

    static HashSet<string> Names(List<KeyValuePair<string, JsonElement>> members) =>
        members.Where(member => member is { Key: "properties", Value.ValueKind: JsonValueKind.Object })
            .SelectMany(member => member.Value.EnumerateObject().Select(property => property.Name)).ToHashSet(StringComparer.Ordinal);

    void WriteType(List<KeyValuePair<string, JsonElement>> members)
    {
        foreach ((string name, JsonElement value) in members)
        {
            if (name != "type" || value.ValueKind is not (JsonValueKind.String or JsonValueKind.Array)) continue;
            writer.WritePropertyName("type"u8);
            value.WriteTo(writer);
            return;
        }
        WriteTypes(Infer(members));
    }

    void WriteTypes(string[] types)
    {
        if (types.Length == 1)
        {
            writer.WriteString("type"u8, types[0]);
            return;
        }
        writer.WriteStartArray("type"u8);
        foreach (string type in types) writer.WriteStringValue(type);
        writer.WriteEndArray();
    }

    static string[] Infer(List<KeyValuePair<string, JsonElement>> members)
    {
        foreach ((string name, JsonElement value) in members)
        {
            switch (name)
            {
                case "properties" or "required" or "additionalProperties": return ["object"];
                case "items" or "prefixItems" or "minItems" or "maxItems": return ["array"];
                case "pattern" or "minLength" or "maxLength" or "format": return ["string"];
                case "minimum" or "maximum" or "multipleOf": return ["number"];
                case "const": return [TypeOf(value)];
                case "enum" when value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0:
                    return [.. value.EnumerateArray().Select(TypeOf).Distinct()];
            }
        }
        return AnyType;
    }

    static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => value.TryGetInt64(out _) ? "integer" : "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    /// <summary>The members of a schema and of everything it is composed of by <c>allOf</c> (at the root: by any composition).</summary>
    List<KeyValuePair<string, JsonElement>> Merged(JsonElement schema, bool root, int depth = 0)
    {
        List<KeyValuePair<string, JsonElement>> members = Members(schema);
        if (depth > 8) return members;
        foreach (JsonProperty member in schema.EnumerateObject())
        {
            if (member.NameEquals("$ref"u8) && member.Value.ValueKind == JsonValueKind.String && Resolve(member.Value.GetString()!) is { } target)
                members.AddRange(Merged(target, root, depth + 1));
            bool alternative = member.NameEquals("anyOf"u8) || member.NameEquals("oneOf"u8);
            if (!(member.NameEquals("allOf"u8) || (root && alternative)) || member.Value.ValueKind != JsonValueKind.Array) continue;
            foreach (JsonElement part in member.Value.EnumerateArray())
            {
                if (part.ValueKind != JsonValueKind.Object) continue;
                // What one alternative requires, another may not have.
                members.AddRange(Merged(part, root, depth + 1).Where(inner => !alternative || inner.Key is not ("required" or "description" or "title")));
            }
        }
        return members;
    }

    static List<KeyValuePair<string, JsonElement>> Members(JsonElement schema) =>
        [.. schema.EnumerateObject().Select(member => KeyValuePair.Create(member.Name, member.Value))];

    void WriteNotes(JsonElement schema)
    {
        foreach (JsonProperty member in schema.EnumerateObject())
            if (member.Name is "title" or "description" or "default") member.WriteTo(writer);
    }

    static JsonElement? Branches(JsonElement schema) =>
        schema.TryGetProperty("anyOf"u8, out JsonElement branches) || schema.TryGetProperty("oneOf"u8, out branches)
            ? branches.ValueKind == JsonValueKind.Array && branches.GetArrayLength() > 0 ? branches : null
            : null;

    static bool IsTyped(JsonElement schema) => schema.EnumerateObject().Any(member => member.Name is "type" or "$ref" or "anyOf" or "oneOf" or "allOf" or "const" or "enum");

    JsonElement? Resolve(string reference)
    {
        if (reference == "#") return root;
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) return null;
        JsonElement target = root;
        foreach (string step in reference[2..].Split('/'))
        {
            string name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (target.ValueKind != JsonValueKind.Object || !target.TryGetProperty(name, out target)) return null;
        }
        return target.ValueKind == JsonValueKind.Object ? target : null;
    }

    static string? Text(JsonElement schema, string name) =>
        schema.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
