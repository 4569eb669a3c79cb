// JSON as Python's json.dumps writes it, which is what models have seen of their tools. Knows no tools.

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Baltoro.Models.Local;

/// <summary>With <c>ensure_ascii=False</c> and the usual separators, ", " and ": "; numbers stay as they were written.</summary>
static class PythonJson
{
    public static void Write(JsonElement value, StringBuilder into)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                into.Append('{');
                bool first = true;
                foreach (JsonProperty member in value.EnumerateObject())
                {
                    if (!first) into.Append(", ");
                    first = false;
                    Text(member.Name, into);
                    into.Append(": ");
                    Write(member.Value, into);
                }
                into.Append('}');
                break;
            case JsonValueKind.Array:
                into.Append('[');
                int count = 0;
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (count++ > 0) into.Append(", ");
                    Write(item, into);
                }
                into.Append(']');
                break;
            case JsonValueKind.String: Text(value.GetString()!, into); break;
            default: into.Append(value.GetRawText()); break;
        }
    }

    public static string Of(JsonElement value)
    {
        StringBuilder text = new();
        Write(value, text);
        return text.ToString();
    }

    public static void Text(string text, StringBuilder into)
    {
        into.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => into.Append("\\\""),
                '\\' => into.Append("\\\\"),
                '\n' => into.Append("\\n"),
                '\r' => into.Append("\\r"),
                '\t' => into.Append("\\t"),
                '\b' => into.Append("\\b"),
                '\f' => into.Append("\\f"),
                < ' ' => into.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => into.Append(c),
            };
        }
        into.Append('"');
    }
}
