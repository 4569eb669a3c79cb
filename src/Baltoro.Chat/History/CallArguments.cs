// Arguments of tool calls that a model left empty.

namespace Baltoro.Chat.History;

/// <summary>Models call tools without parameters with nothing at all; vendors parse the arguments of the history and refuse what is not JSON.</summary>
static class CallArguments
{
    public static ChatRequest Fill(ChatRequest request) => request.ReplaceBlocks(block =>
        block is Block.ToolCall call && string.IsNullOrWhiteSpace(call.Arguments) ? call with { Arguments = "{}" } : block);
}
