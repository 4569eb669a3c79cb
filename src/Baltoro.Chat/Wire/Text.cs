// A JSON string as text, also where its bytes are no valid text; it knows nothing of what the text says.

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Baltoro.Chat.Wire;

/// <summary>
/// Reads strings that cut a character in two: half of an emoji as <c>\ud83d</c>, or bytes that are not UTF-8. Clients and servers that
/// shorten text by code units write such things; each half becomes U+FFFD, and the conversation goes on.
/// </summary>
static class Text
{
    public static string Of(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException) when (value.ValueKind == JsonValueKind.String)
        {
            return Lenient(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }

    /// <summary>The string, or the member's name, that the reader stands on.</summary>
    public static string Of(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() ?? "";
        }
        catch (InvalidOperationException) when (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
        {
            return Lenient(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        }
    }

    /// <param name="escaped">What stood between the quotation marks; known to be well-formed but for its characters.</param>
    static string Lenient(ReadOnlySpan<byte> escaped)
    {
        string source = Encoding.UTF8.GetString(escaped);
        StringBuilder text = new(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            if (source[i] != '\\')
            {
                text.Append(source[i]);
                continue;
            }
            i++;
            if (source[i] == 'u')
            {
                text.Append((char)ushort.Parse(source.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(source[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', char same => same });
            }
        }
        // Through UTF-8 and back: unpaired halves are replaced, pairs stay.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.ToString()));
    }
}
