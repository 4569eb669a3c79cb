// How a block of a reply begins, in a stream or as a part of a whole message; it refuses to know how it goes on.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Reads a <c>content_block</c>. What a start already says (some vendors put everything there) is held as the block's first words.
/// Signatures stay as the upstream wrote them: it may itself be a gateway with envelopes of its own.
/// </summary>
static class BlockStart
{
    /// <exception cref="JsonException">There is no block.</exception>
    public static Draft Read(int index, ReadOnlySpan<byte> json, Origin origin)
    {
        if (json.IsEmpty) throw new JsonException("expected a content block");
        using JsonDocument document = JsonDocument.Parse(json.ToArray(), Json.Options);
        return Read(index, document.RootElement, origin);
    }

    public static Draft Read(int index, JsonElement value, Origin origin)
    {
        JsonElement block = Json.Object(value);
        string kind = Json.String(block, "type");
        switch (kind)
        {
            case "text":
                Draft.Streamed text = new(index, Rest(block, ["type", "text"]) is { } rest ? new BlockHead.Text { Extra = rest } : BlockHead.Text.Plain);
                text.Held.Append(Json.OptionalString(block, "text"));
                return text;
            case "thinking":
                Draft.Streamed thinking = new(index, BlockHead.Thinking.Plain)
                {
                    Signature = Json.OptionalString(block, "signature") is { Length: > 0 } signature ? signature : null,
                };
                thinking.Held.Append(Json.OptionalString(block, "thinking"));
                return thinking;
            case "redacted_thinking":
                return new Draft.Closed(index, new Block.RedactedThinking(Json.String(block, "data"), origin));
            case "tool_use":
                return new Draft.Streamed(index,
                    new BlockHead.ToolCall(Json.OptionalString(block, "id") ?? "", Json.OptionalString(block, "name") ?? "")
                    {
                        Extra = Caller.Unstated(Rest(block, ["type", "id", "name", "input"])),
                    })
                {
                    Input = Json.Optional(block, "input") is { } input ? Arguments.Read(input) : "{}",
                };
            default:
                return new Draft.Closed(index, new Block.Opaque(WireFormat.Anthropic, kind, RawJson.Of(block)));
        }
    }

    static Extra? Rest(JsonElement block, ReadOnlySpan<string> known)
    {
        if (Json.Rest(block, WireFormat.Anthropic, known) is not { } rest) return null;
        Sequence<Field> said = [.. rest.Fields.Where(field => !field.Value.Utf8.Span.SequenceEqual("null"u8))];
        return said.IsEmpty ? null : rest with { Fields = said };
    }
}
