// What holds for every Messages stream, however it is cut, damaged or carried.

using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using Baltoro.Chat.Anthropic;
using CsCheck;
using static Baltoro.Chat.ReplyEvent;

namespace Baltoro.Chat.Tests.Anthropic;

public class ReplyProperties
{
    static readonly Gen<string> Piece = Gen.OneOf("a", " ", "\n", "Grüße", "文字", "\U0001F600", "\"", "{\"a\":", "1}", "data: x\n\n", new string('y', 500));

    static readonly Gen<ReplyEvent[]> Text = Piece.Array[0, 4].Select(pieces =>
        (ReplyEvent[])[new Opened(BlockHead.Text.Plain), .. pieces.Select(piece => (ReplyEvent)piece), Closed.Plain]);

    static readonly Gen<ReplyEvent[]> Thinking = Gen.Select(Piece.Array[0, 4], Gen.OneOf("s", "Eq==")).Select((pieces, signature) =>
        (ReplyEvent[])[new Opened(BlockHead.Thinking.Plain), .. pieces.Select(piece => (ReplyEvent)piece), new Closed(new Seal(null, signature))]);

    static readonly Gen<ReplyEvent[]> Call = Gen.Select(Piece.Array[0, 4], Gen.OneOf("toolu_1", "functions.Bash:0")).Select((pieces, id) =>
        (ReplyEvent[])[new Opened(new BlockHead.ToolCall(id, "Bash")), "{", .. pieces.Select(piece => (ReplyEvent)piece), Closed.Plain]);

    static readonly Gen<ReplyEvent[]> Whole = Gen.OneOf<ReplyEvent[]>(
        [new Whole(new Block.RedactedThinking("cipher"))],
        [new Whole(new Block.Opaque(WireFormat.Anthropic, "web_search_tool_result", RawJson.Of("""{"type":"web_search_tool_result","content":[]}""")))]);

    static readonly Gen<Usage> Counts = Gen.Select(Gen.Long[1, 1000], Gen.Long[0, 1000], Gen.Long[0, 1000], Gen.Long[0, 1000], Gen.Long[0, 1000]).Select(
        (input, read, write, hour, output) => new Usage { Input = input, CacheRead = read, CacheWrite = write, CacheWriteHour = hour, Output = output, Reasoning = output / 2 });

    /// <summary>A reply as a well-behaved upstream would have it, its stop reason in agreement with its blocks.</summary>
    static readonly Gen<ReplyEvent[]> Reply = Gen.Select(Gen.OneOf(Text, Thinking, Call, Whole).Array[1, 5], Counts, Counts, Gen.Enum<StopReason>()).Select((blocks, first, last, reason) =>
    {
        ReplyEvent[] steps = [.. blocks.SelectMany(block => block)];
        bool calls = steps.Any(step => step.Value is Opened { Head: BlockHead.ToolCall }), opaque = steps.Any(step => step.Value is Whole { Block: Block.Opaque });
        reason = reason switch
        {
            StopReason.EndTurn or StopReason.StopSequence when calls => StopReason.ToolUse,
            StopReason.ToolUse when !calls && !opaque => StopReason.EndTurn,
            _ => reason,
        };
        return (ReplyEvent[])
        [
            new Started("msg_1", "kimi"), new Counted(first), .. steps, new Counted(last), new Finished(reason, reason == StopReason.StopSequence ? "STOP" : null),
        ];
    });

    /// <summary>What a reader of its own origin makes of what was written: the seal around the seal, redacted thinking likewise.</summary>
    static ReplyEvent AsRead(ReplyEvent step) => step.Value switch
    {
        Closed { Seal: { } seal } => new Closed(new Seal(Wire.Kimi, Envelope.Pack(seal))),
        Whole { Block: Block.RedactedThinking redacted } => new Whole(new Block.RedactedThinking(Envelope.Pack(redacted), Wire.Kimi)),
        _ => step,
    };

    static List<ReplyEvent> Read(IEnumerable<byte[]> data)
    {
        ReplyReader reader = new(Wire.Kimi, Dialect.Messages);
        List<ReplyEvent> events = [];
        foreach (byte[] item in data) reader.Read(item, events);
        reader.End(events);
        return events;
    }

    static IEnumerable<byte[]> Data(Stream stream) =>
        SseParser.Create(stream, (_, data) => data.ToArray()).Enumerate().Select(item => item.Data);

    [Fact]
    public void What_is_written_is_read_as_the_same_steps() => Reply.Sample(steps =>
        Assert.Equal(steps.Select(AsRead), Read(Data(new MemoryStream(Encoding.UTF8.GetBytes(Wire.Stream(steps)))))), iter: 1000);

