// The text of a JSON string, also where it is not quite text; it refuses to know whose string it is.

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Baltoro.Chat.Wire;

/// <summary>
/// Decodes JSON strings without failing on half a surrogate pair, which clients send when they cut text in the middle of
/// an emoji, nor on bytes that are not UTF-8. What is broken becomes U+FFFD; what is not is untouched.
/// </summary>
static class LenientText
{
    public static string Of(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Repaired(JsonMarshal.GetRawUtf8Value(value)[1..^1]);
        }
    }

    /// <summary>The string that <paramref name="reader"/> stands on; null when it stands on something else.</summary>
    public static string? Of(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String) return null;
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return Repaired(reader.HasValueSequence ? reader.ValueSequence.ToArray() : reader.ValueSpan);
        }
    }

    static string Repaired(ReadOnlySpan<byte> escaped)
    {
        string text = Encoding.UTF8.GetString(escaped);
        StringBuilder plain = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 == text.Length)
            {
                plain.Append(text[i]);
                continue;
            }
            plain.Append(text[++i] switch
            {
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' when ushort.TryParse(text.AsSpan(i + 1, Math.Min(4, text.Length - i - 1)), NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture, out ushort unit) => Unit(unit, ref i),
                char other => other,
            });
        }
        // Round trip through UTF-8: a lone half has no encoding and becomes U+FFFD.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(plain.ToString()));
    }

    static char Unit(ushort unit, ref int i)
    {
        i += 4;
        return (char)unit;
    }
}
