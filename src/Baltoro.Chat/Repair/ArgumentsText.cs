// The JSON object inside the text that a model wrote as a call's arguments; it refuses to know which tool is called.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Repair;

/// <summary>
/// Takes off what can only be wrapping: a JSON string around the object (also twice), a code fence, closing brackets or a fence behind the
/// object's end. What is inside is returned as it was written. Text that is cut off has no object in it.
/// </summary>
static class ArgumentsText
{
    /// <summary>A string in a string in a fence is the most that was seen; more is no mistake but noise.</summary>
    const int MostLayers = 4;

    const string Fence = "```";

    /// <returns>
    /// The very <paramref name="text"/> when it is an object, also with space around it; <c>{}</c> when it is blank, which is how the Messages format
    /// itself streams a call without arguments; else the object inside. Null when there is none.
    /// </returns>
    public static string? Unwrap(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) return "{}";
        for (int layer = 0; layer <= MostLayers; layer++)
        {
            if (IsObject(text)) return text;
            if (Inside(text.Trim()) is not { } inner) return null;
            text = inner;
        }
        return null;
    }

    static bool IsObject(string text)
    {
        if (!text.AsSpan().TrimStart(" \t\r\n").StartsWith('{')) return false;
        try
        {
            using JsonDocument document = Json.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static string? Inside(string text) => text[..Math.Min(text.Length, 1)] switch
    {
        "\"" => StringValue(text),
        "`" => BehindFence(text),
        "{" => BeforeClosers(text),
        _ => null,
    };

    static string? StringValue(string text)
    {
        try
        {
            using JsonDocument document = Json.Parse(text);
            return document.RootElement.GetString();
        }
        // Not one string, or one with half a character in it: taking that out would change it.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The lines between fences; the language's name behind the first fence goes with it.</summary>
    static string? BehindFence(string text)
    {
        if (!text.StartsWith(Fence, StringComparison.Ordinal)) return null;
        int start = text.AsSpan().IndexOfAny('{', '"');
        if (start < 0 || text.AsSpan(Fence.Length, start - Fence.Length).Trim() is not ("" or "json" or "JSON")) return null;
        return WithoutFence(text[start..]);
    }

    static string WithoutFence(string text) =>
        text.EndsWith(Fence, StringComparison.Ordinal) ? text[..^Fence.Length].TrimEnd() : text;

    /// <summary>A model that loses count closes too often; brackets behind the end of a whole object say nothing.</summary>
    static string? BeforeClosers(string text)
    {
        int end = EndOfObject(text);
        return end > 0 && end < text.Length && WithoutFence(text[end..]).Trim(" \t\r\n}]".ToCharArray()).Length == 0 ? text[..end] : null;
    }

    /// <summary>Where the first object ends by its brackets; 0 when it does not.</summary>
    static int EndOfObject(string text)
    {
        int depth = 0;
        bool inString = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (inString)
            {
                if (c == '\\') i++;
                else if (c == '"') inString = false;
            }
            else if (c == '"') inString = true;
            else if (c is '{' or '[') depth++;
            else if (c is '}' or ']' && --depth == 0) return i + 1;
        }
        return 0;
    }
}