    [Fact]
    public void However_the_bytes_are_cut_the_events_are_the_same() =>
        Gen.Select(Reply, Gen.Int[1, 40].Array[1, 20]).Sample((steps, sizes) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Wire.Stream(steps));
            Assert.Equal(Read(Data(new MemoryStream(bytes))), Read(Data(new Trickle(bytes, sizes))));
        }, iter: 500);

    [Fact]
    public void A_whole_message_says_what_its_stream_says() => Reply.Sample(steps =>
    {
        Reply reply = Wire.Fold(steps);
        ReplyReader reader = new(Wire.Kimi, Dialect.Messages);
        List<ReplyEvent> events = [];
        reader.ReadWhole(Encoding.UTF8.GetBytes(Wire.Text(into => WholeReplyWriter.Write(reply, "msg_1", "kimi", into))), events);
        Reply streamed = Wire.Fold(steps.Select(AsRead));
        Assert.Equal(streamed, Wire.Fold(events));
    }, iter: 500);

    [Fact]
    public void A_stream_cut_anywhere_is_never_a_clean_end() =>
        Gen.Select(Reply, Gen.Double[0, 0.999]).Sample((steps, share) =>
        {
            List<byte[]> data = [.. Data(new MemoryStream(Encoding.UTF8.GetBytes(Wire.Stream(steps))))];
            Assert.IsType<Failed>(Read(data.Take((int)(data.Count * share)))[^1].Value);
        }, iter: 500);

    [Fact]
    public void A_stream_with_bytes_changed_never_throws_and_has_one_end() =>
        Gen.Select(Reply, Gen.Select(Gen.Int, Gen.Byte).Array[1, 4]).Sample((steps, changes) =>
        {
            byte[] bytes = Encoding.UTF8.GetBytes(Wire.Stream(steps));
            foreach ((int at, byte value) in changes) bytes[(int)((uint)at % bytes.Length)] = value;
            HasOneEnd(Read(Data(new MemoryStream(bytes))));
        }, iter: 3000);

    [Fact]
    public void Random_bytes_never_throw() => Gen.Byte.Array[0, 60].Array[0, 4].Sample(data => HasOneEnd(Read(data)), iter: 3000);

    [Fact]
    public void Events_in_any_order_never_throw_and_give_whole_blocks() =>
        Gen.Select(Reply, Gen.Int[0, 100].Array[2, 30]).Sample((steps, order) =>
        {
            byte[][] data = [.. Data(new MemoryStream(Encoding.UTF8.GetBytes(Wire.Stream(steps))))];
            List<ReplyEvent> events = Read(order.Select(at => data[at % data.Length]).Append(data[^1]));
            HasOneEnd(events);
            ReplyFold fold = new();
            foreach (ReplyEvent step in events) fold.Add(step);
        }, iter: 3000);

    [Fact]
    public void Steps_in_any_order_are_written_as_a_stream_that_can_be_read() =>
        Gen.Select(Reply, Gen.Int[0, 100].Array[2, 30]).Sample((steps, order) =>
        {
            ReplyEvent[] shuffled = [.. order.Select(at => steps[at % steps.Length]), new Finished(StopReason.EndTurn)];
            Assert.IsType<Finished>(Read(Data(new MemoryStream(Encoding.UTF8.GetBytes(Wire.Stream(shuffled)))))[^1].Value);
        }, iter: 1000);

    static void HasOneEnd(List<ReplyEvent> events)
    {
        Assert.Single(events, step => step.Value is Finished or Failed);
        Assert.True(events[^1].Value is Finished or Failed);
    }

    /// <summary>Gives its bytes in pieces of these sizes, over and over.</summary>
    sealed class Trickle(byte[] bytes, int[] sizes) : MemoryStream(bytes)
    {
        int _next;

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, sizes[_next++ % sizes.Length]));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, sizes[_next++ % sizes.Length])]);
    }
}

public class ReplyAllocationTests
{
    [Fact]
    public void A_delta_costs_nothing_beyond_its_own_text()
    {
        ReplyReader reader = new(Wire.Claude, Dialect.Claude);
        ReplyWriter writer = new("msg_1", "m");
        List<ReplyEvent> events = new(8);
        ArrayBufferWriter<byte> bytes = new(1 << 16);
        byte[] start = Encoding.UTF8.GetBytes(Wire.Start(0, Wire.TextBlock)), delta = Encoding.UTF8.GetBytes(Wire.TextDelta(0, "Grüße, \"world\"\n"));
        Pass(Encoding.UTF8.GetBytes(Wire.MessageStart));
        Pass(start);
        for (int i = 0; i < 2000; i++) Pass(delta);

        const int Deltas = 1000;
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Deltas; i++) Pass(delta);
        long each = (GC.GetAllocatedBytesForCurrentThread() - before) / Deltas;

        // A string is an object header, a type, a length and its characters, in steps of 8 bytes.
        int text = (8 + 8 + 4 + (("Grüße, \"world\"\n".Length + 1) * 2) + 7) / 8 * 8;
        Assert.Equal(text, each);

        void Pass(byte[] data)
        {
            events.Clear();
            reader.Read(data, events);
            foreach (ReplyEvent step in events) writer.Write(step, bytes);
            bytes.ResetWrittenCount();
        }
    }
}
