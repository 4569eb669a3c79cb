// The steps of a reply as it is written, the one stream in which all models and all clients meet.

namespace Baltoro.Chat;

/// <summary>
/// One step of a reply: the text of a delta as a bare string, or one of the records below.
/// A union over one reference, so that a delta, by far the most common step, costs nothing beyond its own text.
/// </summary>
/// <remarks>
/// The order is: <see cref="Started"/>; then any number of blocks, one after another, each
/// <see cref="Opened"/>, deltas, <see cref="Closed"/> (or one <see cref="Whole"/>); <see cref="Counted"/> at any time, the last one wins;
/// and exactly one <see cref="Finished"/> or <see cref="Failed"/>, after which nothing follows.
/// A reply whose end was not proven by the upstream is <see cref="Failed"/>, never <see cref="Finished"/>;
/// a failure may leave a block open.
/// </remarks>
public readonly record struct ReplyEvent
{
    ReplyEvent(object value) => Value = value;

    /// <summary>A <see cref="string"/> (a delta to the open block) or a <see cref="Step"/>.</summary>
    public object Value { get; }

    public static implicit operator ReplyEvent(string delta) => new(delta);

    public static implicit operator ReplyEvent(Step step) => new(step);

    public override string ToString() => Value is string delta ? $"\"{delta}\"" : $"{Value}";

    /// <summary>A step that is not a delta.</summary>
    public abstract record Step
    {
        private protected Step() { }
    }

    /// <summary>The upstream took the request.</summary>
    /// <param name="Id">The upstream's id of this reply, where it gave one.</param>
    /// <param name="Model">The model's name as the upstream reports it; another than asked for when the upstream routed.</param>
    public sealed record Started(string? Id, string? Model) : Step;

    /// <summary>A block begins. Deltas until <see cref="Closed"/> belong to it.</summary>
    public sealed record Opened(BlockHead Head) : Step;

    /// <summary>The open block ends.</summary>
    /// <param name="Seal">For thinking: what its issuer needs back. Null for other blocks, and for thinking that needs nothing.</param>
    /// <param name="Extra">Fields of the block that were known only at its end, such as <c>citations</c>.</param>
    public sealed record Closed(Seal? Seal = null, Extra? Extra = null) : Step
    {
        public static readonly Closed Plain = new();
    }

    /// <summary>A block that comes in one piece: redacted thinking, or an opaque block of the upstream's format.</summary>
    public sealed record Whole(Block Block) : Step;

    /// <summary>What the reply has cost so far.</summary>
    public sealed record Counted(Usage Usage) : Step;

    /// <summary>The upstream said that it is done.</summary>
    /// <param name="Extra">Fields beside the reason that a client of the same format can use, such as <c>stop_details</c>.</param>
    public sealed record Finished(StopReason Reason, string? StopSequence = null, Extra? Extra = null) : Step;

    /// <summary>Something was mended on the way here. May stand anywhere; no part of the reply, and written to no client.</summary>
    public sealed record Mended(Mend What) : Step;

    /// <summary>The reply did not come to its end.</summary>
    public sealed record Failed(Failure Failure) : Step;
}

/// <summary>What kind of block begins.</summary>
public abstract record BlockHead
{
    private BlockHead() { }

    /// <summary>Fields of the block that were not understood; written on only to a client of the same format.</summary>
    public Extra? Extra { get; init; }

    public sealed record Text : BlockHead
    {
        public static readonly Text Plain = new();
    }

    public sealed record Thinking : BlockHead
    {
        public static readonly Thinking Plain = new();
    }

    /// <summary>Deltas are pieces of the arguments' text.</summary>
    /// <param name="Id">As the upstream wrote it; empty when it wrote none.</param>
    public sealed record ToolCall(string Id, string Name) : BlockHead;
}

/// <summary>Why a reply ended. An unknown reason of an upstream is an <see cref="EndTurn"/> with a warning in no one's way.</summary>
public enum StopReason
{
    EndTurn,
    ToolUse,
    OutputLimit,
    StopSequence,

    /// <summary>A hosted tool runs on; the client sends the conversation again to go on.</summary>
    Pause,

    /// <summary>The model or the vendor's filter declined.</summary>
    Refusal,

    /// <summary>The window was full before the output limit was.</summary>
    WindowFull,
}

/// <summary>Tokens of one reply. Total input = <see cref="Input"/> + <see cref="CacheRead"/> + both cache writes.</summary>
public sealed record Usage
{
    /// <summary>Input that was neither read from nor written to a cache.</summary>
    public long Input { get; init; }
    public long CacheRead { get; init; }

    /// <summary>Written to a cache that lives for five minutes, or to one of unstated life.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Written to a cache that lives for an hour.</summary>
    public long CacheWriteHour { get; init; }

    /// <summary>Everything generated, <see cref="Reasoning"/> included.</summary>
    public long Output { get; init; }

    /// <summary>The thinking part of <see cref="Output"/>, where the upstream says.</summary>
    public long Reasoning { get; init; }

    /// <summary>What the upstream itself charged, in US dollars, where it says.</summary>
    public decimal? Cost { get; init; }

    public long TotalInput => Input + CacheRead + CacheWrite + CacheWriteHour;
}
