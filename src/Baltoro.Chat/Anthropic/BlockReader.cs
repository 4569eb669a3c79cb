// Blocks of the Messages format as they stand in requests and whole replies; it refuses to know who wrote them.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>Reads content blocks. A block of a type without a word of ours is kept whole as <see cref="Block.Opaque"/>.</summary>
static class BlockReader
{
    /// <summary>A member that holds blocks, or a string in place of one text block. An empty string is no block.</summary>
    public static Sequence<Block> Content(JsonElement obj, string name) => Json.Optional(obj, name) switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } text when Text.Of(text) is var content => content.Length == 0 ? [] : [new Block.Text(content)],
        { ValueKind: JsonValueKind.Array } array => Json.Items(array, name, Read, 0),
        { } other => throw Json.Unexpected(name, "a string or an array of blocks", other),
    };

    public static Block Read(JsonElement value)
    {
        JsonElement block = Json.Object(value);
        string kind = Json.String(block, "type");
        return kind switch
        {
            "text" => new Block.Text(Json.String(block, "text"))
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "text", "cache_control"]),
            },
            "thinking" => new Block.Thinking(Json.OptionalString(block, "thinking") ?? "", Envelope.Unpack(Json.OptionalString(block, "signature")))
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "thinking", "signature", "cache_control"]),
            },
            "redacted_thinking" => Envelope.UnpackRedacted(Json.String(block, "data")) with
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "data", "cache_control"]),
            },
            "tool_use" => new Block.ToolCall(Json.String(block, "id"), Json.String(block, "name"),
                Json.Optional(block, "input") is { } input ? Arguments.Read(input) : "{}")
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "id", "name", "input", "cache_control"]),
            },
            "tool_result" => new Block.ToolResult(Json.String(block, "tool_use_id"), Content(block, "content"), Json.OptionalBool(block, "is_error") ?? false)
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "tool_use_id", "content", "is_error", "cache_control"]),
            },
            "image" => new Block.Image(Source(block))
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "source", "cache_control"]),
            },
            "document" => new Block.Document(Source(block), Json.OptionalString(block, "title"))
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "source", "title", "cache_control"]),
            },
            "tool_reference" => new Block.ToolReference(Json.String(block, "tool_name"))
            {
                CacheControl = Marker(block),
                Extra = Rest(block, ["type", "tool_name", "cache_control"]),
            },
            _ => new Block.Opaque(WireFormat.Anthropic, kind, RawJson.Of(block)) { CacheControl = Marker(block) },
        };
    }

    static Media Source(JsonElement block) => Json.Within(Json.Required(block, "source"), "source", source =>
        Json.String(Json.Object(source), "type") switch
        {
            "base64" => new Media.Inline(Json.String(source, "media_type"), Json.String(source, "data")),
            "url" => new Media.Link(Json.String(source, "url")),
            "text" => new Media.PlainText(Json.String(source, "data")),
            _ => (Media)new Media.Foreign(WireFormat.Anthropic, RawJson.Of(source)),
        });

    static RawJson? Marker(JsonElement block) => Json.OptionalRaw(block, "cache_control");

    static Extra? Rest(JsonElement block, ReadOnlySpan<string> known) => Json.Rest(block, WireFormat.Anthropic, known);
}
