// The blocks a turn is made of; a closed set that refuses to know any wire format's field names.

namespace Baltoro.Chat;

/// <summary>A part of a turn.</summary>
public abstract record Block
{
    private Block() { }

    /// <summary>A prompt-cache marker, verbatim (<c>{"type":"ephemeral",…}</c>), where the client set one.</summary>
    public RawJson? CacheControl { get; init; }

    /// <summary>Fields that were not understood; written back only to an upstream of the same format.</summary>
    public Extra? Extra { get; init; }

    public sealed record Text(string Content) : Block;

    /// <param name="Content">The reasoning, byte for byte as it was written. May be empty.</param>
    /// <param name="Seal">What its issuer needs back; null for thinking that arrived bare.</param>
    public sealed record Thinking(string Content, Seal? Seal = null) : Block;

    /// <summary>Thinking that only its issuer can read.</summary>
    /// <param name="Data">The issuer's cipher text, verbatim.</param>
    /// <param name="Origin">Null when it reached us without our envelope.</param>
    public sealed record RedactedThinking(string Data, Origin? Origin = null) : Block;

    /// <param name="Id">As the issuer wrote it; empty when it wrote none.</param>
    /// <param name="Name">The tool's name as declared.</param>
    /// <param name="Arguments">The text that the model wrote, never re-serialised. JSON unless the model failed.</param>
    public sealed record ToolCall(string Id, string Name, string Arguments) : Block;

    /// <param name="CallId">The id of the call that this answers.</param>
    /// <param name="Content">Text, images, documents, tool references or opaque blocks.</param>
    /// <param name="IsError">True when the tool failed.</param>
    public sealed record ToolResult(string CallId, Sequence<Block> Content, bool IsError = false) : Block;

    public sealed record Image(Media Source) : Block;

    /// <param name="Source">A PDF, plain text, or a link to one.</param>
    /// <param name="Title">A name for people; null when none was given.</param>
    public sealed record Document(Media Source, string? Title = null) : Block;

    /// <summary>Names a deferred tool that became available at this point of the conversation.</summary>
    public sealed record ToolReference(string ToolName) : Block;

    /// <summary>A block that this product has no word for. Goes back verbatim to an upstream of the same format, to no other.</summary>
    /// <param name="Kind">The block's type as its format names it.</param>
    public sealed record Opaque(WireFormat Format, string Kind, RawJson Json) : Block;
}

/// <summary>Where the bytes of an image or document are.</summary>
public abstract record Media
{
    private Media() { }

    /// <param name="MediaType">Such as <c>image/png</c>.</param>
    /// <param name="Base64">The bytes in base64, kept as text because both wire formats carry it so.</param>
    public sealed record Inline(string MediaType, string Base64) : Media;

    public sealed record Link(string Url) : Media;

    /// <summary>Text given in place of a file.</summary>
    public sealed record PlainText(string Content) : Media;

    /// <summary>A source that only the same format understands, such as an uploaded file's id.</summary>
    public sealed record Foreign(WireFormat Format, RawJson Json) : Media;
}
