// The models that the history tests fit conversations to.

using System.Buffers;

namespace Baltoro.Chat.Tests.History;

static class Cards
{
    public static readonly ModelCard Kimi = new()
    {
        Id = "moonshotai/kimi-k2-thinking",
        Origin = new("novita", "https://kimi.test/v1", "moonshotai/kimi-k2-thinking"),
        Dialect = Dialect.Kimi,
        Ids = IdDialect.Kimi,
        Window = 262_144,
        OutputLimit = 262_144,
        Thinking = ThinkingSupport.Always,
        ToolChoices = ToolChoiceSupport.AutoOrNone,
        FixedSampling = new() { Temperature = 1.0 },
        Schemas = SchemaDialect.Moonshot,
        MaxTools = 128,
    };

    public static readonly ModelCard Glm = new()
    {
        Id = "zai/glm-5.2",
        Origin = new("zai", "https://glm.test/v4", "glm-5.2"),
        Dialect = Dialect.Glm,
        Thinking = ThinkingSupport.Switchable,
        Efforts = [Effort.High, Effort.Max],
        ToolChoices = ToolChoiceSupport.AutoOnly,
    };

    public static readonly ModelCard DeepSeek = new()
    {
        Id = "deepseek/deepseek-v4-pro",
        Origin = new("deepseek", "https://deepseek.test", "deepseek-v4-pro"),
        Dialect = Dialect.DeepSeek,
        Thinking = ThinkingSupport.Switchable,
        Efforts = [Effort.Low, Effort.High, Effort.Max],
        ToolChoices = ToolChoiceSupport.All,
    };

    public static readonly ModelCard OpenRouter = new()
    {
        Id = "openrouter/moonshotai/kimi-k2-thinking",
        Origin = new("openrouter", "https://openrouter.test/v1", "moonshotai/kimi-k2-thinking"),
        Dialect = Dialect.OpenRouter,
        Ids = IdDialect.Kimi,
        Thinking = ThinkingSupport.Switchable,
        ToolChoices = ToolChoiceSupport.All,
        Images = true,
    };

    public static readonly ModelCard Plain = new()
    {
        Id = "lab/model",
        Origin = new("lab", "http://127.0.0.1:8000/v1", "model"),
        Dialect = Dialect.Plain,
        ToolChoices = ToolChoiceSupport.All,
        Images = true,
        SystemTurns = true,
    };

    public static readonly ModelCard Claude = new()
    {
        Id = "anthropic/claude-opus-5.5",
        Origin = new("anthropic", "https://claude.test", "claude-opus-5.5"),
        Dialect = Dialect.Claude,
        Ids = IdDialect.Claude,
        Window = 1_000_000,
        OutputLimit = 128_000,
        Thinking = ThinkingSupport.Adaptive,
        Efforts = [Effort.Low, Effort.Medium, Effort.High, Effort.XHigh, Effort.Max],
        ToolChoices = ToolChoiceSupport.AutoOrNone,
        Images = true,
        Documents = true,
        SystemTurns = true,
        CacheControl = CacheControlSupport.Full,
    };

    public static readonly ModelCard Haiku = Claude with
    {
        Id = "anthropic/claude-haiku-4.5",
        Origin = new("anthropic", "https://claude.test", "claude-haiku-4-5"),
        OutputLimit = 64_000,
        Thinking = ThinkingSupport.Budget,
        Efforts = [],
        ToolChoices = ToolChoiceSupport.All,
        SystemTurns = false,
    };

    public static readonly ModelCard KimiMessages = Kimi with
    {
        Origin = new("moonshot", "https://kimi.test/anthropic", "kimi-k2-thinking"),
        Dialect = Dialect.Messages,
        Ids = IdDialect.Any,
        Schemas = SchemaDialect.Any,
        Images = true,
        CacheControl = CacheControlSupport.Plain,
    };

    public static readonly Sequence<ModelCard> All = [Kimi, Glm, DeepSeek, OpenRouter, Plain, Claude, Haiku, KimiMessages];
}

/// <summary>Short ways to write conversations down.</summary>
static class Say
{
    public static ChatRequest Conversation(params Turn[] turns) => new() { Model = "m", Turns = turns.ToSequence() };

    public static Turn User(string text) => new Turn.User([new Block.Text(text)]);

    public static Turn User(params Block[] blocks) => new Turn.User(blocks.ToSequence());

    public static Turn Assistant(params Block[] blocks) => new Turn.Assistant(blocks.ToSequence());

    public static Turn System(string text) => new Turn.System([new Block.Text(text)]);

    public static Block Text(string text) => new Block.Text(text);

    public static Block Thought(string text, ModelCard? by = null, string? signature = null) =>
        new Block.Thinking(text, by is null ? null : new(by.Origin, signature));

    public static Block Call(string id, string name = "Read", string arguments = "{}") => new Block.ToolCall(id, name, arguments);

    public static Block Result(string id, string text = "ok") => new Block.ToolResult(id, [new Block.Text(text)]);

    public static ToolSpec Tool(string name, string schema = """{"type":"object","properties":{}}""") =>
        new ToolSpec.Function(name, null, RawJson.Of(schema));

    /// <summary>The request as fitted; the test fails when it was refused.</summary>
    public static ChatRequest Fit(this ChatRequest request, ModelCard card) =>
        Assert.IsType<Chat.History.Fitting.Fits>(Chat.History.Fit.To(card, request)).Request;

    /// <summary>The body as it goes to the vendor.</summary>
    public static ReadOnlySequence<byte> Body(this ChatRequest request, ModelCard card) => card.Dialect is Dialect.Claude or Dialect.Messages
        ? Chat.Anthropic.RequestWriter.Write(request.Fit(card), card)
        : Chat.OpenAI.RequestWriter.Write(request.Fit(card), card);

    public static Sequence<Turn> FitTurns(this ChatRequest request, ModelCard card) => request.Fit(card).Turns;
}
