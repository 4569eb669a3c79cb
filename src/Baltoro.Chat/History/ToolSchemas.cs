// Tool schemas in the subset of JSON schema that a vendor takes.

using System.Buffers;
using System.Text.Json;

namespace Baltoro.Chat.History;

/// <summary>
/// Anthropic gets schemas as they are. Everyone else gets the root made whole (<c>type: object</c>, <c>properties</c> present) and JSON null
/// keywords dropped; Moonshot also gets what <see cref="MoonshotSchema"/> says. A whole schema keeps its bytes where the vendor takes any.
/// </summary>
static class ToolSchemas
{
    public static ChatRequest Sanitise(ChatRequest request, ModelCard card) => card.IsClaude() ? request : request with
    {
        Tools = request.Tools.Map(tool => tool is ToolSpec.Function function && Sanitise(function.Schema, card.Schemas) is var schema && schema != function.Schema
            ? function with { Schema = schema }
            : tool),
    };

    internal static RawJson Sanitise(RawJson schema, SchemaDialect dialect)
    {
        using JsonDocument document = schema.Parse();
        ArrayBufferWriter<byte> buffer = new(schema.Utf8.Length + 64);
        using Utf8JsonWriter writer = new(buffer, new() { SkipValidation = true, MaxDepth = 256 });
        if (document.RootElement.ValueKind != JsonValueKind.Object) return RawJson.Of("""{"type":"object","properties":{}}""");
        if (dialect == SchemaDialect.Moonshot) new MoonshotSchema(document.RootElement, writer).WriteRoot();
        else if (IsWhole(document.RootElement)) return schema;
        else WriteRoot(document.RootElement, writer);
        writer.Flush();
        return new(buffer.WrittenMemory.ToArray());
    }

    static bool IsWhole(JsonElement root) =>
        root.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object"u8)
        && root.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object
        && root.EnumerateObject().All(member => member.Value.ValueKind != JsonValueKind.Null);

    static void WriteRoot(JsonElement root, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type"u8, "object"u8);
        foreach (JsonProperty member in root.EnumerateObject())
        {
            if (member.NameEquals("type"u8) || member.Value.ValueKind == JsonValueKind.Null) continue;
            if (member.NameEquals("properties"u8) && member.Value.ValueKind != JsonValueKind.Object) continue;
            member.WriteTo(writer);
        }
        if (!root.TryGetProperty("properties"u8, out JsonElement properties) || properties.ValueKind != JsonValueKind.Object)
        {
            writer.WriteStartObject("properties"u8);
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }
}
