// Members of JSON objects moved from one object to another without looking at their values.

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Baltoro.Chat.Anthropic;

/// <summary>Writes unknown fields back in the bytes they came in, and the strings of our own without needless escapes.</summary>
static class RawMembers
{
    /// <summary>The bytes are JSON, never put into HTML; validity is what the callers are made for.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>An object of nothing but these fields.</summary>
    public static RawJson Object(Extra extra)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes, Options))
        {
            json.WriteStartObject();
            Write(json, extra);
            json.WriteEndObject();
        }
        return new(bytes.WrittenSpan.ToArray());
    }

    /// <summary>The fields of this format, but those called <paramref name="except"/>.</summary>
    public static void Write(Utf8JsonWriter json, Extra? extra, params ReadOnlySpan<string> except)
    {
        if (extra is not { Format: WireFormat.Anthropic }) return;
        foreach (Field field in extra.Fields)
        {
            if (except.Contains(field.Name)) continue;
            json.WritePropertyName(field.Name);
            field.Value.WriteTo(json);
        }
    }

    /// <summary>The members of a raw object, but those called <paramref name="except"/>. Nothing when it is no object.</summary>
    public static void Write(Utf8JsonWriter json, RawJson? obj, params ReadOnlySpan<string> except)
    {
        if (obj is null) return;
        using JsonDocument document = obj.Value.Parse();
        if (document.RootElement.ValueKind != JsonValueKind.Object) return;
        foreach (JsonProperty member in document.RootElement.EnumerateObject())
        {
            if (except.Contains(member.Name)) continue;
            json.WritePropertyName(member.Name);
            RawJson.Of(member.Value).WriteTo(json);
        }
    }

    /// <summary>As <see cref="Write(Utf8JsonWriter, Extra?, ReadOnlySpan{string})"/>, for a place where a line end would end the event.</summary>
    public static void WriteOnOneLine(Utf8JsonWriter json, Extra? extra, params ReadOnlySpan<string> except)
    {
        if (extra is not null) Write(json, extra with { Fields = extra.Fields.Map(field => field with { Value = OneLine(field.Value) }) }, except);
    }

    /// <summary>The same value on one line. Line ends can only stand between tokens, where a space means the same.</summary>
    public static RawJson OneLine(RawJson value)
    {
        if (value.Utf8.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0) return value;
        byte[] line = value.Utf8.ToArray();
        foreach (ref byte b in line.AsSpan())
            if (b is (byte)'\n' or (byte)'\r') b = (byte)' ';
        return new(line);
    }
}
