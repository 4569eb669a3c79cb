// Reading JSON objects so that every complaint says what was wrong, where, and what was expected; it knows no format.

using System.Text;
using System.Text.Json;

namespace Baltoro.Chat.Wire;

/// <summary>A body that cannot be read. Caught at the edge of a reader and turned into a value; never leaves this assembly.</summary>
sealed class UnreadableException(string path, string problem) : Exception($"{path}: {problem}")
{
    public string Path { get; } = path;

    public string Problem { get; } = problem;

    /// <summary>The same complaint, seen from one level further out.</summary>
    public UnreadableException Inside(string outer) =>
        new(Path.Length == 0 ? outer : Path[0] == '[' ? outer + Path : $"{outer}.{Path}", Problem);
}

/// <summary>Typed access to the members of a JSON object. A member that is JSON null counts as absent.</summary>
static class Json
{
    /// <summary>Deep enough for any tool schema, shallow enough for any stack.</summary>
    public static readonly JsonDocumentOptions Options = new() { MaxDepth = 128 };

    /// <summary>Half a character in the text is read as U+FFFD, as it would be written; the caller disposes the document.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static JsonDocument Parse(string text) => JsonDocument.Parse(Encoding.UTF8.GetBytes(text), Options);

    public static JsonElement? Optional(JsonElement obj, string name) =>
        obj.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static JsonElement Required(JsonElement obj, string name) =>
        Optional(obj, name) ?? throw new UnreadableException(name, "Field required");

    public static string String(JsonElement obj, string name) =>
        OptionalString(obj, name) ?? throw new UnreadableException(name, "Field required");

    public static string? OptionalString(JsonElement obj, string name) => Optional(obj, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } value => Text.Of(value),
        { } value => throw Unexpected(name, "a string", value),
    };

    public static bool? OptionalBool(JsonElement obj, string name) => Optional(obj, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw Unexpected(name, "true or false", value),
    };

    /// <summary>A whole number; <c>4096.0</c> counts as one, and what is larger than fits is the largest that fits.</summary>
    public static int? OptionalInt(JsonElement obj, string name) => OptionalNumber(obj, name) switch
    {
        null => null,
        { } number when number == Math.Floor(number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue),
        { } number => throw new UnreadableException(name, $"expected a whole number, got {number}"),
    };

    public static double? OptionalNumber(JsonElement obj, string name) => Optional(obj, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Number } value when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        { } value => throw Unexpected(name, "a number", value),
    };

    public static JsonElement? OptionalObject(JsonElement obj, string name) => Optional(obj, name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } value => value,
        { } value => throw Unexpected(name, "an object", value),
    };

    public static RawJson? OptionalRaw(JsonElement obj, string name) => Optional(obj, name) is { } value ? RawJson.Of(value) : null;

    /// <summary>Reads each item of an array; empty when the member is absent.</summary>
    public static Sequence<T> Items<T>(JsonElement obj, string name, Func<JsonElement, T> read)
    {
        if (Optional(obj, name) is not { } array) return [];
        if (array.ValueKind != JsonValueKind.Array) throw Unexpected(name, "an array", array);
        return Items(array, name, read, 0);
    }

    public static Sequence<T> Items<T>(JsonElement array, string name, Func<JsonElement, T> read, int index)
    {
        List<T> items = new(array.GetArrayLength());
        foreach (JsonElement item in array.EnumerateArray())
        {
            try
            {
                items.Add(read(item));
            }
            catch (UnreadableException e)
            {
                throw e.Inside($"{name}[{index}]");
            }
            index++;
        }
        return items.ToSequence();
    }

    /// <summary>Reads the value of a member, so that complaints from inside name the member.</summary>
    public static T Within<T>(JsonElement value, string name, Func<JsonElement, T> read)
    {
        try
        {
            return read(value);
        }
        catch (UnreadableException e)
        {
            throw e.Inside(name);
        }
    }

    /// <summary>The members of <paramref name="obj"/> that are not in <paramref name="known"/>; null when there are none.</summary>
    public static Extra? Rest(JsonElement obj, WireFormat format, ReadOnlySpan<string> known)
    {
        List<Field>? rest = null;
        foreach (JsonProperty member in obj.EnumerateObject())
        {
            bool isKnown = false;
            foreach (string name in known)
                if (isKnown = member.NameEquals(name)) break;
            if (!isKnown) (rest ??= []).Add(new(member.Name, RawJson.Of(member.Value)));
        }
        return rest is null ? null : new(format, rest.ToSequence());
    }

    /// <summary>
    /// Throws <see cref="InvalidOperationException"/> when a name or string in <paramref name="tools"/> holds half of a surrogate pair. Schemas are
    /// kept raw and read much later, where nobody could tell the client any more.
    /// </summary>
    /// <param name="body">Where the tools stand; without an escaped surrogate in it there is nothing to look for.</param>
    public static void RequireWhole(JsonElement? tools, ReadOnlySpan<byte> body)
    {
        if (tools is { } given && (body.IndexOf("\\ud"u8) >= 0 || body.IndexOf("\\uD"u8) >= 0)) Look(given);

        static void Look(JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.String: _ = value.GetString(); break;
                case JsonValueKind.Array:
                    foreach (JsonElement item in value.EnumerateArray()) Look(item);
                    break;
                case JsonValueKind.Object:
                    foreach (JsonProperty member in value.EnumerateObject())
                    {
                        _ = member.Name;
                        Look(member.Value);
                    }
                    break;
            }
        }
    }

    public static JsonElement Object(JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value : throw Unexpected("", "an object", value);

    public static UnreadableException Unexpected(string path, string expected, JsonElement got) =>
        new(path, $"expected {expected}, got {Kind(got)}");

    public static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
