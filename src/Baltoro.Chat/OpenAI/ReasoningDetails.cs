// OpenRouter's `reasoning_details` made small for the way through a client, and whole again; it refuses to know who the client is.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// The text of a <c>reasoning.text</c> entry is mostly the text of the block that it belongs to. <see cref="Elide"/> writes
/// <c>"text":true</c> in its place, which the format does not allow and which therefore cannot mean anything else; <see cref="WriteItems"/> puts the text back.
/// </summary>
static class ReasoningDetails
{
    /// <param name="details">An array as its issuer wrote it.</param>
    /// <param name="text">The whole text of the thinking block.</param>
    public static RawJson Elide(RawJson details, string text)
    {
        if (text.Length == 0) return details;
        using JsonDocument document = details.Parse();
        if (document.RootElement.ValueKind != JsonValueKind.Array) return details;
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, Lines.Options))
        {
            writer.WriteStartArray();
            foreach (JsonElement entry in document.RootElement.EnumerateArray())
                WriteEntry(writer, entry, member => member.ValueKind == JsonValueKind.String && Text.Of(member) == text, () => writer.WriteBooleanValue(true));
            writer.WriteEndArray();
        }
        return new(json.ToArray());
    }

    /// <summary>An array as its issuer wrote it.</summary>
    public static RawJson Restore(RawJson details, string text)
    {
        using MemoryStream json = new();
        using (Utf8JsonWriter writer = new(json, Lines.Options))
        {
            writer.WriteStartArray();
            WriteItems(writer, details, text);
            writer.WriteEndArray();
        }
        return new(json.ToArray());
    }

    /// <summary>Whether a reply's entries begin with these: they are numbered from 0.</summary>
    public static bool IsFirst(RawJson details)
    {
        using JsonDocument document = details.Parse();
        return document.RootElement.ValueKind == JsonValueKind.Array && document.RootElement.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } entry
            && entry.TryGetProperty("index"u8, out JsonElement index) && index.ValueKind == JsonValueKind.Number && index.TryGetInt32(out int number) && number == 0;
    }

    /// <summary>Writes the entries, whole, into the array that is open.</summary>
    public static void WriteItems(Utf8JsonWriter writer, RawJson details, string text)
    {
        using JsonDocument document = details.Parse();
        if (document.RootElement.ValueKind != JsonValueKind.Array) return;
        foreach (JsonElement entry in document.RootElement.EnumerateArray())
            WriteEntry(writer, entry, member => member.ValueKind == JsonValueKind.True, () => writer.WriteStringValue(text));
    }

    static void WriteEntry(Utf8JsonWriter writer, JsonElement entry, Func<JsonElement, bool> replaced, Action replacement)
    {
        (string Name, JsonElement Value)[] members = [.. Fields.Members(entry)];
        if (!Array.Exists(members, member => member.Name == "text" && replaced(member.Value)))
        {
            RawJson.Of(entry).WriteTo(writer);
            return;
        }
        writer.WriteStartObject();
        foreach ((string name, JsonElement value) in members)
        {
            writer.WritePropertyName(name);
            if (name == "text") replacement();
            else RawJson.Of(value).WriteTo(writer);
        }
        writer.WriteEndObject();
    }
}
