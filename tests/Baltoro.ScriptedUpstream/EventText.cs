// How vendors write JSON: letters as they are. It does not know what is written.

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream;

static class EventText
{
    // Vendors send letters as they are, not as \u escapes: only so can a cut fall inside a character.
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string AsJson(this JsonNode json) => json.ToJsonString(Plain);

    public static string AsEvent(this JsonObject json) => $"data: {json.AsJson()}\n\n";
}
