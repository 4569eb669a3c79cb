// What a vendor wrote, as it wrote it: nothing mended, nothing guessed. It refuses to judge.

using Baltoro.Chat;

namespace Baltoro.Models.Verification;

/// <summary>One answer off the wire.</summary>
public sealed record Answer
{
    public string Thinking { get; init; } = "";

    public string Text { get; init; } = "";

    public Sequence<AnsweredCall> Calls { get; init; }

    /// <summary>The reason to stop in the vendor's own word; null when it gave none.</summary>
    public string? Finish { get; init; }

    /// <summary>Whether the stream said that it was complete.</summary>
    public bool HasEnd { get; init; }

    /// <summary>Whether several calls came under one index.</summary>
    public bool IsMerged { get; init; }

    /// <summary>Null when the vendor told none.</summary>
    public AnsweredTokens? Tokens { get; init; }

    /// <summary>Why there is no answer, or only a part of one.</summary>
    public Failure? Failure { get; init; }

    /// <summary>What a model in this process answered, in the words of Chat Completions. It has no wire on which anything could be wrong.</summary>
    internal static async Task<Answer> Of(IAsyncEnumerable<ReplyEvent> events, CancellationToken cancellation)
    {
        ReplyFold fold = new();
        await foreach (ReplyEvent step in events.WithCancellation(cancellation)) fold.Add(step);
        if (fold.Result is not { } reply) return new() { Failure = fold.Failure };
        return new()
        {
            Thinking = string.Concat(reply.Blocks.OfType<Block.Thinking>().Select(block => block.Content)),
            Text = string.Concat(reply.Blocks.OfType<Block.Text>().Select(block => block.Content)),
            Calls = reply.Blocks.OfType<Block.ToolCall>().Select(call => new AnsweredCall(call.Id, call.Name, call.Arguments)).ToSequence(),
            Finish = reply.Reason switch { StopReason.ToolUse => "tool_calls", StopReason.OutputLimit or StopReason.WindowFull => "length", _ => "stop" },
            HasEnd = true,
            Tokens = new(reply.Usage.TotalInput, reply.Usage.Output, reply.Usage.CacheRead, reply.Usage.Reasoning),
        };
    }
}

public sealed record AnsweredCall(string? Id, string Name, string Arguments);

/// <param name="Prompt">All of it, from the cache or not.</param>
/// <param name="Cached">Null when the vendor did not say.</param>
public sealed record AnsweredTokens(long Prompt, long Output, long? Cached, long? Reasoning);
