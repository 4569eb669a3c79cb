// A self-hosted model behind vLLM with a strict template: thinking as reasoning, the system message first or not at all,
// usage only when asked for. It asks for no thinking back.

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

public sealed class SelfHosted : ChatVendor
{
    public override string Name => "self-hosted";

    /// <summary>False for an older server, which knows no <c>stream_options</c>.</summary>
    public bool KnowsStreamOptions { get; init; } = true;

    protected override IReadOnlySet<string> KnownFields { get; } = new HashSet<string>
    {
        "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options", "temperature", "top_p", "top_k",
        "min_p", "repetition_penalty", "n", "seed", "max_tokens", "max_completion_tokens", "presence_penalty", "frequency_penalty", "stop", "response_format",
        "reasoning_effort", "chat_template_kwargs", "continue_final_message", "add_generation_prompt", "logprobs", "top_logprobs", "logit_bias", "user", "metadata",
    };

    protected override string? ThinkingOf(JsonElement message) => message.Text("reasoning") ?? message.Text("reasoning_content");

    protected override JsonObject Thinking(string piece, bool last) => new() { ["reasoning"] = piece };

    protected override string CallId(Conversation conversation, int callOfReply, Part.Call call) => NewName("chatcmpl-tool-", 32);

    protected override bool ThinkingIsOff(JsonElement body) =>
        body.Member("chat_template_kwargs") is { } kwargs && (kwargs.Member("enable_thinking") ?? kwargs.Member("thinking")) is { ValueKind: JsonValueKind.False };

    /// <summary>vLLM closes the last message and begins another one, unless it is told both.</summary>
    protected override bool Continues(JsonElement body, JsonElement last) =>
        body.IsTrue("continue_final_message") && body.Member("add_generation_prompt") is { ValueKind: JsonValueKind.False };

    protected override JsonObject UsageJson(Usage usage) => new()
    {
        ["prompt_tokens"] = usage.Prompt, ["total_tokens"] = usage.Prompt + usage.Output, ["completion_tokens"] = usage.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached },
    };

    private protected override IEnumerable<JsonObject> Closing(Chunks chunks, Question question, string reason)
    {
        yield return chunks.Delta([], reason);
        if (question.Body.Member("stream_options")?.IsTrue("include_usage") == true)
            yield return chunks.UsageOnly(UsageJson(question.Usage));
    }

    private protected override IEnumerable<Finding> CheckVendor(JsonElement body, IReadOnlyList<JsonElement> messages)
    {
        if (!KnowsStreamOptions && body.Member("stream_options") is not null)
            yield return new Finding.Refused("Unrecognized request argument supplied: stream_options");
        if (messages.Skip(1).Any(m => m.Text("role") == "system"))
            yield return new Finding.Refused("System message must be at the beginning.");
        if (body.Member("stream_options") is not null && !body.IsTrue("stream"))
            yield return new Finding.Refused("Stream options can only be defined when `stream=True`.");
    }
}
