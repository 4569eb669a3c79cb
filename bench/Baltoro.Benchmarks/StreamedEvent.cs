// One streamed event from a vendor's bytes to a client's bytes: reader and writer, without sockets.

using System.Buffers;
using Baltoro.Chat;
using Baltoro.Chat.Wire;
using BenchmarkDotNet.Attributes;

namespace Baltoro.Benchmarks;

/// <summary>The reply is opened once; each operation is one more delta.</summary>
public class StreamedEvent
{
    readonly ArrayBufferWriter<byte> _out = new(1024);
    readonly List<ReplyEvent> _events = [];
    byte[] _data = [];
    IReplyReader _reader = null!;
    IReplyWriter _writer = null!;

    [Params("Chat text to Messages", "Chat thinking to Messages", "Messages text to Chat", "Messages thinking to Chat")]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        bool fromChat = Event.StartsWith("Chat", StringComparison.Ordinal), thinking = Event.Contains("thinking", StringComparison.Ordinal);
        if (fromChat)
        {
            _reader = new Chat.OpenAI.ReplyReader(Samples.Kimi);
            _writer = new Chat.Anthropic.ReplyWriter("msg_1", "baltoro");
            _data = Samples.Chunk(thinking ? """{"reasoning_content":" so the next"}""" : """{"content":" so the next"}""");
        }
        else
        {
            _reader = new Chat.Anthropic.ReplyReader(Samples.Kimi with { Dialect = Dialect.Claude });
            _writer = new Chat.OpenAI.ReplyWriter("chatcmpl-1", "baltoro", 1_763_900_000, false);
            Send("""{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"usage":{"input_tokens":1,"output_tokens":1}}}"""u8.ToArray());
            Send(thinking
                ? """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}"""u8.ToArray()
                : """{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"""u8.ToArray());
            _data = Samples.Event(thinking ? """{"type":"thinking_delta","thinking":" so the next"}""" : """{"type":"text_delta","text":" so the next"}""");
        }
        Send(_data);
    }

    [Benchmark]
    public int Delta()
    {
        _out.ResetWrittenCount();
        Send(_data);
        return _out.WrittenCount;
    }

    /// <summary>What the delta's own text takes: the yardstick for the allocated column.</summary>
    [Benchmark]
    public string OwnText() => new(" so the next".AsSpan());

    void Send(byte[] data)
    {
        _reader.Read(data, _events);
        foreach (ReplyEvent step in _events) _writer.Write(step, _out);
        _events.Clear();
    }
}
