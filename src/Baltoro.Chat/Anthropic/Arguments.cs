// A tool call's arguments between the text that a model wrote and the object that the Messages format wants.

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// The Messages format has room for an object only. Text that is none travels as
/// <c>{"__unparsedToolInput":{"raw":TEXT,"len":LENGTH}}</c>, the form in which Claude Code 2.1.330 keeps and returns it.
/// </summary>
static class Arguments
{
    const string Wrapper = "__unparsedToolInput";

    /// <summary>The text of an <c>input</c> member, byte for byte, or what its wrapper holds.</summary>
    public static string Read(JsonElement input)
    {
        if (input.ValueKind == JsonValueKind.Object && input.TryGetProperty(Wrapper, out JsonElement wrapped)
            && wrapped.ValueKind == JsonValueKind.Object && input.GetPropertyCount() == 1
            && wrapped.TryGetProperty("raw"u8, out JsonElement raw) && raw.ValueKind == JsonValueKind.String)
            return Text.Of(raw);
        return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8Value(input));
    }

    /// <summary>Writes the value of an <c>input</c> member. No text at all is a call without arguments.</summary>
    public static void Write(Utf8JsonWriter json, string arguments)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(arguments);
        if (string.IsNullOrWhiteSpace(arguments))
        {
            json.WriteStartObject();
            json.WriteEndObject();
        }
        else if (IsObject(utf8))
        {
            json.WriteRawValue(utf8, skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject();
            json.WriteStartObject(Wrapper);
            json.WriteString("raw"u8, arguments);
            json.WriteNumber("len"u8, arguments.Length);
            json.WriteEndObject();
            json.WriteEndObject();
        }
    }

    static bool IsObject(ReadOnlySpan<byte> utf8)
    {
        try
        {
            Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = Json.Options.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            reader.Skip();
            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
