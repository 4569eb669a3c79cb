// Blocks of the Messages format as they stand in requests and whole replies; it refuses to know which of the two.

using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>Writes content blocks. Equal blocks give equal bytes.</summary>
/// <param name="json">Stands inside an array.</param>
/// <param name="signature">What goes into the signature of a thinking block; an empty string for none.</param>
/// <param name="redacted">What goes into the data of a redacted one.</param>
/// <param name="unknownFields">True where the reader takes fields that this product has no word for.</param>
readonly ref struct BlockWriter(
    Utf8JsonWriter json, Func<Block.Thinking, string> signature, Func<Block.RedactedThinking, string> redacted, bool unknownFields)
{
    /// <summary>What stands in place of a picture or file whose source only the other format can read.</summary>
    const string Unreadable = "[A file stood here that cannot be shown to this model.]";

    public void Write(Sequence<Block> blocks)
    {
        json.WriteStartArray();
        foreach (Block block in blocks) Write(block);
        json.WriteEndArray();
    }

    void Write(Block block)
    {
        switch (block)
        {
            case Block.Text text:
                Start("text"u8);
                json.WriteString("text"u8, text.Content);
                break;
            case Block.Thinking thinking:
                Start("thinking"u8);
                json.WriteString("thinking"u8, thinking.Content);
                json.WriteString("signature"u8, signature(thinking));
                break;
            case Block.RedactedThinking hidden:
                Start("redacted_thinking"u8);
                json.WriteString("data"u8, redacted(hidden));
                break;
            case Block.ToolCall call:
                Start("tool_use"u8);
                json.WriteString("id"u8, call.Id);
                json.WriteString("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                Arguments.Write(json, call.Arguments);
                break;
            case Block.ToolResult result:
                Start("tool_result"u8);
                json.WriteString("tool_use_id"u8, result.CallId);
                if (!result.Content.IsEmpty)
                {
                    json.WritePropertyName("content"u8);
                    Write(result.Content);
                }
                if (result.IsError) json.WriteBoolean("is_error"u8, true);
                break;
            case Block.Image { Source: Media.Foreign { Format: not WireFormat.Anthropic } }:
            case Block.Document { Source: Media.Foreign { Format: not WireFormat.Anthropic } }:
                Start("text"u8);
                json.WriteString("text"u8, Unreadable);
                break;
            case Block.Image image:
                Start("image"u8);
                WriteSource(image.Source);
                break;
            case Block.Document document:
                Start("document"u8);
                WriteSource(document.Source);
                if (document.Title is not null) json.WriteString("title"u8, document.Title);
                break;
            case Block.ToolReference reference:
                Start("tool_reference"u8);
                json.WriteString("tool_name"u8, reference.ToolName);
                break;
            case Block.Opaque opaque:
                WriteWhole(json, opaque.Format, opaque.Json, opaque.CacheControl);
                return;
            default:
                throw new InvalidOperationException($"Unknown block {block.GetType().Name}.");
        }
        if (block.CacheControl is { } marker)
        {
            json.WritePropertyName("cache_control"u8);
            marker.WriteTo(json);
        }
        if (unknownFields) RawMembers.Write(json, block.Extra);
        json.WriteEndObject();
    }

    /// <summary>
    /// A value kept whole, in its own bytes; nothing where it is of another format.
    /// The exception is a cache marker that the rules took away or reduced since it was read.
    /// </summary>
    public static void WriteWhole(Utf8JsonWriter json, WireFormat format, RawJson value, RawJson? marker)
    {
        if (format != WireFormat.Anthropic) return;
        if (MarkerOf(value) == marker)
        {
            value.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        RawMembers.Write(json, value, "cache_control");
        if (marker is { } reduced)
        {
            json.WritePropertyName("cache_control"u8);
            reduced.WriteTo(json);
        }
        json.WriteEndObject();
    }

    static RawJson? MarkerOf(RawJson value)
    {
        if (value.Utf8.Span.IndexOf("cache_control"u8) < 0) return null;
        using JsonDocument document = value.Parse();
        return document.RootElement.ValueKind == JsonValueKind.Object ? Wire.Json.OptionalRaw(document.RootElement, "cache_control") : null;
    }

    void Start(ReadOnlySpan<byte> kind)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, kind);
    }

    void WriteSource(Media source)
    {
        json.WritePropertyName("source"u8);
        if (source is Media.Foreign foreign)
        {
            foreign.Json.WriteTo(json);
            return;
        }
        json.WriteStartObject();
        switch (source)
        {
            case Media.Inline inline:
                json.WriteString("type"u8, "base64"u8);
                json.WriteString("media_type"u8, inline.MediaType);
                json.WriteString("data"u8, inline.Base64);
                break;
            case Media.Link link:
                json.WriteString("type"u8, "url"u8);
                json.WriteString("url"u8, link.Url);
                break;
            case Media.PlainText text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("media_type"u8, "text/plain"u8);
                json.WriteString("data"u8, text.Content);
                break;
            default:
                throw new InvalidOperationException($"Unknown media {source.GetType().Name}.");
        }
        json.WriteEndObject();
    }
}
