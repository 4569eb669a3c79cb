// A request as Kimi K2 Thinking reads it, tools left out.

using Baltoro.Chat;

namespace Baltoro.Cli.Tests.Demo;

static class KimiText
{
    public static string Of(ChatRequest request) => string.Concat(
        [Message("<|im_system|>", "system", Text(request.System)), .. request.Turns.Select(Of), "<|im_assistant|>assistant<|im_middle|>"]);

    static string Of(Turn turn) => turn switch
    {
        Turn.Assistant => $"<|im_assistant|>assistant<|im_middle|><think>{string.Concat(turn.Blocks.OfType<Block.Thinking>().Select(block => block.Content))}</think>{Text(turn.Blocks)}"
            + $"<|tool_calls_section_begin|>{string.Concat(turn.Blocks.OfType<Block.ToolCall>().Select(call => $"<|tool_call_begin|>{call.Id}<|tool_call_argument_begin|>{call.Arguments}<|tool_call_end|>"))}<|tool_calls_section_end|><|im_end|>",
        _ when turn.Blocks.All(block => block is Block.ToolResult) =>
            string.Concat(turn.Blocks.OfType<Block.ToolResult>().Select(result => Message("<|im_system|>", "tool", $"## Return of {result.CallId}\n{Text(result.Content)}"))),
        _ => Message("<|im_user|>", "user", Text(turn.Blocks)),
    };

    static string Message(string head, string name, string text) => $"{head}{name}<|im_middle|>{text}<|im_end|>";

    static string Text(Sequence<Block> blocks) => string.Concat(blocks.OfType<Block.Text>().Select(block => block.Content));
}
