// What all vendors of OpenAI Chat Completions share: the shape of requests, chunks and errors. It does not know in which
// field a vendor keeps its thinking, nor where it puts its usage.

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

public abstract class ChatVendor : Vendor
{
    /// <summary>The turns this server sent, by the id of each tool call in them.</summary>
    private protected ConcurrentDictionary<string, Issued> IssuedTurns { get; } = [];

    public override string BasePath => "/v1";

    public override string ModelPath => "/chat/completions";

    /// <summary>The most output tokens the model can be asked for.</summary>
    protected virtual int OutputLimit => 131_072;

    /// <summary>The top-level fields that the vendor documents.</summary>
    protected abstract IReadOnlySet<string> KnownFields { get; }

    protected virtual IReadOnlySet<string> KnownRoles { get; } = new HashSet<string> { "system", "user", "assistant", "tool" };

    /// <summary>The thinking that an assistant message of the history brings back; null when it brings none.</summary>
    protected abstract string? ThinkingOf(JsonElement message);

    /// <summary>A delta, or the members of a whole message, with a piece of thinking.</summary>
    protected abstract JsonObject Thinking(string piece, bool last);

    protected abstract string CallId(Conversation conversation, int callOfReply, Part.Call call);

    protected abstract JsonObject UsageJson(Usage usage);

    /// <summary>The last chunks: with the reason, and with the usage where this vendor puts it.</summary>
    private protected abstract IEnumerable<JsonObject> Closing(Chunks chunks, Question question, string reason);

    private protected abstract IEnumerable<Finding> CheckVendor(JsonElement body, IReadOnlyList<JsonElement> messages);

    protected virtual bool ThinkingIsOff(JsonElement body) => body.Member("thinking")?.Text("type") == "disabled";

    /// <summary>Whether a tool call is streamed in pieces for this request, or comes whole.</summary>
    protected virtual bool StreamsArguments(JsonElement body) => true;

    protected virtual string StopName(Stop stop) => stop switch
    {
        Stop.Tools => "tool_calls",
        Stop.Length => "length",
        Stop.Filtered => "content_filter",
        _ => "stop",
    };

    private protected virtual Chunks NewChunks(string model) => new(NewName("chatcmpl-", 24), model);

    /// <summary>Whether the reply goes on with the words of the last message, which is the assistant's.</summary>
    protected virtual bool Continues(JsonElement body, JsonElement last) => false;

    internal override IEnumerable<Finding> Check(RecordedRequest request, JsonElement body)
    {
        var messages = body.Items("messages").ToList();
        return
        [
            .. EndsWithItself(body) is not null && Begun(body) is null
                ? [new Finding.Degraded("the conversation ends with the assistant's own words: the model does not go on with them, it begins anew")]
                : Array.Empty<Finding>(),
            .. ChatRules.Key(request), .. ChatRules.Fields(body, KnownFields), .. ChatRules.Roles(messages, KnownRoles),
            .. ChatRules.Limits(body, OutputLimit), .. ChatRules.Pairs(messages), .. ChatRules.Texts(messages), .. ChatRules.Billing(messages),
            .. ChatRules.Arguments(messages), .. ChatRules.Tools(body), .. CheckVendor(body, messages),
        ];
    }

    internal override Conversation Read(JsonElement body) => new(
        body.Text("model") ?? "",
        [.. body.Items("messages").SkipLast(Begun(body) is null ? 0 : 1).Select(ReadTurn)],
        [.. body.Items("tools").Select(t => t.Member("function")?.Text("name") ?? "")]);

    Turn ReadTurn(JsonElement message) => message.Text("role") switch
    {
        "assistant" => new Turn.Assistant(ThinkingOf(message), message.ContentText(),
            [.. message.Items("tool_calls").Select(c => new ToolCall(c.Text("id") ?? "",
                c.Member("function")?.Text("name") ?? "", c.Member("function")?.Text("arguments") ?? ""))]),
        "tool" => new Turn.Result(message.Text("tool_call_id") ?? "", message.ContentText()),
        "user" => new Turn.User(message.ContentText()),
        _ => new Turn.System(message.ContentText()),
    };

    internal override Reply Fit(JsonElement body, Reply reply)
    {
        var fit = ThinkingIsOff(body) ? reply with { Parts = [.. reply.Parts.Where(p => p is not Part.Think)] } : reply;
        return Begun(body) is { } begun ? fit.After(ThinkingOf(begun) ?? "", begun.ContentText()) : fit;
    }

    static JsonElement? EndsWithItself(JsonElement body) =>
        body.Items("messages").Cast<JsonElement?>().LastOrDefault() is { } last && last.Text("role") == "assistant" && !last.Items("tool_calls").Any() ? last : null;

    JsonElement? Begun(JsonElement body) => EndsWithItself(body) is { } last && Continues(body, last) ? last : null;

