// OpenRouter: thinking as reasoning and as reasoning_details, which must come back unmodified and in order; comments as signs
// of life; the price in the usage. It does not know which model answers behind it.

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

public sealed class OpenRouter : ChatVendor
{
    const string Format = "anthropic-claude-v1";

    public override string Name => "openrouter";

    public override string BasePath => "/api/v1";

    protected override IReadOnlySet<string> KnownFields { get; } = new HashSet<string>
    {
        "model", "models", "messages", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options", "temperature", "top_p",
        "top_k", "min_p", "top_a", "repetition_penalty", "presence_penalty", "frequency_penalty", "seed", "max_tokens",
        "max_completion_tokens", "stop", "response_format", "reasoning", "reasoning_effort", "include_reasoning", "provider", "plugins",
        "usage", "user", "metadata", "route", "transforms", "verbosity", "session_id",
    };

    protected override string? ThinkingOf(JsonElement message) =>
        message.Items("reasoning_details").Any()
            ? string.Concat(message.Items("reasoning_details").Select(d => d.Text("text")))
            : message.Text("reasoning");

    protected override JsonObject Thinking(string piece, bool last)
    {
        var details = new JsonArray(new JsonObject { ["type"] = "reasoning.text", ["text"] = piece, ["format"] = Format, ["index"] = 0 });
        if (last)
        {
            details.Add(new JsonObject { ["type"] = "reasoning.text", ["signature"] = Signature(), ["format"] = Format, ["index"] = 0 });
            details.Add(new JsonObject { ["type"] = "reasoning.encrypted", ["id"] = "rs_1", ["data"] = "b3BlbiByb3V0ZXI=", ["format"] = "openai-responses-v1", ["index"] = 1 });
        }
        return new JsonObject { ["reasoning"] = piece, ["reasoning_details"] = details };
    }

    protected override string CallId(Conversation conversation, int callOfReply, Part.Call call) => NewName("call_", 24);

    protected override bool ThinkingIsOff(JsonElement body) =>
        body.Member("reasoning") is { } reasoning && (reasoning.IsTrue("exclude") || reasoning.Text("effort") == "none"
            || reasoning.Member("enabled") is { ValueKind: JsonValueKind.False });

    internal override string TooLong(int prompt, int output) =>
        $"This endpoint's maximum context length is {Window} tokens. However, you requested about {prompt + output} tokens ({prompt} of text input, " +
        $"{output} in the output). Please reduce the length of either one, or use the \"middle-out\" transform to compress your prompt automatically.";

    protected override JsonObject UsageJson(Usage usage) => new()
    {
        ["prompt_tokens"] = usage.Prompt, ["completion_tokens"] = usage.Output, ["total_tokens"] = usage.Prompt + usage.Output,
        ["cost"] = (usage.Prompt * 3m + usage.Output * 15m) / 1_000_000m, ["is_byok"] = false,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached, ["audio_tokens"] = 0 },
        ["cost_details"] = new JsonObject { ["upstream_inference_cost"] = null },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
    };

    internal override IEnumerable<Sent> Stream(Question question, Reply reply) =>
        [": OPENROUTER PROCESSING\n\n", ": OPENROUTER PROCESSING\n\n", .. base.Stream(question, reply)];

    /// <summary>The usage chunk has a choice too, empty and without a reason, after the reason was told.</summary>
    private protected override IEnumerable<JsonObject> Closing(Chunks chunks, Question question, string reason)
    {
        var last = chunks.Delta(new JsonObject { ["role"] = "assistant", ["content"] = "" }, reason);
        last["choices"]![0]!["native_finish_reason"] = reason == "tool_calls" ? "tool_use" : reason;
        yield return last;
        var usage = chunks.Delta(new JsonObject { ["role"] = "assistant", ["content"] = "" });
        usage["usage"] = UsageJson(question.Usage);
        yield return usage;
    }

    private protected override Chunks NewChunks(string model) => new(NewName("gen-1764000000-", 20), model, ("provider", "Anthropic"));

    private protected override IEnumerable<Finding> CheckVendor(JsonElement body, IReadOnlyList<JsonElement> messages)
    {
        foreach (var (i, message) in messages.Index())
        {
            foreach (var call in message.Items("tool_calls"))
            {
                if (!IssuedTurns.TryGetValue(call.Text("id") ?? "", out var issued) || issued == Issued.Unknown) continue;
                var expected = issued.Thinking.Length == 0 ? "" : Joined(Details(issued.Thinking));
                var brought = Joined(JsonSerializer.SerializeToElement(message.Member("reasoning_details")));
                if (expected != brought)
                    yield return new Finding.Degraded($"messages[{i}]: reasoning_details are not what was sent: {brought}, not {expected}");
            }
        }
        if (body.Member("reasoning")?.Names().FirstOrDefault(n => n is not ("effort" or "max_tokens" or "exclude" or "enabled" or "summary")) is { } unknown)
            yield return new Finding.Refused($"reasoning: Unrecognized key: \"{unknown}\"");
    }

    JsonElement Details(string thinking) =>
        JsonSerializer.SerializeToElement(Thinking(thinking, last: true)["reasoning_details"]);

    // Pieces of one streamed detail (same index and type) may come back joined or apart: only the joined form is compared.
    static string Joined(JsonElement details)
    {
        if (details.ValueKind != JsonValueKind.Array) return "";
        var joined = new StringBuilder();
        foreach (var group in details.EnumerateArray().GroupBy(d => (d.Number("index"), d.Text("type"))))
        {
            joined.Append(group.Key.Item2).Append(' ').Append(group.Key.Item1).Append(' ').Append(group.First().Text("format")).Append(": ");
            foreach (var name in (string[])["id", "text", "summary", "data", "signature"])
                joined.Append(name == "id" ? group.First().Text(name) : string.Concat(group.Select(d => d.Text(name)))).Append('|');
        }
        return joined.ToString();
    }

    static string Signature() => Convert.ToBase64String("openrouter keeps this"u8);
}
