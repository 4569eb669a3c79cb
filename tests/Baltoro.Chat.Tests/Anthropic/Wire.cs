// What the tests of this folder share: cards, requests read and written as text, streams read from text.

using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Chat.Anthropic;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Tests.Anthropic;

static class Wire
{
    public static readonly Origin Claude = new("anthropic", "https://api.anthropic.test", "claude-opus-4-8");
    public static readonly Origin Kimi = new("moonshot", "https://api.moonshot.test/anthropic", "kimi-k2-thinking");

    public static readonly ModelCard ClaudeCard = new()
    {
        Id = "claude", Origin = Claude, Dialect = Dialect.Claude, Window = 1_000_000, OutputLimit = 128_000, Thinking = ThinkingSupport.Adaptive,
        Efforts = [Effort.Low, Effort.Medium, Effort.High, Effort.XHigh, Effort.Max],
        ToolChoices = ToolChoiceSupport.All, Images = true, Documents = true, SystemTurns = true, CacheControl = CacheControlSupport.Full,
    };

    public static readonly ModelCard KimiCard = new()
    {
        Id = "kimi", Origin = Kimi, Dialect = Dialect.Messages, Window = 262_144, OutputLimit = 32_768, Thinking = ThinkingSupport.Always,
    };

    public static ClientRequest Read(string body, params Header[] headers) =>
        Assert.IsType<Reading.Read>(RequestReader.Read(Encoding.UTF8.GetBytes(body), [.. headers])).Request;

    /// <summary>A request with these members beside a model and one user message.</summary>
    public static ChatRequest ReadWith(string members) =>
        Read($$"""{"model":"m","messages":[{"role":"user","content":"hi"}],{{members}}}""").Request;

    public static Block ReadBlock(string block) =>
        Assert.Single(Assert.Single(Read($$"""{"model":"m","messages":[{"role":"user","content":[{{block}}]}]}""").Request.Turns).Blocks);

    public static string Rejection(string body) =>
        Assert.IsType<Failure.InvalidRequest>(Assert.IsType<Reading.Rejected>(RequestReader.Read(Encoding.UTF8.GetBytes(body), [])).Failure).Message;

    public static string Write(ChatRequest request, ModelCard card) => Encoding.UTF8.GetString(RequestWriter.Write(request, card));

    public static JsonNode Parse(string json) => JsonNode.Parse(json)!;

    public static string Text(Action<IBufferWriter<byte>> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        write(bytes);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Compares values, not the order of members.</summary>
    public static void SameJson(string expected, string actual) =>
        Assert.Equal(Sorted(Parse(expected))!.ToJsonString(Indented), Sorted(Parse(actual))!.ToJsonString(Indented));

    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject obj => new JsonObject(obj.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    /// <summary>The events of a stream whose messages carry these data, and of its end.</summary>
    public static ReplyEvent[] Events(Dialect dialect, params string[] data)
    {
        ReplyReader reader = new(dialect == Dialect.Claude ? Claude : Kimi, dialect);
        List<ReplyEvent> events = [];
        foreach (string item in data) reader.Read(Encoding.UTF8.GetBytes(item), events);
        reader.End(events);
        return [.. events];
    }

    public static Reply Fold(IEnumerable<ReplyEvent> events)
    {
        ReplyFold fold = new();
        foreach (ReplyEvent step in events) fold.Add(step);
        Assert.Null(fold.Failure);
        return fold.Result!;
    }

    public static string Stream(params ReplyEvent[] events)
    {
        ReplyWriter writer = new("msg_1", "kimi");
        return Text(into =>
        {
            foreach (ReplyEvent step in events) writer.Write(step, into);
        });
    }

    public const string MessageStart =
        """{"type":"message_start","message":{"id":"msg_01","type":"message","role":"assistant","model":"claude-opus-4-8","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":10,"cache_creation_input_tokens":5,"cache_read_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":2,"ephemeral_1h_input_tokens":3},"output_tokens":1}}}""";

    public const string MessageStop = """{"type":"message_stop"}""";

    public static string Ended(string reason) =>
        $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":7}}""";

    public static string Start(int index, string block) => $$$"""{"type":"content_block_start","index":{{{index}}},"content_block":{{{block}}}}""";

    public static string Delta(int index, string delta) => $$$"""{"type":"content_block_delta","index":{{{index}}},"delta":{{{delta}}}}""";

    public static string Stop(int index) => $$$"""{"type":"content_block_stop","index":{{{index}}}}""";

    public static string TextDelta(int index, string text) => Delta(index, $$"""{"type":"text_delta","text":{{JsonSerializer.Serialize(text)}}}""");

    public static string InputDelta(int index, string json) => Delta(index, $$"""{"type":"input_json_delta","partial_json":{{JsonSerializer.Serialize(json)}}}""");

    public static string ThinkingDelta(int index, string text) => Delta(index, $$"""{"type":"thinking_delta","thinking":{{JsonSerializer.Serialize(text)}}}""");

    public const string TextBlock = """{"type":"text","text":""}""";
    public const string ThinkingBlock = """{"type":"thinking","thinking":"","signature":""}""";

    public static string ToolBlock(string id, string name) => $$$"""{"type":"tool_use","id":"{{{id}}}","name":"{{{name}}}","input":{}}""";
}
