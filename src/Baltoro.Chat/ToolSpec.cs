// The tools a request offers and how the model may choose among them.

namespace Baltoro.Chat;

/// <summary>A tool that the model may call.</summary>
public abstract record ToolSpec(string Name)
{
    public RawJson? CacheControl { get; init; }

    /// <summary>Fields that were not understood; written back only to an upstream of the same format.</summary>
    public Extra? Extra { get; init; }

    /// <summary>A tool that the client runs.</summary>
    /// <param name="Schema">JSON schema of the arguments, verbatim.</param>
    public sealed record Function(string Name, string? Description, RawJson Schema) : ToolSpec(Name)
    {
        /// <summary>Hidden from the model until a <see cref="Block.ToolReference"/> names it.</summary>
        public bool Deferred { get; init; }

        /// <summary>The client's wish that arguments be held to the schema; null when it said nothing.</summary>
        public bool? Strict { get; init; }

        /// <summary>Examples of arguments, each a JSON object.</summary>
        public Sequence<RawJson> Examples { get; init; }
    }

    /// <summary>A tool that the vendor runs, such as Anthropic's web search.</summary>
    /// <param name="Kind">Its type as its format names it, such as <c>web_search_20250305</c>.</param>
    /// <param name="Json">The whole declaration, verbatim.</param>
    public sealed record Hosted(WireFormat Format, string Kind, string Name, RawJson Json) : ToolSpec(Name);
}

/// <summary>Which tools the model may or must call.</summary>
public abstract record ToolChoice
{
    private ToolChoice() { }

    /// <summary>At most one call in a reply.</summary>
    public bool OneAtATime { get; init; }

    public sealed record Auto : ToolChoice;

    public sealed record None : ToolChoice;

    /// <summary>Some tool, the model's choice.</summary>
    public sealed record Required : ToolChoice;

    public sealed record Named(string Name) : ToolChoice;
}
