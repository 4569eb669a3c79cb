// What all servers of Anthropic Messages share: blocks, events, errors. It does not know what a signature means, nor what a
// vendor refuses.

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Messages;

public abstract class MessagesVendor : Vendor
{
    public override string BasePath => "";

    public override string ModelPath => "/v1/messages";

    /// <summary>The signature for a thought of which the client sees only <paramref name="shown"/>.</summary>
    public abstract string Sign(string shown, string thought);

    /// <summary>The thought that a block brings back; null when the vendor did not issue that block.</summary>
    public abstract string? Unsign(string shown, string signature);

    protected virtual string CallId(Conversation conversation, int callOfReply, string tool) => NewName("toolu_01", 22);

    /// <summary>Whether prompts are cached unasked and writing is free; else only what a <c>cache_control</c> marks.</summary>
    protected virtual bool CachesUnmarked => false;

    /// <summary>What the client sees of a thought.</summary>
    private protected virtual string Shown(JsonElement body, Part.Think think) => think.Text;

    internal override Conversation Read(JsonElement body) => new(
        body.Text("model") ?? "",
        [.. SystemTurn(body), .. body.Items("messages").SkipLast(Begun(body) is null ? 0 : 1).SelectMany(ReadTurns)],
        [.. body.Items("tools").Select(t => t.Text("name") ?? "")]);

    internal override Reply Fit(JsonElement body, Reply reply)
    {
        var fit = body.Member("thinking")?.Text("type") is "adaptive" or "enabled"
            ? reply
            : reply with { Parts = [.. reply.Parts.Where(p => p is not Part.Think)] };
        return Begun(body) is { } begun ? fit.After(ReadAssistant(begun).Thinking ?? "", begun.ContentText()) : fit;
    }

    /// <summary>The last message, when it is the assistant's: the reply goes on with its words.</summary>
    private protected static JsonElement? Begun(JsonElement body) =>
        body.Items("messages").Cast<JsonElement?>().LastOrDefault() is { } last && last.Text("role") == "assistant"
            && last.Items("content").All(b => b.Text("type") != "tool_use") ? last : null;

    internal override string SignOfLife => Event("ping", []);

    internal override IEnumerable<Sent> Stream(Question question, Reply reply)
    {
        var message = Message(question, [], null);
        yield return Event("message_start", new JsonObject { ["message"] = message });
        yield return Event("ping", []);
        foreach (var (index, (part, id)) in Identified(question, reply).Index())
        {
            yield return new(Event("content_block_start", new JsonObject { ["index"] = index, ["content_block"] = Opened(part, id) }), part);
            foreach (var delta in Deltas(question, part))
                yield return new(Event("content_block_delta", new JsonObject { ["index"] = index, ["delta"] = delta }), part);
            yield return new(Event("content_block_stop", new JsonObject { ["index"] = index }), part);
        }
        yield return Event("message_delta", new JsonObject
        {
            ["delta"] = new JsonObject { ["stop_reason"] = StopName(reply.Stop), ["stop_sequence"] = null, ["stop_details"] = null, ["container"] = null },
            ["usage"] = UsageJson(question),
        });
        yield return Event("message_stop", []);
    }

    internal override JsonObject Whole(Question question, Reply reply) =>
        Message(question, [.. Identified(question, reply).Select(p => Complete(question, p.Part, p.Id))], StopName(reply.Stop));

    internal override string TooLong(int prompt, int output) => prompt > Window
        ? $"prompt is too long: {prompt} tokens > {Window} maximum"
        : $"input length and `max_tokens` exceed context limit: {prompt} + {output} > {Window}, decrease input length or `max_tokens` and try again";

    internal override JsonObject Error(int status, string message) => new()
    {
        ["type"] = "error",
        ["error"] = new JsonObject
        {
            ["type"] = status switch
            {
                401 => "authentication_error", 403 => "permission_error", 404 => "not_found_error", 413 => "request_too_large",
                429 => "rate_limit_error", 529 => "overloaded_error", >= 500 => "api_error", _ => "invalid_request_error",
            },
            ["message"] = message,
        },
        ["request_id"] = NewName("req_", 24),
    };

    internal override JsonObject? Aside(RecordedRequest request) => request.Path.Split('?')[0][BasePath.Length..] switch
    {
        "/v1/messages/count_tokens" => new JsonObject { ["input_tokens"] = Usage.Of(request.Parse(), Reply.Of()).Prompt },
        "/v1/models" => new JsonObject { ["data"] = new JsonArray(), ["has_more"] = false, ["first_id"] = null, ["last_id"] = null },
        _ => null,
    };

    static IEnumerable<Turn> SystemTurn(JsonElement body) =>
        body.Member("system") is null ? [] : [new Turn.System(body.ContentText("system"))];

