// A Messages stream turned into reply events; it refuses to know how the bytes came and who will read the events.

using System.Runtime.InteropServices;
using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Reads the events of <c>POST /v1/messages</c> (platform.claude.com/docs/en/build-with-claude/streaming), one at a time.
/// The reply is finished only with <c>message_stop</c>. Citations come at the end of their block, in <see cref="ReplyEvent.Closed.Extra"/>;
/// everything that a client of this format can use beside the stop reason in <see cref="ReplyEvent.Finished.Extra"/>, unknown
/// usage members there under <c>usage</c>.
/// </summary>
/// <param name="origin">Stamped on all thinking.</param>
/// <param name="dialect">Anthropic's own thinking is worth nothing to it without a signature, so there such a block gets no seal.</param>
public sealed class ReplyReader(Origin origin, Dialect dialect) : IReplyReader
{
    readonly ModelCard? _card;
    readonly BlockOrder _blocks = new(signature => dialect == Dialect.Claude && signature is null ? null : new(origin, signature));
    readonly List<Field> _usageFields = [];
    readonly List<Field> _endFields = [];
    Usage _usage = new();
    string? _reason, _stopSequence;
    bool _started, _final;

    /// <summary>A reader that can also state the window when an upstream says in mid-stream that the prompt exceeds it.</summary>
    public ReplyReader(ModelCard card) : this(card.Origin, card.Dialect) => _card = card;

    /// <summary>Messages streams its blocks one after another: none is held back.</summary>
    public long Held => 0;

    public bool Read(ReadOnlySpan<byte> data, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        // Some vendors close with the other format's end mark. It proves nothing here.
        if (_final || data.TrimEnd(" \r\n"u8).IsEmpty || data.SequenceEqual("[DONE]"u8)) return false;
        try
        {
            return Apply(StreamEvent.Parse(data), data, into);
        }
        catch (Exception e) when (e is JsonException or UnreadableException or InvalidOperationException)
        {
            return Fail(new Failure.Garbled($"The upstream sent an event that is no Messages event: {e.Message}"), into);
        }
    }

