// Model cards and shorthands that the tests of this format share.

using System.Buffers;
using System.Text;
using Baltoro.Chat.OpenAI;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Tests.OpenAI;

static class Sample
{
    public static readonly Origin Moonshot = new("moonshot", "https://api.moonshot.ai/v1", "kimi-k2-thinking");

    public static ModelCard Card(Dialect dialect, ThinkingSupport thinking = ThinkingSupport.Switchable) => new()
    {
        Id = "test",
        Origin = dialect == Dialect.Kimi ? Moonshot : new("lab", "http://127.0.0.1:8000/v1", $"{dialect}-model"),
        Dialect = dialect,
        Window = 262_144,
        Thinking = thinking,
        CacheControl = dialect == Dialect.OpenRouter ? CacheControlSupport.Full : CacheControlSupport.None,
        OutputField = dialect == Dialect.Kimi ? OutputField.MaxCompletionTokens : OutputField.MaxTokens,
    };

    public static readonly ModelCard Kimi = Card(Dialect.Kimi, ThinkingSupport.Always), Glm = Card(Dialect.Glm), DeepSeek = Card(Dialect.DeepSeek),
        OpenRouter = Card(Dialect.OpenRouter), SelfHosted = Card(Dialect.SelfHosted), Plain = Card(Dialect.Plain);

    public static readonly Seal KimiSeal = new(Moonshot);

    public static ClientRequest Read(string body) =>
        RequestReader.Read(Encoding.UTF8.GetBytes(body)) switch
        {
            Reading.Read read => read.Request,
            Reading.Rejected rejected => throw new InvalidOperationException(rejected.Failure.Message),
            _ => throw new InvalidOperationException(),
        };

    public static string Rejected(string body) =>
        Assert.IsType<Failure.InvalidRequest>(Assert.IsType<Reading.Rejected>(RequestReader.Read(Encoding.UTF8.GetBytes(body))).Failure).Message;

    /// <summary>The turns of a conversation given as its messages.</summary>
    public static Sequence<Turn> Turns(string messages) => Read($$"""{"model":"m","messages":{{messages}}}""").Request.Turns;

    public static ChatRequest Request(params Turn[] turns) => new() { Model = "test", Turns = [.. turns] };

    public static string Write(ChatRequest request, ModelCard card) => Encoding.UTF8.GetString(RequestWriter.Write(request, card));

    /// <summary>The messages of a body, as text.</summary>
    public static string Messages(ChatRequest request, ModelCard card)
    {
        string body = Write(request, card);
        const string Name = "\"messages\":";
        return body[(body.LastIndexOf(Name, StringComparison.Ordinal) + Name.Length)..^1];
    }

    /// <summary>What a stream of these events' data means, its end included.</summary>
    public static List<ReplyEvent> Events(ModelCard card, params string[] data)
    {
        ReplyReader reader = new(card);
        List<ReplyEvent> events = [];
        foreach (string each in data) reader.Read(Encoding.UTF8.GetBytes(each), events);
        reader.End(events);
        return events;
    }

    /// <summary>The same for chunks given by their delta; a finish and the end follow.</summary>
    public static List<ReplyEvent> Deltas(ModelCard card, string finish, params string[] deltas) =>
    [
        .. Events(card,
        [
            .. deltas.Select(delta => $$"""{"id":"r1","model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}"""),
            $$"""{"id":"r1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"{{finish}}"}]}""",
            "[DONE]",
        ]),
    ];

    public static readonly ReplyEvent.Started Started = new("r1", "m");

    public static ReplyEvent.Opened Text => new(BlockHead.Text.Plain);

    public static ReplyEvent.Opened Thinking => new(BlockHead.Thinking.Plain);

    public static ReplyEvent.Opened Call(string id, string name) => new(new BlockHead.ToolCall(id, name));

    public static ReplyEvent.Closed Closed => ReplyEvent.Closed.Plain;

    public static ReplyEvent.Closed Sealed(ModelCard card, string? details = null) => new(new Seal(card.Origin, null, details is null ? null : RawJson.Of(details)));

    public static ReplyEvent.Finished Finished(StopReason reason) => new(reason);

    public static string Written(ReplyWriter writer, params ReplyEvent[] events)
    {
        ArrayBufferWriter<byte> into = new();
        foreach (ReplyEvent each in events) writer.Write(each, into);
        return Encoding.UTF8.GetString(into.WrittenSpan);
    }

    public static ReplyWriter Writer(bool countAtEnd = false) => new("chatcmpl-1", "kimi", 1_700_000_000, countAtEnd);
}
