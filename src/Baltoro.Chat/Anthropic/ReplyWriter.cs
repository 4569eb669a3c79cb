// Reply events turned into a Messages stream; it refuses to know which model speaks.

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Writes the event stream of <c>POST /v1/messages</c> (platform.claude.com/docs/en/build-with-claude/streaming): one <c>message_start</c>, blocks
/// one after another with indexes 0, 1, 2 …, <c>message_delta</c>, <c>message_stop</c>. Each message has both an <c>event:</c> line, without which
/// the SDKs skip it, and a <c>data:</c> line.
/// <c>message_start</c> waits for the first step that shows something, so that it can carry the numbers counted by then.
/// After a failure an open block stays open: a client must not take a broken tool call for a whole one.
/// </summary>
/// <param name="id">The reply's id, <c>msg_…</c>.</param>
/// <param name="model">The model's name to report.</param>
/// <param name="requestId">Reported in an error; null when there is none.</param>
[SuppressMessage("Design", "CA1001", Justification = "The JSON writer holds the caller's buffer and nothing to free; each event is flushed.")]
public sealed class ReplyWriter(string id, string model, string? requestId = null) : IReplyWriter
{
    Utf8JsonWriter? _json;
    BlockHead? _open;
    Usage _usage = new();
    Seen _seen;
    int _index;
    bool _hasStart, _isStarted, _isOver;

    public void Write(ReplyEvent step, IBufferWriter<byte> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        switch (step.Value)
        {
            case string delta: WriteDelta(delta, into); break;
            case ReplyEvent.Started: _hasStart = true; break;
            case ReplyEvent.Opened opened: Open(opened.Head, into); break;
            case ReplyEvent.Closed closed: Close(closed, into); break;
            case ReplyEvent.Whole whole: WriteWhole(whole.Block, into); break;
            case ReplyEvent.Counted counted: _usage = counted.Usage; break;
            case ReplyEvent.Finished finished: Finish(finished, into); break;
            case ReplyEvent.Failed failed: Fail(failed.Failure, into); break;
            case ReplyEvent.Mended: break;
            default: throw new InvalidOperationException($"Unknown reply event {step}.");
        }
    }

    public void WritePing(IBufferWriter<byte> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        if (_hasStart) BeSureToStart(into);
        into.Write("event: ping\ndata: {\"type\":\"ping\"}\n\n"u8);
    }

