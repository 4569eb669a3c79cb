// Who called a tool: the field that Anthropic's own packages insist on in every tool call of a reply.

using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// <c>caller</c> tells calls that the model made itself (<c>{"type":"direct"}</c>) from those that its code made. The service always sends it,
/// and the official C# package (13.12) refuses a call without it.
/// </summary>
static class Caller
{
    static readonly Field Direct = new("caller", RawJson.Of("""{"type":"direct"}"""));

    /// <summary>The fields of a call, this one among them.</summary>
    public static Extra Stated(Extra? fields) => fields switch
    {
        { Format: WireFormat.Anthropic } known when known["caller"] is not null => known,
        { Format: WireFormat.Anthropic } known => known with { Fields = [.. known.Fields, Direct] },
        _ => new(WireFormat.Anthropic, [Direct]),
    };

    /// <summary>The fields without this one where it only says what goes without saying.</summary>
    public static Extra? Unstated(Extra? fields)
    {
        if (fields?["caller"] is not { } caller) return fields;
        using JsonDocument document = caller.Parse();
        bool direct = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.GetPropertyCount() == 1
            && document.RootElement.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("direct"u8);
        return direct ? fields.Without("caller") : fields;
    }
}
