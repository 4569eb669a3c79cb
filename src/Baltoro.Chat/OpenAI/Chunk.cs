// What one event of a Chat Completions stream says, read once from its bytes; it refuses to know what came before it.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// One chunk, or one whole completion. Used again for every event of a reply, so that a delta costs its own string and nothing else.
/// Lenient: what has the wrong type counts as absent, what is unknown is skipped. Only what is no JSON object throws <see cref="JsonException"/>.
/// </summary>
sealed class Chunk(CallCollector calls, DetailsMerge details)
{
    static readonly JsonReaderOptions Options = new() { MaxDepth = 128 };

    /// <summary>Set from outside once they are known: then they are not read again.</summary>
    public bool HasNames { get; set; }

    public string? Id { get; private set; }
    public string? Model { get; private set; }

    /// <summary>The texts of the deltas; null where there was none or an empty one.</summary>
    public string? Reasoning { get; private set; }
    public string? Content { get; private set; }
    public string? Refusal { get; private set; }

    public string? FinishReason { get; private set; }
    public string? StopSequence { get; private set; }

    public bool HasCalls { get; private set; }
    public bool HasDetails { get; private set; }
    public bool HasChoice { get; private set; }

    /// <summary>The event reports an error somewhere; worth a second look with a slower reader.</summary>
    public bool HasError { get; private set; }

    public Tally Usage;

    bool _isWhole;

    /// <param name="data">One JSON object.</param>
    /// <param name="isWhole">True for a completion that came in one body: its words stand in a message, a chunk's in a delta.</param>
    public void Read(ReadOnlySpan<byte> data, bool isWhole)
    {
        _isWhole = isWhole;
        (Reasoning, Content, Refusal, FinishReason, StopSequence) = (null, null, null, null, null);
        HasCalls = HasDetails = HasChoice = HasError = false;
        Usage = default;
        Utf8JsonReader json = new(data, Options);
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object");
        while (Member(ref json))
        {
            if (json.ValueTextEquals("choices"u8)) Choices(ref json);
            else if (json.ValueTextEquals("usage"u8)) Usage.Read(ref json);
            else if (json.ValueTextEquals("error"u8)) HasError |= !IsNull(ref json);
            else if (!HasNames && json.ValueTextEquals("id"u8)) Id = Word(ref json);
            else if (!HasNames && json.ValueTextEquals("model"u8)) Model = Word(ref json);
            else if (json.ValueTextEquals("object"u8)) HasError |= IsError(ref json);
            else if (json.ValueTextEquals("detail"u8)) HasError |= !IsNull(ref json);
            else json.Skip();
        }
        // A second value behind the first throws here.
        json.Read();
    }

    void Choices(ref Utf8JsonReader json)
    {
        if (!Enter(ref json, JsonTokenType.StartArray)) return;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            // One reply was asked for; a server that gives several gets its first one read.
            if (json.TokenType == JsonTokenType.StartObject && IndexOf(json) == 0) Choice(ref json);
            else json.Skip();
        }
    }

    // The reader is a copy: servers do not agree on where in the object the index stands.
    static int IndexOf(Utf8JsonReader json)
    {
        while (Member(ref json))
        {
            if (json.ValueTextEquals("index"u8)) return json.Read() && json.TokenType == JsonTokenType.Number && json.TryGetInt32(out int index) ? index : 0;
            json.Skip();
        }
        return 0;
    }

    void Choice(ref Utf8JsonReader json)
    {
        HasChoice = true;
        while (Member(ref json))
        {
            if (json.ValueTextEquals(_isWhole ? "message"u8 : "delta"u8)) Delta(ref json);
            else if (json.ValueTextEquals("finish_reason"u8)) FinishReason = Word(ref json);
            else if (json.ValueTextEquals("stop_reason"u8)) StopSequence = Word(ref json);
            else if (json.ValueTextEquals("usage"u8)) Usage.Read(ref json);
            else if (json.ValueTextEquals("error"u8)) HasError |= !IsNull(ref json);
            else json.Skip();
        }
    }

    void Delta(ref Utf8JsonReader json)
    {
        if (!Enter(ref json, JsonTokenType.StartObject)) return;
        while (Member(ref json))
        {
            // Two names for one text; some servers send both.
            if (json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8))
            {
                if (Reasoning is null) Reasoning = Word(ref json);
                else json.Skip();
            }
            else if (json.ValueTextEquals("content"u8)) Content = Texts(ref json);
            else if (json.ValueTextEquals("refusal"u8)) Refusal = Word(ref json);
            else if (json.ValueTextEquals("tool_calls"u8)) HasCalls |= calls.Read(ref json);
            else if (json.ValueTextEquals("function_call"u8)) HasCalls |= calls.ReadLegacy(ref json);
            else if (json.ValueTextEquals("reasoning_details"u8)) HasDetails |= details.Read(ref json);
            else json.Skip();
        }
    }

    /// <summary>A string, or the texts of a list of parts.</summary>
    static string? Texts(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String) return WordHere(ref json);
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return null;
        }
        string text = "";
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
                continue;
            }
            while (Member(ref json))
            {
                if (json.ValueTextEquals("text"u8)) text += Word(ref json);
                else json.Skip();
            }
        }
        return text.Length > 0 ? text : null;
    }

    /// <summary>Steps to the next member's name; false at the object's end.</summary>
    public static bool Member(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>From a member's name into its value; false, and past the value, when it is of another type.</summary>
    public static bool Enter(ref Utf8JsonReader json, JsonTokenType expected)
    {
        json.Read();
        if (json.TokenType == expected) return true;
        json.Skip();
        return false;
    }

    static bool IsNull(ref Utf8JsonReader json)
    {
        json.Read();
        bool isNull = json.TokenType == JsonTokenType.Null;
        json.Skip();
        return isNull;
    }

    // vLLM and SGLang: {"object":"error","message":…}
    static bool IsError(ref Utf8JsonReader json)
    {
        json.Read();
        bool isError = json.TokenType == JsonTokenType.String && json.ValueTextEquals("error"u8);
        json.Skip();
        return isError;
    }

    /// <summary>From a member's name past its value; null for what is empty or no string.</summary>
    public static string? Word(ref Utf8JsonReader json)
    {
        json.Read();
        return WordHere(ref json);
    }

    static string? WordHere(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.String) return json.ValueSpan.Length == 0 ? null : Text.Of(ref json);
        json.Skip();
        return null;
    }
}
