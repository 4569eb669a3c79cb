// The messages of a client's request as turns; it refuses to know who will read them.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>Reads one conversation, message by message. Not thread-safe.</summary>
sealed class Messages
{
    readonly List<Block> _system = [];
    readonly List<Turn> _turns = [];
    readonly List<Block> _results = [];
    int _functionCalls;
    string _functionCall = "";

    public static (Sequence<Block> System, Sequence<Turn> Turns) Read(JsonElement root)
    {
        Json.Required(root, "messages");
        Messages messages = new();
        if (Json.Items(root, "messages", messages.Add).IsEmpty) throw new UnreadableException("messages", "expected at least one message, got none");
        messages.EndResults();
        return (messages._system.ToSequence(), messages._turns.ToSequence());
    }

    // The result tells nothing; the list is walked for its effect and its paths.
    bool Add(JsonElement message)
    {
        string role = Json.String(Json.Object(message), "role");
        if (role is not ("tool" or "function")) EndResults();
        switch (role)
        {
            case "system" or "developer" when _turns.Count == 0: _system.AddRange(Content(message)); break;
            case "system" or "developer": _turns.Add(new Turn.System(Content(message)) { Extra = Rest(message) }); break;
            case "user": _turns.Add(new Turn.User(Content(message)) { Extra = Rest(message) }); break;
            case "assistant": _turns.Add(Assistant(message)); break;
            case "tool": _results.Add(Result(message, Json.String(message, "tool_call_id"))); break;
            // The answer to the call before it, by place: this old form has no ids.
            case "function": _results.Add(Result(message, _functionCall)); break;
            default:
                string got = role.Length > 40 ? role[..40] : role;
                throw new UnreadableException("role", $"expected system, developer, user, assistant or tool, got \"{got}\"");
        }
        return true;
    }

    /// <summary>Tool messages in a row answer one assistant turn together.</summary>
    void EndResults()
    {
        if (_results.Count == 0) return;
        _turns.Add(new Turn.User(_results.ToSequence()));
        _results.Clear();
    }

    static Sequence<Block> Content(JsonElement message)
    {
        Json.Required(message, "content");
        return Parts.Read(message);
    }

    static Extra? Rest(JsonElement message) => Json.Rest(message, WireFormat.OpenAI, ["role", "content"]);

    static Block.ToolResult Result(JsonElement message, string callId) =>
        new(callId, Parts.Read(message) is [Block.Text { Content: "", CacheControl: null }] ? [] : Parts.Read(message))
        {
            Extra = Json.Rest(message, WireFormat.OpenAI, ["role", "content", "tool_call_id"]),
        };

    Turn.Assistant Assistant(JsonElement message)
    {
        string? thinking = Json.OptionalString(message, "reasoning_content") is { Length: > 0 } content ? content : Json.OptionalString(message, "reasoning");
        JsonElement? details = Json.Optional(message, "reasoning_details");
        if (details is { ValueKind: not JsonValueKind.Array } other) throw Json.Unexpected("reasoning_details", "an array", other);
        List<Block> blocks = [.. Provenance.Read(thinking is "" ? null : thinking, details)];
        // An empty text beside calls is how servers write "no text".
        blocks.AddRange(Parts.Read(message).Where(block => block is not Block.Text { Content: "" }));
        if (Json.OptionalString(message, "refusal") is { Length: > 0 } refusal) blocks.Add(new Block.Text(refusal));
        blocks.AddRange(Json.Items(message, "tool_calls", Call));
        if (Json.OptionalObject(message, "function_call") is { } legacy)
        {
            _functionCall = $"function_call_{_functionCalls++}";
            blocks.Add(new Block.ToolCall(_functionCall, Json.Within(legacy, "function_call", call => Json.String(call, "name")), Json.Within(legacy, "function_call", Arguments)));
        }
        return new(blocks.ToSequence())
        {
            Extra = Json.Rest(message, WireFormat.OpenAI,
                ["role", "content", "reasoning_content", "reasoning", "reasoning_details", "refusal", "tool_calls", "function_call", "partial", "prefix", "annotations"]),
        };
    }

    static Block Call(JsonElement call)
    {
        if (Json.OptionalString(Json.Object(call), "type") is { } kind and not "function") return new Block.Opaque(WireFormat.OpenAI, kind, RawJson.Of(call));
        JsonElement function = Json.OptionalObject(call, "function") ?? throw new UnreadableException("function", "Field required");
        return new Block.ToolCall(Json.OptionalString(call, "id") ?? "", Json.Within(function, "function", each => Json.String(each, "name")), Json.Within(function, "function", Arguments))
        {
            Extra = Json.Rest(call, WireFormat.OpenAI, ["id", "type", "function", "index"]),
        };
    }

    // A string by the format; an object from clients that parsed it and forgot.
    static string Arguments(JsonElement function) => Json.Optional(function, "arguments") switch
    {
        null => "",
        { ValueKind: JsonValueKind.String } text => Text.Of(text),
        { ValueKind: JsonValueKind.Object } parsed => parsed.GetRawText(),
        { } other => throw Json.Unexpected("arguments", "a string", other),
    };
}