    public void End(List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_final) return;
        Fail(new Failure.Cut(_started
            ? "The upstream's stream ended before the reply did."
            : "The upstream's stream ended before the reply began."), into);
    }

    public void ReadWhole(ReadOnlyMemory<byte> body, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_final) return;
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Json.Options);
            JsonElement message = Json.Object(document.RootElement);
            if (Json.Optional(message, "error") is { } error)
            {
                Fail(InStream(JsonMarshal.GetRawUtf8Value(error)), into);
                return;
            }
            ReadBlocks(message, into);
        }
        catch (Exception e) when (e is JsonException or UnreadableException or InvalidOperationException)
        {
            Fail(new Failure.Garbled($"The upstream sent a body that is no message: {e.Message}"), into);
        }
    }

    bool Apply(StreamEvent e, ReadOnlySpan<byte> data, List<ReplyEvent> into)
    {
        switch (e.Kind)
        {
            case EventKind.BlockDelta:
                BeSureToStart(into);
                return _blocks.Add(e.Index, BlockDelta.Parse(e.Body), e.Body, into)
                    || Fail(new Failure.Garbled("The upstream sent arguments of a tool call that never began."), into);
            case EventKind.BlockStart:
                BeSureToStart(into);
                _blocks.Start(BlockStart.Read(e.Index, e.Body, origin), into);
                return true;
            case EventKind.BlockStop:
                _blocks.Stop(e.Index, into);
                return true;
            case EventKind.MessageStart:
                Start(e.Body, into);
                return true;
            case EventKind.MessageDelta:
                BeSureToStart(into);
                ReadEnding(data);
                // Nothing is written after the reason to stop.
                if (_reason is not null) _blocks.StopAll(into);
                Count(e.Usage, into);
                return true;
            case EventKind.MessageStop:
                BeSureToStart(into);
                Finish(into);
                return true;
            case EventKind.Error:
            case EventKind.Unknown when !e.Error.IsEmpty:
                return Fail(InStream(e.Error), into);
            default:
                return false;
        }
    }

    void BeSureToStart(List<ReplyEvent> into)
    {
        if (!_started) Start(default, into);
    }

    /// <summary>A repeated start can bring numbers, nothing else.</summary>
    void Start(ReadOnlySpan<byte> message, List<ReplyEvent> into)
    {
        string? id = null, model = null;
        ReadOnlySpan<byte> usage = default;
        Utf8JsonReader reader = new(message, StreamEvent.Options);
        if (!message.IsEmpty) reader.Read();
        while (!message.IsEmpty && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isId = reader.ValueTextEquals("id"u8), isModel = reader.ValueTextEquals("model"u8), isUsage = reader.ValueTextEquals("usage"u8);
            reader.Read();
            if (isId && reader.TokenType == JsonTokenType.String) id = Text.Of(ref reader);
            else if (isModel && reader.TokenType == JsonTokenType.String) model = Text.Of(ref reader);
            else if (isUsage) usage = StreamEvent.Value(message, ref reader);
            else reader.Skip();
        }
        if (!_started) into.Add(new ReplyEvent.Started(id, model));
        _started = true;
        Count(usage, into);
    }

    void Count(ReadOnlySpan<byte> usage, List<ReplyEvent> into)
    {
        if (usage.IsEmpty) return;
        _usage = UsageFields.Read(usage, _usage, _usageFields);
        into.Add(new ReplyEvent.Counted(_usage));
    }

    /// <summary>A whole message is its blocks, each begun and ended at once.</summary>
    void ReadBlocks(JsonElement message, List<ReplyEvent> into)
    {
        Sequence<Draft> drafts = Json.Items(Json.Required(message, "content"), "content", block => BlockStart.Read(0, block, origin), 0);
        Start(JsonMarshal.GetRawUtf8Value(message), into);
        foreach (Draft draft in drafts)
        {
            _blocks.Start(draft, into);
            _blocks.Stop(draft.Index, into);
        }
        ReadReason(message);
        Keep(message, ["id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"]);
        Finish(into);
    }

    void ReadEnding(ReadOnlySpan<byte> data)
    {
        using JsonDocument document = JsonDocument.Parse(data.ToArray(), Json.Options);
        Keep(document.RootElement, ["type", "index", "delta", "usage"]);
        if (Json.OptionalObject(document.RootElement, "delta") is not { } delta) return;
        ReadReason(delta);
        Keep(delta, ["stop_reason", "stop_sequence"]);
    }

    void ReadReason(JsonElement from)
    {
        if (Json.OptionalString(from, "stop_reason") is { } reason)
        {
            _reason = reason;
            if (!StopReasons.IsKnown(reason)) Keep(new Field("stop_reason", Json.OptionalRaw(from, "stop_reason")!.Value));
        }
        _stopSequence = Json.OptionalString(from, "stop_sequence") ?? _stopSequence;
    }

    /// <summary>Members that say something and have no word of ours.</summary>
    void Keep(JsonElement obj, ReadOnlySpan<string> known)
    {
        if (Json.Rest(obj, WireFormat.Anthropic, known) is not { } rest) return;
        foreach (Field field in rest.Fields)
            if (!field.Value.Utf8.Span.SequenceEqual("null"u8)) Keep(field);
    }

    void Keep(Field field)
    {
        _endFields.RemoveAll(earlier => earlier.Name == field.Name);
        _endFields.Add(field);
    }

    void Finish(List<ReplyEvent> into)
    {
        _blocks.StopAll(into);
        if (_usageFields.Count > 0) Keep(new Field("usage", RawMembers.Object(new(WireFormat.Anthropic, _usageFields.ToSequence()))));
        StopReason reason = StopReasons.Read(_reason, _blocks.Seen);
        Extra? extra = _endFields.Count == 0 ? null : new(WireFormat.Anthropic, _endFields.ToSequence());
        into.Add(new ReplyEvent.Finished(reason, reason == StopReason.StopSequence ? _stopSequence : null, extra));
        _final = true;
    }

    Failure InStream(ReadOnlySpan<byte> error) => Errors.Read(error, _card ?? new ModelCard { Id = "", Origin = origin, Dialect = dialect, Window = 0 });

    bool Fail(Failure failure, List<ReplyEvent> into)
    {
        _final = true;
        into.Add(new ReplyEvent.Failed(failure));
        return true;
    }
}