    IEnumerable<Turn> ReadTurns(JsonElement message)
    {
        switch (message.Text("role"))
        {
            case "assistant":
                yield return ReadAssistant(message);
                break;
            case "system":
                yield return new Turn.System(message.ContentText());
                break;
            default:
                foreach (var result in message.Items("content").Where(b => b.Text("type") == "tool_result"))
                    yield return new Turn.Result(result.Text("tool_use_id") ?? "", result.ContentText());
                if (message.ContentText().Trim() is { Length: > 0 } text) yield return new Turn.User(text);
                break;
        }
    }

    Turn.Assistant ReadAssistant(JsonElement message)
    {
        var blocks = message.Items("content").ToList();
        var thoughts = blocks.Where(b => b.Text("type") == "thinking")
            .Select(b => Unsign(b.Text("thinking") ?? "", b.Text("signature") ?? "") ?? b.Text("thinking")).ToList();
        return new Turn.Assistant(
            thoughts.Count == 0 ? null : string.Concat(thoughts),
            message.ContentText(),
            [.. blocks.Where(b => b.Text("type") == "tool_use").Select(b => new ToolCall(b.Text("id") ?? "", b.Text("name") ?? "",
                b.Member("input")?.GetRawText() ?? ""))]);
    }

    JsonObject Message(Question question, JsonArray content, string? stop) => new()
    {
        ["id"] = NewName("msg_01", 22), ["type"] = "message", ["role"] = "assistant", ["model"] = question.Model, ["content"] = content,
        ["stop_reason"] = stop, ["stop_sequence"] = null, ["stop_details"] = null, ["container"] = null, ["diagnostics"] = null, ["usage"] = UsageJson(question, started: stop is null),
    };

    JsonObject UsageJson(Question question, bool started = false)
    {
        var marked = CachesUnmarked || System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(question.Body).IndexOf("\"cache_control\""u8) >= 0;
        var (prompt, cached) = (question.Usage.Prompt, marked ? question.Usage.Cached : 0);
        var written = marked && !CachesUnmarked ? prompt - cached : 0;
        return new JsonObject
        {
            ["input_tokens"] = prompt - cached - written, ["cache_creation_input_tokens"] = written, ["cache_read_input_tokens"] = cached,
            ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = written, ["ephemeral_1h_input_tokens"] = 0 },
            ["output_tokens"] = started ? 1 : question.Usage.Output, ["service_tier"] = "standard",
            ["output_tokens_details"] = new JsonObject { ["thinking_tokens"] = started ? 0 : question.Usage.Reasoning },
            ["server_tool_use"] = null, ["inference_geo"] = null, ["speed"] = null,
        };
    }

    List<(Part Part, string Id)> Identified(Question question, Reply reply)
    {
        var calls = 0;
        return reply.Parts.Select(p => (p, p is Part.Call call ? call.Id ?? CallId(question.Conversation, calls++, call.Tool) : "")).ToList<(Part, string)>();
    }

    static JsonObject Opened(Part part, string id) => part switch
    {
        Part.Think => new JsonObject { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" },
        Part.Say => new JsonObject { ["type"] = "text", ["text"] = "", ["citations"] = null },
        Part.Call call => new JsonObject
        {
            ["type"] = "tool_use", ["id"] = id, ["name"] = call.Tool, ["input"] = new JsonObject(),
            ["caller"] = new JsonObject { ["type"] = "direct" },
        },
        _ => throw new InvalidOperationException($"Unknown part {part.GetType().Name}."),
    };

    IEnumerable<JsonObject> Deltas(Question question, Part part) => part switch
    {
        Part.Think think =>
        [
            .. Pieces(Shown(question.Body, think)).Select(p => new JsonObject { ["type"] = "thinking_delta", ["thinking"] = p }),
            new JsonObject { ["type"] = "signature_delta", ["signature"] = Sign(Shown(question.Body, think), think.Text) },
        ],
        Part.Say say => Pieces(say.Text).Select(p => new JsonObject { ["type"] = "text_delta", ["text"] = p }),
        Part.Call call => Pieces(call.Arguments).Prepend("").Select(p => new JsonObject { ["type"] = "input_json_delta", ["partial_json"] = p }),
        _ => throw new InvalidOperationException($"Unknown part {part.GetType().Name}."),
    };

    JsonObject Complete(Question question, Part part, string id)
    {
        var block = Opened(part, id);
        switch (part)
        {
            case Part.Think think:
                (block["thinking"], block["signature"]) = (Shown(question.Body, think), Sign(Shown(question.Body, think), think.Text));
                break;
            case Part.Say say:
                block["text"] = say.Text;
                break;
            case Part.Call call:
                block["input"] = JsonNode.Parse(call.Arguments);
                break;
        }
        return block;
    }

    static string StopName(Stop stop) => stop switch
    {
        Stop.Tools => "tool_use",
        Stop.Length => "max_tokens",
        Stop.Filtered => "refusal",
        _ => "end_turn",
    };

    static string Event(string name, JsonObject data)
    {
        data.Insert(0, "type", name);
        return $"event: {name}\ndata: {data.AsJson()}\n\n";
    }
}
