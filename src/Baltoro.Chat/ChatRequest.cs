// One request for a reply, in the product's words; it refuses to know who asks, who answers and over which wire.

namespace Baltoro.Chat;

/// <summary>Everything that a model needs to reply once. Immutable; compares as a whole value.</summary>
public sealed record ChatRequest
{
    /// <summary>The model's name as the client wrote it.</summary>
    public required string Model { get; init; }

    /// <summary>The standing instructions, in front of all turns.</summary>
    public Sequence<Block> System { get; init; }

    public Sequence<Turn> Turns { get; init; }

    public Sequence<ToolSpec> Tools { get; init; }

    /// <summary>Null when the client said nothing.</summary>
    public ToolChoice? ToolChoice { get; init; }

    public ThinkingControl Thinking { get; init; } = new();

    public Sampling Sampling { get; init; } = new();

    /// <summary>The most tokens that the reply may have, thinking included; null when the client said nothing.</summary>
    public int? OutputLimit { get; init; }

    public Sequence<string> StopSequences { get; init; }

    /// <summary>Null for free text.</summary>
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>Stable over one conversation; keeps a vendor's prompt cache on one machine. Null when unknown.</summary>
    public string? SessionKey { get; init; }

    /// <summary>The client's own id for its user, verbatim.</summary>
    public string? User { get; init; }

    /// <summary>Where each attempt at this request is written down; null where nobody keeps accounts. Whoever changes a request passes it on.</summary>
    public Account? Account { get; init; }

    /// <summary>What was made of the conversation's requests before this one; null where nobody keeps it. Whoever changes a request passes it on.</summary>
    public Groundwork? Groundwork { get; init; }

    /// <summary>Request headers that mean something to an upstream of the client's own format, such as <c>anthropic-beta</c>.</summary>
    public Sequence<Header> Headers { get; init; }

    /// <summary>Fields that were not understood; written back only to an upstream of the same format.</summary>
    public Extra? Extra { get; init; }
}

/// <summary>An HTTP header, its name in lower case.</summary>
public sealed record Header(string Name, string Value);

/// <summary>How much the model is to think, and whose earlier thinking it is to see.</summary>
public sealed record ThinkingControl
{
    public ThinkingMode Mode { get; init; }

    /// <summary>The most tokens of thinking; only with <see cref="ThinkingMode.On"/>. Null when the model decides.</summary>
    public int? Budget { get; init; }

    /// <summary>Null when the client said nothing.</summary>
    public Effort? Effort { get; init; }

    /// <summary>True when the client asks that the thinking of all earlier turns stay in front of the model.</summary>
    public bool KeepAll { get; init; }

    /// <summary>Fields of the client's thinking object that were not understood, such as <c>display</c>.</summary>
    public Extra? Extra { get; init; }
}

/// <summary>Whether the model thinks before it speaks.</summary>
public enum ThinkingMode
{
    /// <summary>The client said nothing: the model's own default.</summary>
    Unset,
    Off,
    On,

    /// <summary>The model decides each time.</summary>
    Adaptive,
}

/// <summary>An effort by name. An open list: vendors add names.</summary>
public readonly record struct Effort(string Name)
{
    public static readonly Effort None = new("none"), Minimal = new("minimal"), Low = new("low"), Medium = new("medium"),
        High = new("high"), XHigh = new("xhigh"), Max = new("max");

    /// <summary>Weakest to strongest. A name that is not among them has no rank.</summary>
    public static readonly Sequence<Effort> Ranked = [None, Minimal, Low, Medium, High, XHigh, Max];

    public override string ToString() => Name;
}

/// <summary>How the next token is drawn. Each value is null when the client said nothing.</summary>
public sealed record Sampling
{
    public double? Temperature { get; init; }
    public double? TopP { get; init; }
    public int? TopK { get; init; }
    public double? MinP { get; init; }
    public double? RepetitionPenalty { get; init; }
    public double? FrequencyPenalty { get; init; }
    public double? PresencePenalty { get; init; }
    public long? Seed { get; init; }
}

/// <summary>The form that the reply's text must have.</summary>
public abstract record ResponseFormat
{
    private ResponseFormat() { }

    /// <summary>Any JSON object.</summary>
    public sealed record Json : ResponseFormat;

    public sealed record JsonSchema(string Name, RawJson Schema, bool? Strict = null) : ResponseFormat;
}
