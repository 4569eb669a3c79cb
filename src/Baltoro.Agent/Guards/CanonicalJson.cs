// JSON in one spelling, so that two texts which mean the same compare as equal; it refuses to know what they mean.

using System.Text;
using System.Text.Json;

namespace Baltoro.Agent.Guards;

static class CanonicalJson
{
    /// <summary>Members in the order of their names, no white space; a text that is no JSON stays as it is.</summary>
    public static string Of(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            using MemoryStream canonical = new();
            using (Utf8JsonWriter writer = new(canonical)) Write(writer, document.RootElement);
            return Encoding.UTF8.GetString(canonical.GetBuffer(), 0, (int)canonical.Length);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return text;
        }
    }

    static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (JsonProperty member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (JsonElement item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
