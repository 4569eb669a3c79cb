// The words by which catalogue and configuration call what the product has types for.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

public static class Vocabulary
{
    public static readonly Words<WireFormat> Formats = new(("openai", WireFormat.OpenAI), ("anthropic", WireFormat.Anthropic));

    public static readonly Words<Dialect> Dialects = new(
        ("claude", Dialect.Claude), ("messages", Dialect.Messages), ("kimi", Dialect.Kimi), ("glm", Dialect.Glm),
        ("deepseek", Dialect.DeepSeek), ("openrouter", Dialect.OpenRouter), ("self-hosted", Dialect.SelfHosted), ("plain", Dialect.Plain));

    public static readonly Words<ThinkingSupport> Thinking = new(
        ("none", ThinkingSupport.None), ("always", ThinkingSupport.Always), ("switchable", ThinkingSupport.Switchable),
        ("budget", ThinkingSupport.Budget), ("adaptive", ThinkingSupport.Adaptive));

    public static readonly Words<IdDialect> Ids = new(("any", IdDialect.Any), ("claude", IdDialect.Claude), ("kimi", IdDialect.Kimi));

    public static readonly Words<ToolChoiceSupport> ToolChoices = new(
        ("auto-only", ToolChoiceSupport.AutoOnly), ("auto-or-none", ToolChoiceSupport.AutoOrNone),
        ("required", ToolChoiceSupport.Required), ("all", ToolChoiceSupport.All));

    public static readonly Words<SchemaDialect> Schemas = new(("any", SchemaDialect.Any), ("moonshot", SchemaDialect.Moonshot));

    public static readonly Words<OutputField> OutputFields = new(
        ("max-tokens", OutputField.MaxTokens), ("max-completion-tokens", OutputField.MaxCompletionTokens));

    public static readonly Words<CacheControlSupport> CacheControl = new(
        ("none", CacheControlSupport.None), ("plain", CacheControlSupport.Plain), ("full", CacheControlSupport.Full));
}