    void BeSureToStart(IBufferWriter<byte> into)
    {
        if (_isStarted) return;
        _isStarted = true;
        Utf8JsonWriter json = Begin("message_start"u8, into);
        json.WriteStartObject("message"u8);
        json.WriteString("id"u8, id);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, model);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        json.WriteNull("stop_reason"u8);
        json.WriteNull("stop_sequence"u8);
        UsageFields.Write(json, _usage, null);
        json.WriteEndObject();
        End(into);
    }

    void Open(BlockHead head, IBufferWriter<byte> into)
    {
        BeSureToStart(into);
        if (_open is not null) Close(ReplyEvent.Closed.Plain, into);
        _open = head;
        Utf8JsonWriter json = Begin("content_block_start"u8, into);
        json.WriteNumber("index"u8, _index);
        json.WriteStartObject("content_block"u8);
        switch (head)
        {
            case BlockHead.Text:
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, ""u8);
                break;
            case BlockHead.Thinking:
                json.WriteString("type"u8, "thinking"u8);
                json.WriteString("thinking"u8, ""u8);
                json.WriteString("signature"u8, ""u8);
                break;
            case BlockHead.ToolCall call:
                _seen |= Seen.ToolCall;
                json.WriteString("type"u8, "tool_use"u8);
                // A call that came without an id still needs one that its result can name.
                json.WriteString("id"u8, call.Id.Length > 0 ? call.Id : string.Create(CultureInfo.InvariantCulture, $"toolu_{id}_{_index}"));
                json.WriteString("name"u8, call.Name);
                json.WriteStartObject("input"u8);
                json.WriteEndObject();
                break;
            default:
                throw new InvalidOperationException($"Unknown block head {head}.");
        }
        RawMembers.WriteOnOneLine(json, head is BlockHead.ToolCall ? Caller.Stated(head.Extra) : head.Extra);
        json.WriteEndObject();
        End(into);
    }

    void WriteDelta(string text, IBufferWriter<byte> into)
    {
        if (text.Length == 0) return;
        if (_open is null) Open(BlockHead.Text.Plain, into);
        Utf8JsonWriter json = BeginDelta(into);
        switch (_open)
        {
            case BlockHead.Thinking:
                json.WriteString("type"u8, "thinking_delta"u8);
                json.WriteString("thinking"u8, text);
                break;
            case BlockHead.ToolCall:
                json.WriteString("type"u8, "input_json_delta"u8);
                json.WriteString("partial_json"u8, text);
                break;
            default:
                json.WriteString("type"u8, "text_delta"u8);
                json.WriteString("text"u8, text);
                break;
        }
        EndDelta(into);
    }

    void Close(ReplyEvent.Closed closed, IBufferWriter<byte> into)
    {
        if (_open is null) return;
        if (_open is BlockHead.Thinking && closed.Seal is { } seal && Envelope.Pack(seal) is { Length: > 0 } signature)
        {
            Utf8JsonWriter json = BeginDelta(into);
            json.WriteString("type"u8, "signature_delta"u8);
            json.WriteString("signature"u8, signature);
            EndDelta(into);
        }
        if (closed.Extra is { Format: WireFormat.Anthropic } extra && extra["citations"] is { } citations) WriteCitations(citations, into);
        _open = null;
        Stop(into);
    }

    void WriteCitations(RawJson citations, IBufferWriter<byte> into)
    {
        using JsonDocument document = citations.Parse();
        if (document.RootElement.ValueKind != JsonValueKind.Array) return;
        foreach (JsonElement citation in document.RootElement.EnumerateArray())
        {
            Utf8JsonWriter json = BeginDelta(into);
            json.WriteString("type"u8, "citations_delta"u8);
            json.WritePropertyName("citation"u8);
            RawMembers.OneLine(RawJson.Of(citation)).WriteTo(json);
            EndDelta(into);
        }
    }

    void WriteWhole(Block block, IBufferWriter<byte> into)
    {
        if (block is not (Block.RedactedThinking or Block.Opaque { Format: WireFormat.Anthropic })) return;
        BeSureToStart(into);
        if (_open is not null) Close(ReplyEvent.Closed.Plain, into);
        Utf8JsonWriter json = Begin("content_block_start"u8, into);
        json.WriteNumber("index"u8, _index);
        json.WritePropertyName("content_block"u8);
        if (block is Block.Opaque opaque)
        {
            _seen |= Seen.Opaque;
            RawMembers.OneLine(opaque.Json).WriteTo(json);
        }
        else
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "redacted_thinking"u8);
            json.WriteString("data"u8, Envelope.Pack((Block.RedactedThinking)block));
            json.WriteEndObject();
        }
        End(into);
        Stop(into);
    }

    void Stop(IBufferWriter<byte> into)
    {
        Utf8JsonWriter json = Begin("content_block_stop"u8, into);
        json.WriteNumber("index"u8, _index++);
        End(into);
    }

    void Finish(ReplyEvent.Finished finished, IBufferWriter<byte> into)
    {
        BeSureToStart(into);
        if (_open is not null) Close(ReplyEvent.Closed.Plain, into);
        _isOver = true;
        Utf8JsonWriter json = Begin("message_delta"u8, into);
        json.WriteStartObject("delta"u8);
        Ending.WriteReason(json, finished.Reason, finished.StopSequence, _seen, finished.Extra);
        Ending.WriteInside(json, finished.Extra);
        json.WriteEndObject();
        UsageFields.Write(json, _usage, Ending.UsageOf(finished.Extra));
        Ending.WriteBeside(json, finished.Extra);
        End(into);
        Begin("message_stop"u8, into);
        End(into);
    }

    void Fail(Failure failure, IBufferWriter<byte> into)
    {
        _isOver = true;
        into.Write("event: error\ndata: "u8);
        Errors.WriteBody(Reset(into), failure, requestId);
        Flush(into);
    }

    /// <summary>The event's name on both lines, inside an open object.</summary>
    Utf8JsonWriter Begin(ReadOnlySpan<byte> kind, IBufferWriter<byte> into)
    {
        into.Write("event: "u8);
        into.Write(kind);
        into.Write("\ndata: "u8);
        Utf8JsonWriter json = Reset(into);
        json.WriteStartObject();
        json.WriteString("type"u8, kind);
        return json;
    }

    Utf8JsonWriter BeginDelta(IBufferWriter<byte> into)
    {
        Utf8JsonWriter json = Begin("content_block_delta"u8, into);
        json.WriteNumber("index"u8, _index);
        json.WriteStartObject("delta"u8);
        return json;
    }

    void EndDelta(IBufferWriter<byte> into)
    {
        _json!.WriteEndObject();
        End(into);
    }

    void End(IBufferWriter<byte> into)
    {
        _json!.WriteEndObject();
        Flush(into);
    }

    void Flush(IBufferWriter<byte> into)
    {
        _json!.Flush();
        into.Write("\n\n"u8);
    }

    // One writer for the whole reply: its buffers are the caller's, its state is small.
    Utf8JsonWriter Reset(IBufferWriter<byte> into)
    {
        if (_json is null) return _json = new(into, RawMembers.Options);
        _json.Reset(into);
        return _json;
    }
}
