// Removes the first system block in which Claude Code tells Anthropic how to bill; it changes with every client version.

namespace Baltoro.Chat.History;

/// <summary>
/// The block is text that starts with <c>x-anthropic-billing-header:</c>. To anyone but Anthropic it is noise at the very front of the
/// prompt, where a changed byte costs the whole prompt cache.
/// </summary>
static class BillingHeader
{
    public static ChatRequest Drop(ChatRequest request, ModelCard card) => card.IsClaude() ? request : request with
    {
        System = request.System.Change(block =>
            block is Block.Text { Content: var text } && text.StartsWith("x-anthropic-billing-header", StringComparison.OrdinalIgnoreCase)
                ? null
                : block),
    };
}
