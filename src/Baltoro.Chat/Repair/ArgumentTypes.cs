// The part of JSON schema that says which type a value must have, and the values that come in another one; it refuses to validate the rest.

using System.Buffers;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Repair;

/// <summary>
/// Models write numbers, truth values, objects and arrays as text. Such a text becomes what it says where the schema takes that and does not take the
/// text; never the other way, and never where it would lose anything. Understood: <c>type</c> (also a list), <c>enum</c>,
/// <c>const</c>, <c>anyOf</c>, <c>oneOf</c> (any branch may accept), <c>allOf</c>, local <c>$ref</c>, <c>properties</c>, <c>additionalProperties</c>,
/// <c>items</c>. What is not understood accepts everything, so that it changes nothing.
/// </summary>
sealed class ArgumentTypes
{
    /// <summary>Deeper than any sane schema; ends references that go round.</summary>
    const int Deepest = 32;

    /// <summary>Ends schemas that branch at every turn of such a round.</summary>
    const int MostLooks = 100_000;

    readonly JsonElement _root;
    bool _changed;
    int _looks;

    ArgumentTypes(JsonElement root) => _root = root;

    /// <param name="arguments">A JSON object.</param>
    /// <returns>The object with values turned into the types of <paramref name="schema"/>; null when nothing needed it.</returns>
    public static string? Coerce(string arguments, RawJson schema)
    {
        try
        {
            using JsonDocument types = schema.Parse();
            using JsonDocument values = Json.Parse(arguments);
            ArgumentTypes reader = new(types.RootElement);
            ArrayBufferWriter<byte> buffer = new(arguments.Length + 16);
            using Utf8JsonWriter writer = new(buffer, new() { SkipValidation = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            reader.Write(values.RootElement, types.RootElement, writer, 0);
            writer.Flush();
            return reader._changed ? Encoding.UTF8.GetString(buffer.WrittenSpan) : null;
        }
        // A schema that is none, or half a character somewhere: no ground for changing anything.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    void Write(JsonElement value, JsonElement schema, Utf8JsonWriter writer, int depth)
    {
        if (depth > Deepest)
        {
            RawJson.Of(value).WriteTo(writer);
            return;
        }
        if (value.ValueKind == JsonValueKind.String && !Accepts(schema, value, depth) && Said(value) is { } document)
        {
            using (document)
            {
                if (Accepts(schema, document.RootElement, depth))
                {
                    _changed = true;
                    Write(document.RootElement, schema, writer, depth + 1);
                    return;
                }
            }
        }
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    writer.WritePropertyName(member.Name);
                    WriteInside(member.Value, Member(schema, value, member.Name, depth));
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                JsonElement? items = Items(schema, value, depth);
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray()) WriteInside(item, items);
                writer.WriteEndArray();
                break;
            default:
                RawJson.Of(value).WriteTo(writer);
                break;
        }

        void WriteInside(JsonElement inner, JsonElement? type)
        {
            if (type is { } known) Write(inner, known, writer, depth + 1);
            else RawJson.Of(inner).WriteTo(writer);
        }
    }

    /// <summary>What a text says when it is JSON of a type that is not text; the caller disposes it.</summary>
    static JsonDocument? Said(JsonElement text)
    {
        string said = text.GetString()!;
        // Numbers and words exactly as JSON writes them; only what has brackets may have space around it.
        char first = said.AsSpan().TrimStart() is [var c, ..] ? c : ' ';
        if (first is not ('{' or '[') && (said.Length == 0 || said is not ("true" or "false") && said[0] != '-' && !char.IsAsciiDigit(said[0]) || char.IsWhiteSpace(said[^1]))) return null;
        try
        {
            return Json.Parse(said);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    bool Accepts(JsonElement schema, JsonElement value, int depth)
    {
        if (depth > Deepest || ++_looks > MostLooks || schema.ValueKind != JsonValueKind.Object) return true;
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            bool accepts = keyword.Name switch
            {
                "type" => IsOf(keyword.Value, value),
                "enum" when keyword.Value.ValueKind == JsonValueKind.Array => keyword.Value.EnumerateArray().Any(each => JsonElement.DeepEquals(each, value)),
                "const" => JsonElement.DeepEquals(keyword.Value, value),
                "anyOf" or "oneOf" when keyword.Value.ValueKind == JsonValueKind.Array => keyword.Value.EnumerateArray().Any(each => Accepts(each, value, depth + 1)),
                "allOf" when keyword.Value.ValueKind == JsonValueKind.Array => keyword.Value.EnumerateArray().All(each => Accepts(each, value, depth + 1)),
                "$ref" => Referred(keyword.Value) is not { } target || Accepts(target, value, depth + 1),
                _ => true,
            };
            if (!accepts) return false;
        }
        return true;
    }

    static bool IsOf(JsonElement type, JsonElement value) => type.ValueKind switch
    {
        JsonValueKind.Array => type.EnumerateArray().Any(each => IsOf(each, value)),
        JsonValueKind.String => (type.GetString(), value.ValueKind) switch
        {
            ("string", var kind) => kind == JsonValueKind.String,
            ("number", var kind) => kind == JsonValueKind.Number,
            ("integer", var kind) => kind == JsonValueKind.Number && IsWhole(value),
            ("boolean", var kind) => kind is JsonValueKind.True or JsonValueKind.False,
            ("object", var kind) => kind == JsonValueKind.Object,
            ("array", var kind) => kind == JsonValueKind.Array,
            ("null", var kind) => kind == JsonValueKind.Null,
            _ => true,
        },
        _ => true,
    };

    /// <summary>JSON schema counts 5.0 as an integer.</summary>
    static bool IsWhole(JsonElement number) =>
        number.TryGetInt64(out _) || number.TryGetDouble(out double value) && double.IsFinite(value) && value == Math.Floor(value);

    JsonElement? Member(JsonElement schema, JsonElement value, string name, int depth) =>
        Find(schema, value, depth, each =>
            Json.Optional(each, "properties") is { ValueKind: JsonValueKind.Object } properties && properties.TryGetProperty(name, out JsonElement type) ? type
            : Json.Optional(each, "additionalProperties") is { ValueKind: JsonValueKind.Object } rest ? rest
            : null);

    JsonElement? Items(JsonElement schema, JsonElement value, int depth) =>
        Find(schema, value, depth, each => Json.Optional(each, "items") is { ValueKind: JsonValueKind.Object } type ? type : null);

    /// <summary>
    /// What a schema says itself, or in one of the places that it is put together from. Where a value may follow any of several branches,
    /// only what all of them say counts.
    /// </summary>
    JsonElement? Find(JsonElement schema, JsonElement value, int depth, Func<JsonElement, JsonElement?> look)
    {
        if (depth > Deepest || ++_looks > MostLooks || schema.ValueKind != JsonValueKind.Object) return null;
        if (look(schema) is { } own) return own;
        if (Json.Optional(schema, "$ref") is { } reference && Referred(reference) is { } target && Find(target, value, depth + 1, look) is { } referred) return referred;
        foreach (JsonElement part in Branches(schema, "allOf"))
            if (Find(part, value, depth + 1, look) is { } said) return said;
        foreach (string keyword in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            JsonElement?[] said = [.. Branches(schema, keyword).Where(branch => Accepts(branch, value, depth + 1)).Select(branch => Find(branch, value, depth + 1, look))];
            if (said is [{ } first, ..] && said.All(each => each is { } other && JsonElement.DeepEquals(other, first))) return first;
        }
        return null;
    }

    static JsonElement[] Branches(JsonElement schema, string keyword) =>
        Json.Optional(schema, keyword) is { ValueKind: JsonValueKind.Array } branches ? [.. branches.EnumerateArray()] : [];

    /// <summary>The place that a reference such as <c>#/$defs/Item</c> points at (RFC 6901); null for any that is not local.</summary>
    JsonElement? Referred(JsonElement reference)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not ['#', .. var path]) return null;
        JsonElement at = _root;
        foreach (string step in path.Split('/').Skip(1))
        {
            string name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at)) return null;
        }
        return at;
    }
}
