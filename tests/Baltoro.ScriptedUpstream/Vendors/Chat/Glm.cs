// GLM at Z.ai: thinking preserved over turns when it comes back unmodified. It knows its own turns by their call ids.

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

public sealed class Glm : ChatVendor
{
    public override string Name => "glm";

    public override string BasePath => "/api/paas/v4";

    protected override IReadOnlySet<string> KnownFields { get; } = new HashSet<string>
    {
        "model", "messages", "tools", "tool_choice", "stream", "stream_options", "tool_stream", "temperature", "top_p", "max_tokens",
        "stop", "response_format", "thinking", "reasoning_effort", "do_sample", "request_id", "user_id", "user",
    };

    protected override string? ThinkingOf(JsonElement message) => message.Text("reasoning_content");

    protected override JsonObject Thinking(string piece, bool last) => new() { ["reasoning_content"] = piece };

    protected override string CallId(Conversation conversation, int callOfReply, Part.Call call) => NewName("call_-", 19);

    protected override bool StreamsArguments(JsonElement body) => body.IsTrue("tool_stream");

    protected override string StopName(Stop stop) => stop == Stop.Filtered ? "sensitive" : base.StopName(stop);

    internal override string TooLong(int prompt, int output) => "Prompt exceeds max length";

    protected override JsonObject UsageJson(Usage usage) => new()
    {
        ["prompt_tokens"] = usage.Prompt, ["completion_tokens"] = usage.Output, ["total_tokens"] = usage.Prompt + usage.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
    };

    /// <summary>Usage comes in the chunk that carries the reason, asked for or not.</summary>
    private protected override IEnumerable<JsonObject> Closing(Chunks chunks, Question question, string reason)
    {
        var last = chunks.Delta(new JsonObject { ["role"] = "assistant", ["content"] = "" }, reason);
        last["usage"] = UsageJson(question.Usage);
        yield return last;
    }

    private protected override Chunks NewChunks(string model)
    {
        var id = NewName("2026112305", 22);
        return new(id, model, ("request_id", id));
    }

    private protected override IEnumerable<Finding> CheckVendor(JsonElement body, IReadOnlyList<JsonElement> messages)
    {
        if (body.Member("tool_choice") is { } choice && !(choice.ValueKind == JsonValueKind.String && choice.GetString() == "auto"))
            yield return new Finding.Refused("Invalid API parameter, please check the documentation. tool_choice only supports auto");
        if (body.Member("thinking") is { } thinking && thinking.Text("type") is not ("enabled" or "disabled"))
            yield return new Finding.Refused("Invalid API parameter, please check the documentation. thinking.type");
        if (body.Text("reasoning_effort") is not (null or "high" or "max"))
            yield return new Finding.Refused("Invalid API parameter, please check the documentation. reasoning_effort only supports high and max");
        foreach (var (i, message) in messages.Index())
            foreach (var call in message.Items("tool_calls"))
                if (IssuedTurns.TryGetValue(call.Text("id") ?? "", out var issued) && issued != Issued.Unknown && issued.Before + issued.Thinking != (ThinkingOf(message) ?? ""))
                    yield return new Finding.Degraded($"messages[{i}]: reasoning_content is not what was sent: «{ThinkingOf(message)}», not «{issued.Before + issued.Thinking}»");
    }

    internal override JsonObject Error(int status, string message) => new()
    {
        ["error"] = new JsonObject { ["code"] = status switch { 401 => "1001", 429 => "1302", >= 500 => "500", _ when message.StartsWith("Prompt exceeds", StringComparison.Ordinal) => "1261", _ => "1210" }, ["message"] = message },
    };
}
