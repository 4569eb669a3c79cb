// Kimi K2 Thinking at Moonshot: always thinks, wants every thought of a task back, names its calls by a running number over
// the whole conversation. It does not know other vendors' ids.

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

public sealed class Kimi : ChatVendor
{
    public override string Name => "kimi";

    protected override int OutputLimit => 262_144;

    protected override IReadOnlySet<string> KnownFields { get; } = new HashSet<string>
    {
        "model", "messages", "tools", "tool_choice", "stream", "stream_options", "temperature", "top_p", "n", "max_tokens",
        "max_completion_tokens", "presence_penalty", "frequency_penalty", "stop", "response_format", "thinking",
        "prompt_cache_key", "safety_identifier", "user",
    };

    protected override string? ThinkingOf(JsonElement message) => message.Text("reasoning_content");

    protected override JsonObject Thinking(string piece, bool last) => new() { ["reasoning_content"] = piece };

    protected override string CallId(Conversation conversation, int callOfReply, Part.Call call) =>
        string.Create(CultureInfo.InvariantCulture, $"functions.{call.Tool.Replace("functions.", "", StringComparison.Ordinal)}:{conversation.CallsSoFar + callOfReply}");

    protected override bool ThinkingIsOff(JsonElement body) => false;

    /// <summary>Partial mode.</summary>
    protected override bool Continues(JsonElement body, JsonElement last) => last.IsTrue("partial");

    internal override string TooLong(int prompt, int output) =>
        $"Invalid request: Your request exceeded model token limit: {Window} (requested: {prompt + output})";

    protected override JsonObject UsageJson(Usage usage) => new()
    {
        ["prompt_tokens"] = usage.Prompt, ["completion_tokens"] = usage.Output, ["total_tokens"] = usage.Prompt + usage.Output,
        ["cached_tokens"] = usage.Cached,
    };

    /// <summary>Usage stands inside the last choice, always, and at the top of a chunk of its own when asked for.</summary>
    private protected override IEnumerable<JsonObject> Closing(Chunks chunks, Question question, string reason)
    {
        var last = chunks.Delta([], reason);
        last["choices"]![0]!["usage"] = UsageJson(question.Usage);
        yield return last;
        if (question.Body.Member("stream_options")?.IsTrue("include_usage") == true)
            yield return chunks.UsageOnly(UsageJson(question.Usage));
    }

    private protected override Chunks NewChunks(string model) => new(NewName("chatcmpl-", 24), model, ("system_fingerprint", "fpv0_8c2ca4e1"));

    private protected override IEnumerable<Finding> CheckVendor(JsonElement body, IReadOnlyList<JsonElement> messages) =>
        [.. Reasoning(messages), .. Ids(messages), .. Sampling(body), .. Schemas(body)];

    static IEnumerable<Finding> Reasoning(IReadOnlyList<JsonElement> messages) =>
        from message in messages.Index()
        where message.Item.Items("tool_calls").Any() && message.Item.Text("reasoning_content") is null
        select new Finding.Refused("thinking is enabled but reasoning_content is missing in assistant tool call message at index " +
            message.Index.ToString(CultureInfo.InvariantCulture));

    // The id is the only carrier of the function's name in the rendered history: with another form the model forgets the
    // name, copies the form, or stops calling.
    static IEnumerable<Finding> Ids(IReadOnlyList<JsonElement> messages) =>
        from call in messages.SelectMany(m => m.Items("tool_calls")).Index()
        let native = string.Create(CultureInfo.InvariantCulture, $"functions.{call.Item.Member("function")?.Text("name")}:{call.Index}")
        where call.Item.Text("id") != native
        select new Finding.Degraded($"tool call {call.Index} of the history has the id {call.Item.Text("id")}, the model knows it as {native}");

    static IEnumerable<Finding> Sampling(JsonElement body)
    {
        if (body.Member("temperature") is { } t && (t.ValueKind != JsonValueKind.Number || Math.Abs(t.GetDouble() - 1.0) > 1e-9))
            yield return new Finding.Refused("invalid temperature: only 1 is allowed for this model");
        if (body.Member("tool_choice") is { } choice && !(choice.ValueKind == JsonValueKind.String && choice.GetString() is "auto" or "none"))
            yield return new Finding.Refused("tool_choice 'specified' is incompatible with thinking enabled");
        if (body.Member("thinking") is { } thinking && thinking.Text("type") != "enabled")
            yield return new Finding.Refused("invalid thinking: only type=enabled is allowed for this model");
        if (body.Member("thinking")?.Names().FirstOrDefault(n => n is not ("type" or "keep" or "effort")) is { } unknown)
            yield return new Finding.Refused($"invalid thinking: unknown field {unknown}");
    }

    static IEnumerable<Finding> Schemas(JsonElement body)
    {
        foreach (var tool in body.Items("tools"))
        {
            if (tool.Member("function") is not { } function) continue;
            if (function.Member("strict") is not null)
                yield return new Finding.Refused("Unrecognized request argument supplied: tools.function.strict");
            if (function.Member("parameters") is { } parameters && KimiSchema.Problem(parameters) is { } problem)
                yield return new Finding.Refused($"tools.function.parameters is not a valid moonshot flavored json schema, details: <{function.Text("name")}: {problem}>");
        }
    }
}
