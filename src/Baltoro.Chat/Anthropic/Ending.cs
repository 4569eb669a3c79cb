// How a reply ends, as fields: in the last event of a stream or among those of a whole message.

using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Writes the stop reason and what came beside it. In a stream a few fields stand beside the <c>delta</c> object, the rest in it;
/// a whole message has all of them at its top.
/// </summary>
static class Ending
{
    const string Management = "context_management";

    public static void WriteReason(Utf8JsonWriter json, StopReason reason, string? sequence, Seen seen, Extra? extra)
    {
        json.WriteString("stop_reason"u8, StopReasons.Name(reason, seen, extra));
        json.WriteString("stop_sequence"u8, reason == StopReason.StopSequence ? sequence : null);
    }

    public static void WriteInside(Utf8JsonWriter json, Extra? extra) =>
        RawMembers.WriteOnOneLine(json, extra, "stop_reason", "usage", Management);

    public static void WriteBeside(Utf8JsonWriter json, Extra? extra)
    {
        if (extra is not { Format: WireFormat.Anthropic } || extra[Management] is not { } management) return;
        json.WritePropertyName(Management);
        RawMembers.OneLine(management).WriteTo(json);
    }

    /// <summary>Usage members without a word of ours, as one object.</summary>
    public static RawJson? UsageOf(Extra? extra) =>
        extra is { Format: WireFormat.Anthropic } && extra["usage"] is { } usage ? RawMembers.OneLine(usage) : null;
}
