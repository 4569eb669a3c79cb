// A client's Chat Completions request as the product's words; it refuses to know which model will answer.

using System.Text.Json;
using System.Text.Unicode;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Reads the body of <c>POST /v1/chat/completions</c> as OpenAI documents it, with the additions of Moonshot, Z.ai, DeepSeek, OpenRouter
/// and vLLM (reference: gateways.md 3.8). What is not understood is kept in <see cref="Extra"/>; only what makes no sense is rejected.
/// </summary>
public static class RequestReader
{
    static readonly string[] Known =
    [
        "model", "messages", "tools", "functions", "tool_choice", "function_call", "parallel_tool_calls", "reasoning_effort", "reasoning",
        "thinking", "max_tokens", "max_completion_tokens", "stop", "response_format", "user", "stream", "stream_options", "n",
        "temperature", "top_p", "top_k", "min_p", "repetition_penalty", "frequency_penalty", "presence_penalty", "seed",
    ];

    /// <summary>Never throws, whatever the body is.</summary>
    public static Reading Read(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) return Rejected("the body: expected UTF-8 text, got bytes that are none");
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Json.Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) Json.RequireWhole(Json.Optional(document.RootElement, "tools"), body.Span);
            return new Reading.Read(Read(Json.Object(document.RootElement)));
        }
        catch (JsonException e)
        {
            return Rejected($"the body is not valid JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine}: {Reason(e)}");
        }
        catch (UnreadableException e)
        {
            return Rejected(e.Path.Length == 0 ? $"the body: {e.Problem}" : $"{e.Path}: {e.Problem}");
        }
        // The name of a field that is half a character: strings are mended, names are not.
        catch (InvalidOperationException)
        {
            return Rejected("the body: expected UTF-8 text, got a field's name that is none");
        }
    }

    static Reading.Rejected Rejected(string message) => new(new Failure.InvalidRequest(message) { Status = 400 });

    // The library's message repeats the position, and may quote the body.
    static string Reason(JsonException e) => e.Message.Contains("depth", StringComparison.OrdinalIgnoreCase)
        ? $"expected at most {Json.Options.MaxDepth} levels of nesting, got more"
        : "expected JSON, got something else";

    static ClientRequest Read(JsonElement root)
    {
        if (Json.OptionalInt(root, "n") is > 1 and { } n) throw new UnreadableException("n", $"expected 1, got {n}: one reply is given for a request");
        (Sequence<Block> system, Sequence<Turn> turns) = Messages.Read(root);
        ToolChoice? choice = Choice(root, out bool choiceKnown);
        ResponseFormat? format = Format(root, out bool formatKnown);
        Extra? extra = Json.Rest(root, WireFormat.OpenAI, Known);
        if (!choiceKnown) extra = Kept(extra, root, "tool_choice");
        if (!formatKnown) extra = Kept(extra, root, "response_format");
        ChatRequest request = new()
        {
            Model = Json.String(root, "model"),
            System = system,
            Turns = turns,
            Tools = Tools.Read(root),
            ToolChoice = choice,
            Thinking = ThinkingFields.Read(root),
            Sampling = new()
            {
                Temperature = Json.OptionalNumber(root, "temperature"),
                TopP = Json.OptionalNumber(root, "top_p"),
                TopK = Json.OptionalInt(root, "top_k"),
                MinP = Json.OptionalNumber(root, "min_p"),
                // The second is llama.cpp's name for it, and stays in Extra as well: only an upstream that the client itself addressed so is known to take it.
                RepetitionPenalty = Json.OptionalNumber(root, "repetition_penalty") ?? Json.OptionalNumber(root, "repeat_penalty"),
                FrequencyPenalty = Json.OptionalNumber(root, "frequency_penalty"),
                PresencePenalty = Json.OptionalNumber(root, "presence_penalty"),
                Seed = Seed(root),
            },
            OutputLimit = Limit(root, "max_completion_tokens") ?? Limit(root, "max_tokens"),
            StopSequences = Stop(root),
            ResponseFormat = format,
            // Stays in Extra as well: only an upstream that the client itself addressed so is known to take it under this name.
            SessionKey = Json.OptionalString(root, "prompt_cache_key"),
            User = Json.OptionalString(root, "user"),
            Extra = extra,
        };
        bool countAtEnd = Json.OptionalObject(root, "stream_options") is { } options && Json.OptionalBool(options, "include_usage") == true;
        return new(request, Json.OptionalBool(root, "stream") ?? false, countAtEnd);
    }

    static Extra Kept(Extra? extra, JsonElement root, string name) =>
        new(WireFormat.OpenAI, [.. extra?.Fields ?? [], new(name, RawJson.Of(root.GetProperty(name)))]);

    static int? Limit(JsonElement root, string name) => Json.OptionalInt(root, name) switch
    {
        null => null,
        <= 0 and { } limit => throw new UnreadableException(name, $"expected a positive number, got {limit}"),
        { } limit => limit,
    };

    static long? Seed(JsonElement root) =>
        Json.Optional(root, "seed") is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long exact)
            ? exact
            : Json.OptionalNumber(root, "seed") is { } seed ? (long)Math.Clamp(seed, long.MinValue, long.MaxValue) : null;

    static Sequence<string> Stop(JsonElement root) => Json.Optional(root, "stop") switch
    {
        null => [],
        { ValueKind: JsonValueKind.String } one => [Text.Of(one)],
        _ => Json.Items(root, "stop", each => each.ValueKind == JsonValueKind.String ? Text.Of(each) : throw Json.Unexpected("", "a string", each)),
    };

    static ToolChoice? Choice(JsonElement root, out bool known)
    {
        known = true;
        bool oneAtATime = Json.OptionalBool(root, "parallel_tool_calls") == false;
        ToolChoice? choice = Json.Optional(root, "tool_choice") is { } current ? Choice("tool_choice", current, out known)
            : Json.Optional(root, "function_call") is { } legacy ? Choice("function_call", legacy, out _)
            : null;
        return oneAtATime ? (choice ?? new ToolChoice.Auto()) with { OneAtATime = true } : choice;
    }

    static ToolChoice? Choice(string name, JsonElement value, out bool known)
    {
        ToolChoice? choice = value.ValueKind switch
        {
            JsonValueKind.String => Text.Of(value) switch
            {
                "auto" => new ToolChoice.Auto(),
                "none" => new ToolChoice.None(),
                "required" or "any" => new ToolChoice.Required(),
                _ => null,
            },
            JsonValueKind.Object when Json.Optional(value, "function") is { ValueKind: JsonValueKind.Object } function =>
                Json.OptionalString(function, "name") is { } named ? new ToolChoice.Named(named) : null,
            JsonValueKind.Object => Json.OptionalString(value, "name") is { } named ? new ToolChoice.Named(named) : null,
            _ => throw Json.Unexpected(name, "a string or an object", value),
        };
        known = choice is not null;
        return choice;
    }

    static ResponseFormat? Format(JsonElement root, out bool known)
    {
        known = true;
        if (Json.OptionalObject(root, "response_format") is not { } format) return null;
        string type = Json.Within(format, "response_format", each => Json.String(each, "type"));
        known = type is "text" or "json_object" or "json_schema";
        return type switch
        {
            "json_object" => new ResponseFormat.Json(),
            "json_schema" => Json.Within(format, "response_format", Schema),
            _ => null,
        };
    }

    static ResponseFormat.JsonSchema Schema(JsonElement format)
    {
        JsonElement schema = Json.OptionalObject(format, "json_schema") ?? throw new UnreadableException("json_schema", "Field required");
        return Json.Within(schema, "json_schema", each => new ResponseFormat.JsonSchema(
            Json.OptionalString(each, "name") ?? "reply", Json.OptionalRaw(each, "schema") ?? RawJson.Of("{}"), Json.OptionalBool(each, "strict")));
    }
}
