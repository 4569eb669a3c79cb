// What is known of a model at one endpoint: its limits, its dialect and what its vendor accepts.

namespace Baltoro.Chat;

/// <summary>The facts by which a conversation is made to fit a model. Immutable; built by the catalogue and the configuration.</summary>
public sealed record ModelCard
{
    /// <summary>The name by which clients ask for it.</summary>
    public required string Id { get; init; }

    public required Origin Origin { get; init; }

    public required Dialect Dialect { get; init; }

    /// <summary>Tokens of input and output together.</summary>
    public int Window { get; init; } = 131_072;

    /// <summary>The most tokens of one reply, thinking included.</summary>
    public int OutputLimit { get; init; } = 32_768;

    /// <summary>Null when unknown.</summary>
    public Prices? Prices { get; init; }

    public IdDialect Ids { get; init; }

    /// <summary>True for models that were taught Kimi's tool tokens and ids though their vendor gives and takes ids of any form.</summary>
    public bool KnowsKimiTokens { get; init; }

    public ThinkingSupport Thinking { get; init; }

    /// <summary>False when the model refuses thinking that it did not write itself, even as plain text.</summary>
    public bool ForeignThinking { get; init; } = true;

    /// <summary>The efforts that the vendor takes, weakest first; empty when it takes none.</summary>
    public Sequence<Effort> Efforts { get; init; }

    public ToolChoiceSupport ToolChoices { get; init; }

    /// <summary>Values that the vendor insists on; a null member is free.</summary>
    public Sampling? FixedSampling { get; init; }

    public SchemaDialect Schemas { get; init; }

    public OutputField OutputField { get; init; }

    /// <summary>The most tools in one request; null for no known limit.</summary>
    public int? MaxTools { get; init; }

    public bool Images { get; init; }

    public bool Documents { get; init; }

    /// <summary>True when a system message may stand between turns.</summary>
    public bool SystemTurns { get; init; }

    /// <summary>True when a conversation may end with the model's own words, which it then goes on with and does not begin anew.</summary>
    public bool Prefill { get; init; }

    public CacheControlSupport CacheControl { get; init; }

    /// <summary>False for a server that refuses to be asked for the token counts of a stream (<c>stream_options</c>).</summary>
    public bool CountsStreams { get; init; } = true;

    public ModelScope Scope { get; init; }

    /// <summary>True when a model that makes the same calls with the same results again and again is to be told so.</summary>
    public bool LoopNudges { get; init; } = true;
}

/// <summary>What a model was made for.</summary>
public enum ModelScope
{
    /// <summary>Whatever it is asked; it reads what it is told about its tools, and can write a note to itself.</summary>
    General,

    /// <summary>
    /// A few skills, with tools that it knows by heart: they are not described to it. Each step follows from the request and the last step,
    /// so it needs no note of what was before.
    /// </summary>
    Narrow,
}

/// <summary>The form in which a vendor writes and takes back thinking, and names its fields.</summary>
public enum Dialect
{
    /// <summary>OpenAI Chat Completions without a vendor's additions. Reads <c>reasoning</c> and <c>reasoning_content</c>, sends neither back.</summary>
    Plain,

    /// <summary>Chat: <c>reasoning_content</c> on every assistant message, <c>thinking</c> object with <c>keep</c>, partial mode.</summary>
    Kimi,

    /// <summary>Chat: <c>reasoning_content</c> on every assistant message, <c>thinking</c> object with <c>clear_thinking</c>, <c>tool_stream</c>.</summary>
    Glm,

    /// <summary>Chat: <c>reasoning_content</c> on every assistant message, <c>thinking</c> object, cache counts of its own.</summary>
    DeepSeek,

    /// <summary>Chat: <c>reasoning_details</c> returned unmodified, <c>reasoning</c> object.</summary>
    OpenRouter,

    /// <summary>Chat on vLLM or SGLang: <c>reasoning_content</c> on every assistant message, switches in <c>chat_template_kwargs</c>.</summary>
    SelfHosted,

    /// <summary>Messages as Anthropic serves it: thinking is signed and bound to its issuer.</summary>
    Claude,

    /// <summary>Messages as other vendors serve it: thinking blocks are taken whatever their signature.</summary>
    Messages,
}

/// <summary>What a tool call's id must look like.</summary>
public enum IdDialect
{
    /// <summary>Any text of up to 64 characters.</summary>
    Any,

    /// <summary><c>^[a-zA-Z0-9_-]+$</c>.</summary>
    Claude,

    /// <summary><c>functions.NAME:N</c>, N counting over the whole conversation.</summary>
    Kimi,
}

/// <summary>How a model's thinking can be controlled.</summary>
public enum ThinkingSupport
{
    /// <summary>It does not think, or nobody knows how to tell it.</summary>
    None,

    /// <summary>It always thinks; asking it not to is refused.</summary>
    Always,

    /// <summary>On or off.</summary>
    Switchable,

    /// <summary>Off, or on with a budget of tokens (Claude before 4.6).</summary>
    Budget,

    /// <summary>The model decides; effort steers it; off and budgets are refused (current Claude).</summary>
    Adaptive,
}

/// <summary>Which tool choices a vendor takes. Each value takes what the one above it takes, and more.</summary>
public enum ToolChoiceSupport
{
    AutoOnly,
    AutoOrNone,
    Required,
    All,
}

/// <summary>Which JSON schemas a vendor takes for a tool.</summary>
public enum SchemaDialect
{
    /// <summary>Any schema whose root is an object with <c>properties</c>.</summary>
    Any,

    /// <summary>Moonshot's subset: a type on every property, no sibling of <c>anyOf</c>, no remote reference.</summary>
    Moonshot,
}

/// <summary>The field in which Chat Completions states the output limit.</summary>
public enum OutputField
{
    MaxTokens,
    MaxCompletionTokens,
}

/// <summary>What a vendor does with prompt-cache markers.</summary>
public enum CacheControlSupport
{
    /// <summary>Refuses them, or caches by itself.</summary>
    None,

    /// <summary>Takes <c>{"type":"ephemeral"}</c> and no other key.</summary>
    Plain,

    /// <summary>Takes whatever the client sends.</summary>
    Full,
}

/// <summary>US dollars for a million tokens.</summary>
/// <param name="CacheRead">Null where the vendor states none: priced as input.</param>
/// <param name="CacheWrite">Null where writing costs what input costs.</param>
/// <param name="CacheWriteHour">The same for a cache that lives an hour.</param>
public sealed record Prices(decimal Input, decimal Output, decimal? CacheRead = null, decimal? CacheWrite = null, decimal? CacheWriteHour = null)
{
    /// <summary>What the whole request costs once its prompt is long; null where length changes nothing.</summary>
    public LongPrompt? Long { get; init; }
}

/// <summary>The prices of a request whose total input exceeds <paramref name="Above"/> tokens.</summary>
public sealed record LongPrompt(int Above, Prices Prices);
