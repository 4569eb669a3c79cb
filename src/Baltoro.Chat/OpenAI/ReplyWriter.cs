// Reply events as the chunks that an OpenAI client reads; it refuses to know which model replies.

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Writes <c>chat.completion.chunk</c> events (OpenAI API reference, streaming). Thinking goes out as <c>reasoning_content</c> deltas; where a
/// block ends, its seal follows in <c>reasoning_details</c>, which clients send back. A failure is an <c>error</c> event without the <c>[DONE]</c>
/// that would prove an end.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A writer over someone else's buffer holds nothing that needs releasing.")]
public sealed class ReplyWriter : IReplyWriter
{
    readonly byte[] _head;
    readonly string _id;
    readonly bool _countAtEnd;
    readonly Utf8JsonWriter _json = new(new ArrayBufferWriter<byte>(), Lines.Options);
    BlockHead? _open;
    int _calls, _details, _thought;
    int _thoughtBefore;
    bool _hasBegun, _isOver;
    Usage _usage = new();

    /// <param name="id">This reply's id, such as <c>chatcmpl-…</c>.</param>
    /// <param name="model">The model's name as the client is to see it.</param>
    /// <param name="created">Unix time in seconds; there are no clocks here.</param>
    /// <param name="countAtEnd">The client asked for a chunk with usage before the end.</param>
    public ReplyWriter(string id, string model, long created, bool countAtEnd)
    {
        _id = id;
        _countAtEnd = countAtEnd;
        _head = Head(id, model, created);
    }

    // The same in every chunk, so rendered once.
    static byte[] Head(string id, string model, long created)
    {
        ArrayBufferWriter<byte> head = new();
        head.Write(Lines.Data);
        using (Utf8JsonWriter json = new(head, Lines.Options))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id);
            json.WriteString("object"u8, "chat.completion.chunk"u8);
            json.WriteNumber("created"u8, created);
            json.WriteString("model"u8, model);
        }
        return head.WrittenSpan.ToArray();
    }

    public void WritePing(IBufferWriter<byte> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Write(Lines.Ping);
    }

    public void Write(ReplyEvent step, IBufferWriter<byte> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        if (step.Value is ReplyEvent.Failed failed)
        {
            Fail(failed.Failure, into);
            return;
        }
        if (step.Value is ReplyEvent.Mended) return;
        if (!_hasBegun && step.Value is not ReplyEvent.Counted) Begin(into);
        switch (step.Value)
        {
            case string delta: Delta(delta, into); break;
            case ReplyEvent.Opened opened: OpenBlock(opened.Head, into); break;
            case ReplyEvent.Closed closed: CloseBlock(closed.Seal, into); break;
            case ReplyEvent.Whole whole: Whole(whole.Block, into); break;
            case ReplyEvent.Counted counted: _usage = counted.Usage; break;
            case ReplyEvent.Finished finished: End(finished, into); break;
            default: break;
        }
    }

    void Begin(IBufferWriter<byte> into)
    {
        _hasBegun = true;
        Utf8JsonWriter json = StartDelta(into);
        json.WriteString("role"u8, "assistant"u8);
        EndDelta(into);
    }

    void Delta(string delta, IBufferWriter<byte> into)
    {
        if (delta.Length == 0) return;
        Utf8JsonWriter json = StartDelta(into);
        if (_open is BlockHead.Thinking)
        {
            _thought += delta.Length;
            json.WriteString("reasoning_content"u8, delta);
        }
        else if (_open is BlockHead.ToolCall)
        {
            StartCall(json);
            json.WriteStartObject("function"u8);
            json.WriteString("arguments"u8, delta);
            json.WriteEndObject();
            EndCall(json);
        }
        else
        {
            json.WriteString("content"u8, delta);
        }
        EndDelta(into);
    }

    void OpenBlock(BlockHead head, IBufferWriter<byte> into)
    {
        if (_open is not null) CloseBlock(null, into);
        _open = head;
        _thoughtBefore = _thought;
        if (head is not BlockHead.ToolCall call) return;
        _calls++;
        Utf8JsonWriter json = StartDelta(into);
        StartCall(json);
        json.WriteString("id"u8, call.Id.Length > 0 ? call.Id : $"call_{_id}_{_calls - 1}");
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, ""u8);
        json.WriteEndObject();
        EndCall(json);
        EndDelta(into);
    }

    void StartCall(Utf8JsonWriter json)
    {
        json.WriteStartArray("tool_calls"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, _calls - 1);
    }

    static void EndCall(Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteEndArray();
    }

    void CloseBlock(Seal? seal, IBufferWriter<byte> into)
    {
        if (_open is BlockHead.Thinking && seal is { IsAbandoned: true }) Delta(Provenance.Abandoned, into);
        // The first block without a seal needs no word; a later one must be told from the sealed one before it.
        bool isMarked = seal is not null || _details > 0 && _thought > _thoughtBefore;
        if (_open is BlockHead.Thinking && isMarked)
        {
            Utf8JsonWriter json = StartDelta(into);
            json.WriteStartArray("reasoning_details"u8);
            Provenance.Write(json, seal, _details++, _thoughtBefore);
            json.WriteEndArray();
            EndDelta(into);
        }
        _open = null;
    }

    void Whole(Block block, IBufferWriter<byte> into)
    {
        if (_open is not null) CloseBlock(null, into);
        // Opaque blocks of another format have no place here.
        if (block is not Block.RedactedThinking redacted) return;
        Utf8JsonWriter json = StartDelta(into);
        json.WriteStartArray("reasoning_details"u8);
        Provenance.Write(json, redacted, _details++);
        json.WriteEndArray();
        EndDelta(into);
    }

    void End(ReplyEvent.Finished finished, IBufferWriter<byte> into)
    {
        if (_open is not null) CloseBlock(null, into);
        _isOver = true;
        into.Write(_head);
        into.Write(""","choices":[{"index":0,"delta":{},"finish_reason":"""u8);
        into.Write("\""u8);
        into.Write(Finish.Write(finished.Reason, _calls > 0));
        into.Write("\"}]}"u8);
        into.Write(Lines.End);
        if (_countAtEnd)
        {
            into.Write(_head);
            into.Write(""","choices":[],"""u8);
            _json.Reset(into);
            Tally.Write(_json, _usage);
            _json.Flush();
            into.Write("}"u8);
            into.Write(Lines.End);
        }
        into.Write(Lines.Done);
    }

    void Fail(Failure failure, IBufferWriter<byte> into)
    {
        _isOver = true;
        into.Write(Lines.Data);
        _json.Reset(into);
        Errors.WriteTo(_json, failure);
        _json.Flush();
        into.Write(Lines.End);
    }

    Utf8JsonWriter StartDelta(IBufferWriter<byte> into)
    {
        into.Write(_head);
        into.Write(""","choices":[{"index":0,"delta":"""u8);
        _json.Reset(into);
        _json.WriteStartObject();
        return _json;
    }

    void EndDelta(IBufferWriter<byte> into)
    {
        _json.WriteEndObject();
        _json.Flush();
        into.Write(""","finish_reason":null}]}"""u8);
        into.Write(Lines.End);
    }
}
