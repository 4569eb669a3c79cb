// What holds for every request, every reply and every stream of this format.

using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json;
using Baltoro.Chat.OpenAI;
using Baltoro.Chat.Wire;
using CsCheck;
using static Baltoro.Chat.Tests.OpenAI.Sample;

namespace Baltoro.Chat.Tests.OpenAI;

public class Properties
{
    static readonly ModelCard[] Cards = [Kimi, Glm, DeepSeek, OpenRouter, SelfHosted, Plain];

    /// <summary>Gives its bytes in pieces of the sizes it is told.</summary>
    sealed class Pieces(byte[] bytes, int[] sizes) : MemoryStream(bytes)
    {
        int _reads;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, sizes[_reads++ % sizes.Length]));
    }

    static List<ReplyEvent> FromBytes(ModelCard card, byte[] body, int[] sizes)
    {
        ReplyReader reader = new(card);
        List<ReplyEvent> events = [];
        using Pieces stream = new(body, sizes);
        foreach (SseItem<bool> _ in SseParser.Create(stream, (_, data) => reader.Read(data, events)).Enumerate()) { }
        reader.End(events);
        return events;
    }

    [Fact]
    public void Any_chunking_of_a_stream_gives_the_same_events() => Gen.Select(Generators.Streams, Gen.Int[1, 40].Array[1, 8]).Sample((data, sizes) =>
    {
        byte[] body = Encoding.UTF8.GetBytes(string.Concat(data.Select(each => $": comment\n\ndata: {each}\r\n\r\n")));
        Assert.Equal(Events(OpenRouter, data), FromBytes(OpenRouter, body, sizes));
    });

    [Fact]
    public void Every_stream_gives_events_in_the_order_that_they_promise() => Gen.Select(Generators.Streams, Gens.One(Cards)).Sample((data, card) =>
    {
        bool started = false, open = false, over = false;
        foreach (ReplyEvent each in Events(card, data))
        {
            Assert.False(over);
            switch (each.Value)
            {
                case ReplyEvent.Started: Assert.False(started); started = true; break;
                case ReplyEvent.Opened: Assert.True(started && !open); open = true; break;
                case string delta: Assert.True(open && delta.Length > 0); break;
                case ReplyEvent.Closed: Assert.True(open); open = false; break;
                case ReplyEvent.Finished: Assert.True(started && !open); over = true; break;
                case ReplyEvent.Failed: over = true; break;
                default: break;
            }
        }
        Assert.True(over);
    });

    [Fact]
    public void A_request_survives_words_wire_words_and_wire_words_wire() => Generators.Requests.Sample(request =>
    {
        byte[] wire = RequestWriter.Write(request, OpenRouter).ToArray();
        ClientRequest read = Assert.IsType<Reading.Read>(RequestReader.Read(wire)).Request;
        Assert.Equal(new(request, Stream: true, CountAtEnd: true), read);
        Assert.Equal(wire, RequestWriter.Write(read.Request, OpenRouter).ToArray());
    });

    [Fact]
    public void A_longer_conversation_begins_with_the_bytes_of_the_shorter() => Gen.Select(Generators.Requests, Gen.Int[1, 20], Gens.One(Cards)).Sample((request, length, card) =>
    {
        Sequence<Turn> some = request.Turns.Take(length).ToSequence();
        if (some[^1] is Turn.Assistant) return;
        string shorter = Write(request with { Turns = some }, card), longer = Write(request, card);
        Assert.StartsWith(shorter[..^2], longer, StringComparison.Ordinal);
    });

    [Fact]
    public void A_reply_survives_words_wire_words() => Generators.Replies.Sample(given =>
    {
        Reply reply = new() { Id = "chatcmpl-1", Model = "kimi", Blocks = [.. given.Blocks], Usage = given.Usage, Reason = given.Reason };
        List<ReplyEvent> events = [];
        new ReplyReader(Plain).ReadWhole(WholeReplyWriter.Write(reply, "chatcmpl-1", "kimi", 0), events);
        ReplyFold fold = new();
        events.ForEach(fold.Add);
        Assert.Equal(reply, fold.Result! with { Blocks = fold.Result.Blocks.Map(Unsealed) });
    });

    static Block Unsealed(Block block) => block is Block.Thinking thinking ? thinking with { Seal = null } : block;

    [Fact]
    public void A_stream_that_is_written_and_read_gives_the_same_events() => Gen.Select(Generators.Replies, Gen.Int[1, 60].Array[1, 5]).Sample((given, sizes) =>
    {
        List<ReplyEvent> events = [new ReplyEvent.Started("chatcmpl-1", "kimi")];
        foreach (Block block in given.Blocks) events.AddRange(Told(block));
        ReplyEvent counted = new ReplyEvent.Counted(given.Usage), finished = new ReplyEvent.Finished(given.Reason);
        ArrayBufferWriter<byte> body = new();
        ReplyWriter writer = Writer(countAtEnd: true);
        foreach (ReplyEvent each in (ReplyEvent[])[.. events, counted, finished])
        {
            writer.Write(each, body);
            writer.WritePing(body);
        }
        List<ReplyEvent> read = FromBytes(Plain, body.WrittenSpan.ToArray(), sizes);
        List<ReplyEvent> unsealed = [.. read.Select(each => each.Value is ReplyEvent.Closed ? Closed : each)];
        Assert.Equal([.. events, counted, finished], unsealed);
    });

    static ReplyEvent[] Told(Block block) => block switch
    {
        Block.Thinking thinking => [Thinking, thinking.Content[..1], thinking.Content, Closed],
        Block.Text text => [Sample.Text, text.Content, "\n", text.Content, Closed],
        Block.ToolCall call => [Call(call.Id, call.Name), call.Arguments, Closed],
        _ => throw new InvalidOperationException(),
    };

    [Fact]
    public void Details_that_were_made_small_are_made_whole_again() => Gen.Select(Generators.Words, Generators.Words, Gen.Bool).Sample((text, other, same) =>
    {
        RawJson details = RawJson.Of($$"""[{"type":"reasoning.text","text":{{JsonSerializer.Serialize(same ? text : other)}},"signature":"s","x":[1, 2]},{"type":"reasoning.encrypted","data":"d"}]""");
        RawJson small = ReasoningDetails.Elide(details, text), whole = ReasoningDetails.Restore(small, text);
        Assert.True(JsonElement.DeepEquals(details.Parse().RootElement, whole.Parse().RootElement));
        Assert.Equal(same || text == other, small.ToString().Contains("\"text\":true", StringComparison.Ordinal));
    });

    // Nothing throws, whatever comes.

    static readonly string[] Splinters = ["null", "true", "5", "-1e400", "\"x\"", "[]", "{}", "[null]", "\"\\ud800\"", ",", "}", "\"", "\\", "\0", "{\"index\":0}", "[{}]", "\"data:,\""];

    static readonly string[] Bodies =
    [
        """{"model":"m","messages":[{"role":"system","content":"s"},{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,iVBO","detail":"low"}},{"type":"file","file":{"file_data":"x"}}]},{"role":"assistant","content":null,"reasoning_content":"r","reasoning_details":[{"type":"reasoning.text","signature":"baltoro1.e30","id":"at-3","format":"baltoro-1","index":0}],"tool_calls":[{"id":"a","type":"function","function":{"name":"Read","arguments":"{}"}}]},{"role":"tool","tool_call_id":"a","content":"one"}],"tools":[{"type":"function","function":{"name":"Read","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"Read"}},"thinking":{"type":"enabled","keep":"all"},"reasoning":{"effort":"high"},"stop":["a"],"response_format":{"type":"json_schema","json_schema":{"name":"x","schema":{}}},"seed":5,"chat_template_kwargs":{"thinking":true}}""",
        """{"id":"r1","model":"m","choices":[{"index":0,"delta":{"content":"a","reasoning":"b","reasoning_details":[{"type":"reasoning.text","text":"b","index":0,"id":"x"}],"tool_calls":[{"index":0,"id":"a","function":{"name":"Read","arguments":"{}"}}],"function_call":{"name":"x"}},"message":{"content":"a"},"finish_reason":"stop","stop_reason":null,"usage":{"prompt_tokens":1}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":1},"cost":0.5}}""",
        """{"error":{"message":"m","type":"t","code":400,"metadata":{"raw":"{\"error\":\"x\"}"},"n_ctx":5},"detail":[{"loc":["a",1],"msg":"m"}],"object":"error"}""",
    ];

    static readonly Gen<byte[]> Noise = Gen.OneOf(
        Gen.Byte.Array[0, 60],
        Gen.Select(Gens.One(Bodies), Gen.Select(Gen.Double[0, 1], Gen.Int[0, 8], Gen.Int[0, Splinters.Length - 1]).Array[1, 4], (body, edits) =>
        {
            foreach ((double place, int length, int splinter) in edits)
            {
                int at = (int)(place * body.Length);
                body = string.Concat(body.AsSpan(0, at), Splinters[splinter], body.AsSpan(Math.Min(body.Length, at + length)));
            }
            return Encoding.UTF8.GetBytes(body);
        }),
        // A value of the wrong type in an otherwise good body.
        Gen.Select(Gens.One(Bodies), Gen.Double[0, 1], Gen.Int[0, Splinters.Length - 1], (body, place, splinter) =>
        {
            int at = body.IndexOf(':', (int)(place * (body.Length - 1))) + 1, end = body.IndexOfAny([',', '}', ']'], at);
            return Encoding.UTF8.GetBytes(string.Concat(body.AsSpan(0, at), Splinters[splinter], body.AsSpan(Math.Max(at, end))));
        }));

    [Fact]
    public void Nothing_that_comes_from_outside_makes_anything_throw() => Gen.Select(Noise, Gens.One(Cards)).Sample((bytes, card) =>
    {
        if (RequestReader.Read(bytes) is Reading.Read read)
            foreach (ModelCard each in Cards) JsonDocument.Parse(RequestWriter.Write(read.Request.Request, each), new() { MaxDepth = 256 }).Dispose();
        Assert.NotEmpty(Errors.Read(400, bytes, card).Message);

        List<ReplyEvent> events = [];
        ReplyReader reader = new(card);
        reader.Read(bytes, events);
        reader.Read(Encoding.UTF8.GetBytes(Bodies[1]), events);
        reader.End(events);
        Assert.Single(events, each => each.Value is ReplyEvent.Finished or ReplyEvent.Failed);

        List<ReplyEvent> whole = [];
        new ReplyReader(card).ReadWhole(bytes, whole);
        Assert.Single(whole, each => each.Value is ReplyEvent.Finished or ReplyEvent.Failed);
    }, iter: 2000);

    static readonly Gen<ReplyEvent> AnyEvent = Gen.OneOf(
        Generators.Words.Select(text => (ReplyEvent)text),
        Gens.One<ReplyEvent>(
            Started, Sample.Text, Thinking, Call("a", "Read"), Call("", ""), Closed, new ReplyEvent.Closed(KimiSeal), new ReplyEvent.Whole(new Block.RedactedThinking("x")),
            new ReplyEvent.Whole(new Block.Text("a")), new ReplyEvent.Counted(new() { Input = 1 }), Finished(StopReason.EndTurn), new ReplyEvent.Failed(new Failure.Cut("x"))));

    [Fact]
    public void Whatever_order_the_events_come_in_the_stream_obeys_its_format() => AnyEvent.Array[0, 12].Sample(events =>
    {
        string stream = Written(Writer(countAtEnd: true), events);
        string[] lines = [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)];
        foreach (string line in lines.Where(line => line != "data: [DONE]")) JsonDocument.Parse(line["data: ".Length..]).Dispose();
        Assert.All(lines, line => Assert.StartsWith("data: ", line, StringComparison.Ordinal));
        if (lines.Length > 0 && !lines[0].StartsWith("data: {\"error\"", StringComparison.Ordinal)) Assert.Contains("\"delta\":{\"role\":\"assistant\"}", lines[0]);
        Assert.Equal(lines.Contains("data: [DONE]"), events.FirstOrDefault(each => each.Value is ReplyEvent.Finished or ReplyEvent.Failed).Value is ReplyEvent.Finished);
    });
}
