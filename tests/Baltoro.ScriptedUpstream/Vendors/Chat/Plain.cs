// OpenAI's own Chat Completions: thinks in secret, tells how much, and knows no field of a message for it. It does not know
// any other vendor's additions.

using System.Text.Json;
using System.Text.Json.Nodes;

namespace Baltoro.ScriptedUpstream.Vendors.Chat;

public sealed class Plain : ChatVendor
{
    static readonly HashSet<string> KnownMembers = ["role", "content", "name", "tool_calls", "tool_call_id", "refusal", "audio", "function_call"];

    public override string Name => "plain";

    protected override IReadOnlySet<string> KnownFields { get; } = new HashSet<string>
    {
        "model", "messages", "tools", "tool_choice", "parallel_tool_calls", "stream", "stream_options", "temperature", "top_p", "n", "seed",
        "max_tokens", "max_completion_tokens", "presence_penalty", "frequency_penalty", "stop", "response_format", "reasoning_effort",
        "verbosity", "logprobs", "top_logprobs", "logit_bias", "user", "metadata", "store", "service_tier", "prediction", "modalities",
        "prompt_cache_key", "safety_identifier",
    };

    protected override IReadOnlySet<string> KnownRoles { get; } = new HashSet<string> { "system", "developer", "user", "assistant", "tool" };

    protected override string? ThinkingOf(JsonElement message) => null;

    protected override JsonObject Thinking(string piece, bool last) => [];

    protected override bool ThinkingIsOff(JsonElement body) => true;

    protected override string CallId(Conversation conversation, int callOfReply, Part.Call call) => NewName("call_", 24);

    protected override JsonObject UsageJson(Usage usage) => new()
    {
        ["prompt_tokens"] = usage.Prompt, ["completion_tokens"] = usage.Output, ["total_tokens"] = usage.Prompt + usage.Output,
        ["prompt_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.Cached, ["audio_tokens"] = 0 },
        ["completion_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.Reasoning, ["audio_tokens"] = 0 },
    };

    private protected override IEnumerable<JsonObject> Closing(Chunks chunks, Question question, string reason)
    {
        yield return chunks.Delta([], reason);
        if (question.Body.Member("stream_options")?.IsTrue("include_usage") == true)
            yield return chunks.UsageOnly(UsageJson(question.Usage));
    }

    private protected override Chunks NewChunks(string model) =>
        new(NewName("chatcmpl-", 29), model, ("service_tier", "default"), ("system_fingerprint", "fp_44709d6fcb"));

    private protected override IEnumerable<Finding> CheckVendor(JsonElement body, IReadOnlyList<JsonElement> messages)
    {
        foreach (var (i, message) in messages.Index())
            foreach (var name in message.Names().Where(n => !KnownMembers.Contains(n)))
                yield return new Finding.Refused($"Unrecognized request argument supplied: messages[{i}].{name}");
        if (body.Member("stream_options") is not null && !body.IsTrue("stream"))
            yield return new Finding.Refused("The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    }
}
