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
}

public sealed record AnsweredCall(string? Id, string Name, string Arguments);

/// <param name="Prompt">All of it, from the cache or not.</param>
/// <param name="Cached">Null when the vendor did not say.</param>
public sealed record AnsweredTokens(long Prompt, long Output, long? Cached, long? Reasoning);
