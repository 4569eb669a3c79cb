// A Messages request as Claude Code and the SDKs send it, turned into the product's words; it refuses to know who will answer.

using System.Text.Json;
using System.Text.Unicode;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Reads the body of <c>POST /v1/messages</c> and of <c>/v1/messages/count_tokens</c>
/// (platform.claude.com/docs/en/api/messages; as Claude Code 2.1.330 sends it).
/// What is not understood is kept in <see cref="ChatRequest.Extra"/> and never fails a request; what is understood must have its type.
/// </summary>
public static class RequestReader
{
    // The only name under which a schema can travel on where the other format demands one.
    const string SchemaName = "reply";

    /// <param name="body">Not used after the call.</param>
    /// <param name="headers">The request's headers, names in any case. Only <c>anthropic-*</c> but not the version is kept.</param>
    public static Reading Read(ReadOnlyMemory<byte> body, Sequence<Header> headers)
    {
        if (!Utf8.IsValid(body.Span)) return Rejected("body: not valid UTF-8");
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Json.Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) Json.RequireWhole(Json.Optional(document.RootElement, "tools"), body.Span);
            return new Reading.Read(ReadRoot(Json.Object(document.RootElement), headers));
        }
        catch (UnreadableException e)
        {
            return Rejected($"{(e.Path.Length == 0 ? "body" : e.Path)}: {e.Problem}");
        }
        catch (JsonException e)
        {
            return Rejected($"body: not valid JSON: {e.Message}");
        }
        catch (InvalidOperationException)
        {
            // Values are decoded leniently; a member's name has no such second chance.
            return Rejected("body: a member's name holds half of a surrogate pair");
        }
    }

    static Reading.Rejected Rejected(string message) => new(new Failure.InvalidRequest(message));

    static ClientRequest ReadRoot(JsonElement root, Sequence<Header> headers)
    {
        List<Field> extra = Json.Rest(root, WireFormat.Anthropic,
        [
            "model", "max_tokens", "system", "messages", "tools", "tool_choice", "thinking", "output_config", "output_format", "metadata",
            "stop_sequences", "temperature", "top_p", "top_k", "stream",
        ])?.Fields.ToList() ?? [];

        ToolChoice? choice = null;
        if (Json.Optional(root, "tool_choice") is { } toolChoice)
        {
            choice = Json.Within(toolChoice, "tool_choice", ToolReader.Choice);
            if (choice is null) extra.Add(new("tool_choice", RawJson.Of(toolChoice)));
        }

        OutputConfig output = Json.OptionalObject(root, "output_config") is { } config
            ? Json.Within(config, "output_config", ReadOutputConfig)
            : new(null, null, null);
        if (output.Rest is { } rest) extra.Add(new("output_config", rest));
        // Replaced by output_config.format, which says the same.
        ResponseFormat? format = output.Format;
        if (Json.Optional(root, "output_format") is { } old)
        {
            format ??= ReadFormat(old);
            if (format is null) extra.Add(new("output_format", RawJson.Of(old)));
        }

        string? user = null;
        if (Json.OptionalObject(root, "metadata") is { } metadata)
        {
            user = Json.Within(metadata, "metadata", value => Json.OptionalString(value, "user_id"));
            if (Json.Rest(metadata, WireFormat.Anthropic, ["user_id"]) is { } others) extra.Add(new("metadata", RawMembers.Object(others)));
        }

        int? limit = Json.OptionalInt(root, "max_tokens");
        if (limit < 0) throw new UnreadableException("max_tokens", $"expected a number of tokens, got {limit}");

        ChatRequest request = new()
        {
            Model = Json.String(root, "model"),
            System = BlockReader.Content(root, "system"),
            Turns = Turns(root),
            Tools = Json.Items(root, "tools", ToolReader.Read),
            ToolChoice = choice,
            Thinking = Thinking(root) with { Effort = output.Effort, KeepAll = KeepsAllThinking(root) },
            Sampling = new()
            {
                Temperature = Json.OptionalNumber(root, "temperature"),
                TopP = Json.OptionalNumber(root, "top_p"),
                TopK = Json.OptionalInt(root, "top_k"),
            },
            OutputLimit = limit,
            StopSequences = Json.Items(root, "stop_sequences", StopSequence),
            ResponseFormat = format,
            SessionKey = headers.FirstOrDefault(header => Is(header, "x-claude-code-session-id"))?.Value ?? SessionOf(user),
            User = user,
            Headers = [.. headers.Where(Passes).Select(header => header with { Name = header.Name.ToLowerInvariant() })],
            Extra = extra.Count == 0 ? null : new(WireFormat.Anthropic, extra.ToSequence()),
        };
        return new(request, Json.OptionalBool(root, "stream") ?? false);
    }

    static Sequence<Turn> Turns(JsonElement root)
    {
        Json.Required(root, "messages");
        return Json.Items(root, "messages", ReadTurn);
    }

    static Turn ReadTurn(JsonElement value)
    {
        JsonElement message = Json.Object(value);
        string role = Json.String(message, "role");
        Sequence<Block> blocks = BlockReader.Content(message, "content");
        return role switch
        {
            "user" => new Turn.User(blocks) { Extra = Rest(["role", "content"]) },
            "assistant" => new Turn.Assistant(blocks) { Extra = Rest(["role", "content"]) },
            // {"clear_at":"next_user_message"}: beta mid-conversation-system-clear-at-2026-08-21. Other values stay unknown.
            "system" when message.TryGetProperty("clear_at"u8, out JsonElement clearAt)
                && clearAt.ValueKind == JsonValueKind.String && clearAt.ValueEquals("next_user_message"u8) =>
                new Turn.System(blocks) { UntilNextUserTurn = true, Extra = Rest(["role", "content", "clear_at"]) },
            "system" => new Turn.System(blocks) { Extra = Rest(["role", "content"]) },
            _ => throw new UnreadableException("role", $"expected \"user\", \"assistant\" or \"system\", got \"{role}\""),
        };

        Extra? Rest(ReadOnlySpan<string> known) => Json.Rest(message, WireFormat.Anthropic, known);
    }

    static ThinkingControl Thinking(JsonElement root) =>
        Json.OptionalObject(root, "thinking") is { } thinking ? Json.Within(thinking, "thinking", ReadThinking) : new();

    static ThinkingControl ReadThinking(JsonElement thinking)
    {
        ThinkingMode mode = Json.String(thinking, "type") switch
        {
            "enabled" => ThinkingMode.On,
            "disabled" => ThinkingMode.Off,
            "adaptive" => ThinkingMode.Adaptive,
            _ => ThinkingMode.Unset,
        };
        return new()
        {
            Mode = mode,
            Budget = Json.OptionalInt(thinking, "budget_tokens"),
            // A mode without a word of ours keeps its name among the unknown fields.
            Extra = mode == ThinkingMode.Unset
                ? Json.Rest(thinking, WireFormat.Anthropic, ["budget_tokens"])
                : Json.Rest(thinking, WireFormat.Anthropic, ["type", "budget_tokens"]),
        };
    }

    sealed record OutputConfig(Effort? Effort, ResponseFormat? Format, RawJson? Rest);

    static OutputConfig ReadOutputConfig(JsonElement config)
    {
        ResponseFormat? format = Json.Optional(config, "format") is { } value ? ReadFormat(value) : null;
        Extra? rest = format is null
            ? Json.Rest(config, WireFormat.Anthropic, ["effort"])
            : Json.Rest(config, WireFormat.Anthropic, ["effort", "format"]);
        return new(
            Json.OptionalString(config, "effort") is { } effort ? new Effort(effort) : null,
            format,
            rest is null ? null : RawMembers.Object(rest));
    }

    /// <summary>Null for a format that this product has no word for.</summary>
    static ResponseFormat.JsonSchema? ReadFormat(JsonElement format) =>
        format.ValueKind == JsonValueKind.Object
        && Json.Optional(format, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("json_schema"u8)
        && Json.Optional(format, "schema") is { ValueKind: JsonValueKind.Object } schema
            ? new(SchemaName, RawJson.Of(schema))
            : null;

    /// <summary><c>{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]}</c>, as Claude Code sends with every request.</summary>
    static bool KeepsAllThinking(JsonElement root) =>
        Json.Optional(root, "context_management") is { ValueKind: JsonValueKind.Object } management
        && Json.Optional(management, "edits") is { ValueKind: JsonValueKind.Array } edits
        && edits.EnumerateArray().Any(edit => edit.ValueKind == JsonValueKind.Object
            && Json.Optional(edit, "type") is { ValueKind: JsonValueKind.String } type && type.ValueEquals("clear_thinking_20251015"u8)
            && Json.Optional(edit, "keep") is { ValueKind: JsonValueKind.String } keep && keep.ValueEquals("all"u8));

    static string StopSequence(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? Text.Of(value) : throw Json.Unexpected("", "a string", value);

    /// <summary>Claude Code's user id is a JSON object in a string; before 2.1 it was <c>user_…_account_…_session_UUID</c>.</summary>
    static string? SessionOf(string? user)
    {
        const string Mark = "_session_";
        if (user is null) return null;
        if (user.IndexOf(Mark, StringComparison.Ordinal) is >= 0 and var at && user.StartsWith("user_", StringComparison.Ordinal))
            return user[(at + Mark.Length)..] is { Length: > 0 } session ? session : null;
        if (!user.StartsWith('{')) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(user, Json.Options);
            return document.RootElement.TryGetProperty("session_id"u8, out JsonElement id) && id.ValueKind == JsonValueKind.String
                ? Text.Of(id)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static bool Passes(Header header) =>
        header.Name.StartsWith("anthropic-", StringComparison.OrdinalIgnoreCase) && !Is(header, "anthropic-version");

    static bool Is(Header header, string name) => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase);
}
