// Fields that nobody here understood, back on the wire; it refuses to know what they mean.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

static class Fields
{
    /// <summary>True for upstreams that get what a client of this format sent, understood or not. The vendors' own endpoints refuse what they do not know.</summary>
    public static bool GoThrough(ModelCard card) => card.Dialect is Dialect.Plain or Dialect.SelfHosted or Dialect.OpenRouter;

    public static void Write(Utf8JsonWriter writer, Extra? extra, params ReadOnlySpan<string> except)
    {
        if (extra is not { Format: WireFormat.OpenAI }) return;
        foreach (Field field in extra.Fields)
        {
            if (except.Contains(field.Name)) continue;
            writer.WritePropertyName(field.Name);
            field.Value.WriteTo(writer);
        }
    }

    /// <summary>
    /// The rest of an object and of the object inside it under <paramref name="inner"/>, in the shape of the wire: what is left of the inner one
    /// is a field of that name.
    /// </summary>
    public static Extra? Rest(JsonElement outer, ReadOnlySpan<string> known, string inner, ReadOnlySpan<string> innerKnown)
    {
        Extra? rest = Json.Rest(outer, WireFormat.OpenAI, [.. known, inner]);
        if (Json.Optional(outer, inner) is not { ValueKind: JsonValueKind.Object } nested || Json.Rest(nested, WireFormat.OpenAI, innerKnown) is not { } left)
            return rest;
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, Lines.Options))
        {
            writer.WriteStartObject();
            Write(writer, left);
            writer.WriteEndObject();
        }
        return new(WireFormat.OpenAI, [.. rest?.Fields ?? [], new(inner, new(json.ToArray()))]);
    }

    /// <summary>Writes, inside the object called <paramref name="inner"/>, what <see cref="Rest"/> kept of it.</summary>
    public static void WriteInner(Utf8JsonWriter writer, Extra? extra, string inner)
    {
        if (extra is not { Format: WireFormat.OpenAI } || extra[inner] is not { } nested) return;
        using JsonDocument document = nested.Parse();
        if (document.RootElement.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            RawJson.Of(member.Value).WriteTo(writer);
        }
    }
}
