// What the repair of leaked tool tokens adds to one streamed event that needs none.

using System.Buffers;
using Baltoro.Chat;
using Baltoro.Chat.Repair;
using Baltoro.Chat.Wire;
using BenchmarkDotNet.Attributes;

namespace Baltoro.Benchmarks;

/// <summary>From Kimi's chunk to a Messages event, with the repair between reader and writer and without.</summary>
public class RepairedEvent
{
    readonly ArrayBufferWriter<byte> _out = new(1024);
    readonly List<ReplyEvent> _read = [], _mended = [];
    byte[] _data = [];
    ReplyEvent _event;
    IReplyReader _reader = null!;
    IReplyWriter _writer = null!;
    IReplyRepair _repair = null!;

    [Params("text", "thinking", "text with <")]
    public string Event { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        _reader = new Chat.OpenAI.ReplyReader(Samples.Kimi);
        _writer = new Chat.Anthropic.ReplyWriter("msg_1", "baltoro");
        _repair = new ToolMarkup(Samples.Kimi, new ChatRequest { Model = "baltoro" });
        _data = Samples.Chunk(Event switch
        {
            "text" => """{"content":" so the next"}""",
            "thinking" => """{"reasoning_content":" so the next"}""",
            _ => """{"content":" so List<T> t"}""",
        });
        ReadRepairWrite();
        _reader.Read(_data, _read);
        _event = _read[^1];
        _read.Clear();
    }

    [Benchmark(Baseline = true)]
    public int ReadWrite()
    {
        _out.ResetWrittenCount();
        _reader.Read(_data, _read);
        foreach (ReplyEvent step in _read) _writer.Write(step, _out);
        _read.Clear();
        return _out.WrittenCount;
    }

    [Benchmark]
    public int ReadRepairWrite()
    {
        _out.ResetWrittenCount();
        _reader.Read(_data, _read);
        foreach (ReplyEvent step in _read) _repair.Next(step, _mended);
        foreach (ReplyEvent step in _mended) _writer.Write(step, _out);
        _read.Clear();
        _mended.Clear();
        return _out.WrittenCount;
    }

    /// <summary>What the repair takes by itself.</summary>
    [Benchmark]
    public int Repair()
    {
        _repair.Next(_event, _mended);
        int given = _mended.Count;
        _mended.Clear();
        return given;
    }
}