    internal override IEnumerable<Sent> Stream(Question question, Reply reply)
    {
        var chunks = NewChunks(question.Model);
        yield return chunks.Delta(new JsonObject { ["role"] = "assistant", ["content"] = "" }).AsEvent();
        var calls = 0;
        var ids = Ids(question, reply);
        foreach (var part in reply.Parts)
        {
            var deltas = part switch
            {
                Part.Think think => ThinkingPieces(think.Text),
                Part.Say say => Pieces(say.Text).Select(p => new JsonObject { ["content"] = p }),
                Part.Call call => CallPieces(call, ids[calls], calls++, StreamsArguments(question.Body)),
                _ => throw new InvalidOperationException($"Unknown part {part.GetType().Name}."),
            };
            foreach (var delta in deltas) yield return new(chunks.Delta(delta).AsEvent(), part);
        }
        foreach (var chunk in Closing(chunks, question, StopName(reply.Stop))) yield return chunk.AsEvent();
        yield return "data: [DONE]\n\n";
    }

    internal override JsonObject Whole(Question question, Reply reply)
    {
        var ids = Ids(question, reply);
        var calls = reply.Parts.OfType<Part.Call>().Select((call, i) => (JsonNode)CallJson(call, ids[i], i)).ToArray();
        var text = string.Concat(reply.Parts.OfType<Part.Say>().Select(s => s.Text));
        var message = new JsonObject { ["role"] = "assistant", ["content"] = text };
        var thinking = string.Concat(reply.Parts.OfType<Part.Think>().Select(t => t.Text));
        if (thinking.Length > 0)
            foreach (var (name, value) in Thinking(thinking, last: true)) message[name] = value?.DeepClone();
        if (calls.Length > 0) message["tool_calls"] = new JsonArray(calls);
        var whole = NewChunks(question.Model).Envelope("chat.completion");
        whole["choices"] = new JsonArray(new JsonObject
        {
            ["index"] = 0, ["message"] = message, ["finish_reason"] = StopName(reply.Stop),
        });
        whole["usage"] = UsageJson(question.Usage);
        return whole;
    }

    internal override string TooLong(int prompt, int output) =>
        $"This model's maximum context length is {Window} tokens. However, you requested {prompt + output} tokens ({prompt} in the messages, " +
        $"{output} in the completion). Please reduce the length of the messages or completion.";

    internal override JsonObject Error(int status, string message) => new()
    {
        ["error"] = new JsonObject
        {
            ["message"] = message,
            ["type"] = status switch { 401 => "invalid_authentication_error", 404 => "resource_not_found_error", 429 => "rate_limit_reached_error", >= 500 => "server_error", _ => "invalid_request_error" },
            ["code"] = message.Contains("maximum context length", StringComparison.Ordinal) ? "context_length_exceeded" : null,
        },
    };

    internal override JsonObject? Aside(RecordedRequest request) => request.Path == BasePath + "/models"
        ? new JsonObject { ["object"] = "list", ["data"] = new JsonArray() }
        : null;

    IEnumerable<JsonObject> ThinkingPieces(string text)
    {
        var pieces = Pieces(text).ToList();
        return pieces.Select((piece, i) => Thinking(piece, i == pieces.Count - 1));
    }

    static IEnumerable<JsonObject> CallPieces(Part.Call call, string id, int index, bool inPieces)
    {
        if (!inPieces)
        {
            yield return Calls(CallJson(call, id, index));
            yield break;
        }
        yield return Calls(CallJson(call with { Arguments = "" }, id, index));
        foreach (var piece in Pieces(call.Arguments))
            yield return Calls(new JsonObject { ["index"] = call.Index ?? index, ["function"] = new JsonObject { ["arguments"] = piece } });
    }

    static JsonObject Calls(JsonObject call) => new() { ["tool_calls"] = new JsonArray(call) };

    static JsonObject CallJson(Part.Call call, string id, int index) => new()
    {
        ["index"] = call.Index ?? index, ["id"] = id.Length > 0 ? id : null, ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = call.Tool, ["arguments"] = call.Arguments },
    };

    List<string> Ids(Question question, Reply reply)
    {
        var ids = reply.Parts.OfType<Part.Call>().Select((call, i) => call.Id ?? CallId(question.Conversation, i, call)).ToList();
        var issued = new Issued(
            string.Concat(reply.Parts.OfType<Part.Think>().Select(t => t.Text)), Reply.Begun(question.Conversation)?.Thinking ?? "");
        foreach (var (call, id) in reply.Parts.OfType<Part.Call>().Zip(ids)) IssuedTurns[id] = call.Id is null ? issued : Issued.Unknown;
        return ids;
    }
}

/// <summary>What the vendor remembers of a turn it sent.</summary>
/// <param name="Thinking">Of the reply that ended it.</param>
/// <param name="Before">What had been thought in a reply that it went on with.</param>
sealed record Issued(string Thinking, string Before = "")
{
    /// <summary>Of a turn that cannot be told from another.</summary>
    public static readonly Issued Unknown = new("?");
}
