// Blocks that only one wire format has, when the model speaks another.

namespace Baltoro.Chat.History;

/// <summary>
/// A foreign block becomes a line of text that names what stood there: the model can tell that it missed something,
/// and the turn does not become empty.
/// </summary>
static class ForeignBlocks
{
    public static ChatRequest Replace(ChatRequest request, ModelCard card)
    {
        WireFormat own = card.SpeaksMessages() ? WireFormat.Anthropic : WireFormat.OpenAI;
        return request.ReplaceBlocks(Change) with { System = request.System.Change(Change) };

        Block Change(Block block) => block switch
        {
            Block.Opaque opaque when opaque.Format != own => new Block.Text($"[{opaque.Kind}: not readable by this model]"),
            // The echoes of Anthropic's own server tools mean nothing to another vendor behind the same format.
            Block.Opaque opaque when card.Dialect == Dialect.Messages => new Block.Text($"[{opaque.Kind}: not readable by this model]"),
            Block.ToolResult result => result with { Content = result.Content.Change(Change) },
            _ => block,
        };
    }
}
