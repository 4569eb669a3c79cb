// DeepSeek with thinking: once a tool was used, every assistant turn must carry its reasoning, be it empty. It does not
// compare that reasoning with what it sent.

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

public sealed class DeepSeek : ChatVendor
{
    public override string Name => "deepseek";

    protected override int OutputLimit => 393_216;

    protected override IReadOnlySet<string> KnownFields { get; } = new HashSet<string>
    {
        "model", "messages", "tools", "tool_choice", "stream", "stream_options", "temperature", "top_p", "max_tokens",
        "presence_penalty", "frequency_penalty", "stop", "response_format", "thinking", "reasoning_effort", "logprobs", "top_logprobs",
    };

    protected override string? ThinkingOf(JsonElement message) => message.Text("reasoning_content");

    protected override JsonObject Thinking(string piece, bool last) => new() { ["reasoning_content"] = piece };

    protected override string CallId(Conversation conversation, int callOfReply, Part.Call call) =>
        NewName($"call_{callOfReply:00}_", 20);

    protected override JsonObject UsageJson(Usage usage) => new()
    {
        ["prompt_tokens"] = usage.Prompt, ["completion_tokens"] = usage.Output, ["total_tokens"] = usage.Prompt + usage.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning },
        ["prompt_cache_hit_tokens"] = usage.Cached, ["prompt_cache_miss_tokens"] = usage.Prompt - usage.Cached,
    };

    private protected override IEnumerable<JsonObject> Closing(Chunks chunks, Question question, string reason)
    {
        var last = chunks.Delta(new JsonObject { ["content"] = "" }, reason);
        last["usage"] = UsageJson(question.Usage);
        yield return last;
    }

    private protected override Chunks NewChunks(string model) => new(NewName("", 36), model, ("system_fingerprint", "fp_eaab8d114b_prod0820_fp8_kvcache"));

    private protected override IEnumerable<Finding> CheckVendor(JsonElement body, IReadOnlyList<JsonElement> messages)
    {
        var thinks = !ThinkingIsOff(body);
        var usedTools = messages.Any(m => m.Items("tool_calls").Any());
        if (thinks && usedTools && messages.Any(m => m.Text("role") == "assistant" && m.Text("reasoning_content") is null))
            yield return new Finding.Refused("The `reasoning_content` in the thinking mode must be passed back to the API.");
        if (body.Member("thinking") is { } thinking && thinking.Text("type") is not ("enabled" or "disabled"))
            yield return new Finding.Refused($"Failed to deserialize the JSON body into the target type: thinking.type: unknown variant `{thinking.Text("type")}`, expected `enabled` or `disabled`");
        if (thinks && body.Member("tool_choice") is { } choice && !(choice.ValueKind == JsonValueKind.String && choice.GetString() is "auto" or "none"))
            yield return new Finding.Refused("Thinking mode does not support this tool_choice");
    }
}
