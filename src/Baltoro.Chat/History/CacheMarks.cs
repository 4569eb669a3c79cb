// Prompt-cache markers, reduced to what a vendor takes.

using System.Text.Json;

namespace Baltoro.Chat.History;

/// <summary>Vendors that cache by themselves refuse the field; some take it but not its newer keys (<c>ttl</c>, <c>scope</c>).</summary>
static class CacheMarks
{
    static readonly RawJson Ephemeral = RawJson.Of("""{"type":"ephemeral"}""");

    public static ChatRequest Reduce(ChatRequest request, ModelCard card)
    {
        if (card.CacheControl == CacheControlSupport.Full) return request;
        return request with
        {
            System = request.System.Change(Reduce),
            Turns = request.Turns.Map(turn => turn with { Blocks = turn.Blocks.Change(Reduce) }),
            Tools = request.Tools.Map(tool => tool.CacheControl is null ? tool : tool with { CacheControl = Mark(tool.CacheControl) }),
        };

        Block Reduce(Block block)
        {
            if (block is Block.ToolResult result) block = result with { Content = result.Content.Change(Reduce) };
            return block.CacheControl is null ? block : block with { CacheControl = Mark(block.CacheControl) };
        }

        RawJson? Mark(RawJson? given) => card.CacheControl switch
        {
            CacheControlSupport.None => null,
            _ when given is { } mark && IsEphemeral(mark) => Ephemeral,
            _ => null,
        };
    }

    static bool IsEphemeral(RawJson mark)
    {
        using JsonDocument document = mark.Parse();
        return document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("type", out JsonElement type)
            && type.ValueKind == JsonValueKind.String && type.ValueEquals("ephemeral"u8);
    }
}
