// Why a reply ended, between the names of the Messages format and the product's.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>Which kinds of block a reply has had; its stop reason is judged against them.</summary>
[Flags]
enum Seen
{
    Nothing = 0,
    ToolCall = 1,
    Opaque = 2,
}

static class StopReasons
{
    /// <summary>
    /// What a reason means beside the blocks that came. A tool call that came is to be run, whatever name the end was given, unless the reply
    /// was broken off: a limit, a pause or a refusal. An unknown name is an ordinary end.
    /// </summary>
    public static StopReason Read(string? name, Seen seen) => name switch
    {
        "max_tokens" => StopReason.OutputLimit,
        "pause_turn" => StopReason.Pause,
        "refusal" => StopReason.Refusal,
        "model_context_window_exceeded" => StopReason.WindowFull,
        _ when seen.HasFlag(Seen.ToolCall) => StopReason.ToolUse,
        "stop_sequence" => StopReason.StopSequence,
        // A call that is in none of the blocks cannot be run, unless a block that we do not understand is one.
        "tool_use" => seen.HasFlag(Seen.Opaque) ? StopReason.ToolUse : StopReason.EndTurn,
        _ => StopReason.EndTurn,
    };

    public static bool IsKnown(string name) => name is
        "end_turn" or "max_tokens" or "stop_sequence" or "tool_use" or "pause_turn" or "refusal" or "model_context_window_exceeded";

    /// <param name="extra">May hold a <c>stop_reason</c> that is unknown to us but not to a client of this format.</param>
    public static string Name(StopReason reason, Seen seen, Extra? extra) => reason switch
    {
        StopReason.EndTurn or StopReason.ToolUse when seen.HasFlag(Seen.ToolCall) => "tool_use",
        StopReason.ToolUse when seen.HasFlag(Seen.Opaque) => "tool_use",
        StopReason.EndTurn or StopReason.ToolUse => Unknown(extra) ?? "end_turn",
        StopReason.OutputLimit => "max_tokens",
        StopReason.StopSequence => "stop_sequence",
        StopReason.Pause => "pause_turn",
        StopReason.Refusal => "refusal",
        StopReason.WindowFull => "model_context_window_exceeded",
        _ => throw new InvalidOperationException($"Unknown stop reason {reason}."),
    };

    static string? Unknown(Extra? extra)
    {
        if (extra is not { Format: WireFormat.Anthropic } || extra["stop_reason"] is not { } raw) return null;
        using JsonDocument name = raw.Parse();
        return name.RootElement.ValueKind == JsonValueKind.String ? Text.Of(name.RootElement) : null;
    }
}
