// Arguments of tool calls that no vendor takes in a history: empty ones, and what is no JSON object.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.History;

/// <summary>
/// Models call tools without parameters with nothing at all, and sometimes write what is no object; clients keep that with the tool's complaint.
/// Vendors parse the arguments of the history and refuse such a conversation for good, so it stands there as the one member of an object.
/// </summary>
static class CallArguments
{
    public static ChatRequest Fill(ChatRequest request) => request.ReplaceBlocks(block =>
        block is Block.ToolCall call && Filled(call.Arguments) is var filled && filled != call.Arguments ? call with { Arguments = filled } : block);

    static string Filled(string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments)) return "{}";
        try
        {
            using JsonDocument json = Json.Parse(arguments);
            if (json.RootElement.ValueKind == JsonValueKind.Object) return arguments;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // What it is instead stands below.
        }
        return $$$"""{"__unparsedToolInput":{"raw":"{{{JsonEncodedText.Encode(arguments)}}}","len":{{{arguments.Length}}} } }""";
    }
}
