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
        foreach ((string name, JsonElement value) in Members(document.RootElement))
        {
            writer.WritePropertyName(name);
            RawJson.Of(value).WriteTo(writer);
        }
    }

    /// <summary>The members of an object that came from outside and was not read since; those whose name is no text are left out.</summary>
    public static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement obj)
    {
        if (obj.ValueKind != JsonValueKind.Object) yield break;
        foreach (JsonProperty member in obj.EnumerateObject())
        {
            string name;
            try
            {
                name = member.Name;
            }
            // Half a character, as an escape.
            catch (InvalidOperationException)
            {
                continue;
            }
            yield return (name, member.Value);
        }
    }
}
