// An error object as some server wrote it, reduced to what can be told from it; it refuses to know what it means.

using System.Globalization;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <param name="Message">What it says; empty when it says nothing.</param>
/// <param name="Type">The error's type by name.</param>
/// <param name="Code">The error's code, as text also where it came as a number.</param>
/// <param name="Prompt">The prompt's tokens where they stand in a field of their own (llama.cpp).</param>
/// <param name="Window">The window where it stands in a field of its own (llama.cpp).</param>
sealed record Complaint(string Message, string? Type, string? Code, long? Prompt = null, long? Window = null)
{
    /// <summary>The HTTP status that a code stands for, where it is one.</summary>
    public int? Status => int.TryParse(Code, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 400 and < 600 ? status : null;

    /// <summary>Null when the body is not JSON, or JSON that reports nothing.</summary>
    public static Complaint? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Json.Options);
            return Read(document.RootElement);
        }
        // A name with half a character in it is valid JSON that cannot be compared with any other name.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static Complaint? Read(JsonElement body)
    {
        // Gemini's compatible endpoint wraps its error in an array.
        if (body.ValueKind == JsonValueKind.Array && body.GetArrayLength() > 0) body = body[0];
        if (body.ValueKind == JsonValueKind.String) return new(Text.Of(body), null, null);
        if (body.ValueKind != JsonValueKind.Object) return null;
        if (Json.Optional(body, "error") is { } error)
            return error.ValueKind switch
            {
                JsonValueKind.Object => OfObject(error, body),
                JsonValueKind.String => new(Text.Of(error), null, Word(body, "code") ?? Word(body, "status")),
                _ => OfObject(body, null),
            };
        if (Json.Optional(body, "detail") is { } detail) return new(Detail(detail), null, Word(body, "code"));
        return Word(body, "message") is not null || Word(body, "msg") is not null ? OfObject(body, null) : null;
    }

    static Complaint OfObject(JsonElement error, JsonElement? around)
    {
        string message = Word(error, "message") ?? Word(error, "msg") ?? (around is { } body ? Word(body, "message") : null) ?? "";
        // OpenRouter says "Provider returned error" and keeps the provider's own words apart.
        if (Json.Optional(error, "metadata") is { ValueKind: JsonValueKind.Object } metadata && Json.Optional(metadata, "raw") is { } raw)
        {
            string inner = raw.ValueKind == JsonValueKind.String ? Text.Of(raw) : raw.GetRawText();
            string said = Read(System.Text.Encoding.UTF8.GetBytes(inner))?.Message is { Length: > 0 } words ? words : inner;
            message = message.Length == 0 ? said : $"{message}: {said}";
        }
        return new(message, Word(error, "type"), Word(error, "code"), Count(error, "n_prompt_tokens"), Count(error, "n_ctx"));
    }

    // FastAPI: a sentence, or a list of {loc, msg, type}.
    static string Detail(JsonElement detail) => detail.ValueKind switch
    {
        JsonValueKind.String => Text.Of(detail),
        JsonValueKind.Array => string.Join("; ", detail.EnumerateArray().Select(each => each.ValueKind == JsonValueKind.Object
            ? $"{Place(each)}{Word(each, "msg")}"
            : each.GetRawText())),
        JsonValueKind.Object when Word(detail, "message") is { } message => message,
        _ => detail.GetRawText(),
    };

    static string Place(JsonElement entry) => Json.Optional(entry, "loc") is { ValueKind: JsonValueKind.Array } place
        ? string.Join('.', place.EnumerateArray().Select(part => part.ValueKind == JsonValueKind.String ? Text.Of(part) : part.GetRawText())) + ": "
        : "";

    static string? Word(JsonElement obj, string name) => Json.Optional(obj, name) switch
    {
        { ValueKind: JsonValueKind.String } value => Text.Of(value),
        { ValueKind: JsonValueKind.Number } value => value.GetRawText(),
        _ => null,
    };

    static long? Count(JsonElement obj, string name) =>
        Json.Optional(obj, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long count) ? count : null;
}
