// The reasons for which Chat Completions servers say a reply ended, in both directions; it refuses to know what the reply was.

namespace Baltoro.Chat.OpenAI;

static class Finish
{
    /// <summary>The failure that some servers report in this place; null for an end that is one.</summary>
    public static Failure? Broken(string reason) => reason switch
    {
        "error" or "network_error" => new Failure.UpstreamError($"The upstream ended the reply with finish_reason \"{reason}\"."),
        // DeepSeek
        "insufficient_system_resource" => new Failure.Overloaded("The upstream ran out of resources in the middle of the reply."),
        // vLLM and SGLang, when they are shut down or the request is withdrawn.
        "abort" => new Failure.Cut("The upstream aborted the reply."),
        _ => null,
    };

    /// <summary>The blocks know better than the reason: a reply with a call is one that wants it run, whatever it says.</summary>
    public static ReplyEvent.Finished Read(string reason, string? stopSequence, CallCollector calls)
    {
        bool cut = reason is "length" or "max_tokens" or "model_length" or "max_output_tokens";
        // One exception: a call that the output limit cut in two is no call.
        if (calls.Any && !(cut && !calls.AllComplete)) return new(StopReason.ToolUse);
        return reason switch
        {
            _ when cut => new(StopReason.OutputLimit),
            "content_filter" or "sensitive" => new(StopReason.Refusal),
            "model_context_window_exceeded" => new(StopReason.WindowFull),
            // vLLM names the sequence beside the reason; some proxies put their own word for "stop" there.
            "stop" when stopSequence is not (null or "stop" or "end_turn" or "eos") => new(StopReason.StopSequence, stopSequence),
            _ => new(StopReason.EndTurn),
        };
    }

    public static ReadOnlySpan<byte> Write(StopReason reason, bool hasCalls) => reason switch
    {
        StopReason.ToolUse => "tool_calls"u8,
        StopReason.OutputLimit or StopReason.WindowFull => "length"u8,
        StopReason.Refusal => "content_filter"u8,
        _ => hasCalls ? "tool_calls"u8 : "stop"u8,
    };
}
