// A Chat Completions stream as reply events; it refuses to know which client waits for them.

using System.Text.Json;
using Baltoro.Chat.Wire;

namespace Baltoro.Chat.OpenAI;

/// <summary>
/// Reads the chunks that OpenAI documents, and what other servers make of them (gateways.md 3.8). Blocks follow each other by type: a change of type
/// ends one and begins the next. Tool calls are held back until they are whole. The end counts as proven by a <c>finish_reason</c>
/// followed by <c>[DONE]</c> or by the stream's clean end; usage may stand between the two.
/// </summary>
public sealed class ReplyReader : IReplyReader
{
    enum Open
    {
        Nothing,
        Thinking,
        Text,
    }

    readonly ModelCard _card;
    readonly CallCollector _calls = new();
    readonly DetailsMerge _details = new();
    readonly Chunk _chunk;
    readonly ReplyEvent.Closed _sealed;
    readonly System.Text.StringBuilder? _thinking;
    Open _open;
    string? _heldSpace, _finishReason, _stopSequence;
    bool _isStarted, _isOver, _hasBareReasoning;
    Usage? _usage;

    /// <param name="card">The model that replies: its origin is stamped on the thinking, its window on an overflow that names none.</param>
    public ReplyReader(ModelCard card)
    {
        ArgumentNullException.ThrowIfNull(card);
        _card = card;
        _chunk = new(_calls, _details);
        _sealed = new(new Seal(card.Origin));
        // Only to see whether the details repeat it.
        _thinking = card.Dialect == Dialect.OpenRouter ? new() : null;
    }

    public long Held => _calls.Held + (_heldSpace is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(_heldSpace));

    public bool Read(ReadOnlySpan<byte> data, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return false;
        data = data.Trim(" \t\r\n"u8);
        if (data.IsEmpty) return false;
        if (data.SequenceEqual("[DONE]"u8))
        {
            End(into);
            return true;
        }
        ReadChunk(data, false, into);
        return Act(into);
    }

    public void End(List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        if (_finishReason is null)
        {
            Fail(new Failure.Cut("The upstream's stream ended without a finish_reason."), into);
            return;
        }
        EndBlocks(into);
        _isOver = true;
        into.Add(Finish.Read(_finishReason, _stopSequence, _calls));
    }

    public void ReadWhole(ReadOnlyMemory<byte> body, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        ReadChunk(body.Span, true, into);
        Act(into);
        if (_isOver) return;
        if (!_chunk.HasChoice)
        {
            Fail(new Failure.Garbled("The upstream's reply has no choices."), into);
            return;
        }
        // A body that is whole proves its end by itself.
        _finishReason ??= "";
        End(into);
    }

    void ReadChunk(ReadOnlySpan<byte> data, bool isWhole, List<ReplyEvent> into)
    {
        try
        {
            _details.DropFresh();
            _chunk.Read(data, isWhole);
            if (!_chunk.HasError) return;
            using JsonDocument document = JsonDocument.Parse(data.ToArray(), Json.Options);
            Fail(Errors.Read(document.RootElement, _card), into);
        }
        // A field's name that is half a character is no better than half a JSON.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            Fail(new Failure.Garbled($"The upstream sent an event that is no chunk: {Quoted(data)}"), into);
        }
    }

    static string Quoted(ReadOnlySpan<byte> data)
    {
        string text = System.Text.Encoding.UTF8.GetString(data[..Math.Min(data.Length, 80)]);
        return UpstreamErrors.Clean(data.Length > 80 ? text + "…" : text);
    }

    void Fail(Failure failure, List<ReplyEvent> into)
    {
        _isOver = true;
        into.Add(new ReplyEvent.Failed(failure));
    }

    /// <summary>Turns the chunk into events; true when it showed life.</summary>
    bool Act(List<ReplyEvent> into)
    {
        if (_isOver) return true;
        bool alive = !_isStarted;
        Start(into);
        alive |= Reason(into);
        alive |= Say(_chunk.Content, into) | Say(_chunk.Refusal, into);
        if (_chunk.HasCalls)
        {
            // Space between two calls is neither text nor part of a call.
            _heldSpace = null;
            Close(into);
            alive = true;
        }
        if (_chunk.Usage.Since(_usage) is { } usage && !ReferenceEquals(usage, _usage))
        {
            into.Add(new ReplyEvent.Counted(_usage = usage));
            alive = true;
        }
        if (_chunk.FinishReason is not { } reason) return alive;
        if (Finish.Broken(reason) is { } failure)
        {
            Fail(failure, into);
            return true;
        }
        _finishReason = reason;
        _stopSequence = _chunk.StopSequence;
        EndBlocks(into);
        return true;
    }

    void Start(List<ReplyEvent> into)
    {
        if (_isStarted) return;
        _isStarted = _chunk.HasNames = true;
        into.Add(new ReplyEvent.Started(_chunk.Id, _chunk.Model));
    }

    bool Reason(List<ReplyEvent> into)
    {
        string? delta = _chunk.Reasoning;
        _hasBareReasoning |= delta is not null;
        // The same words stand in the details too, mostly.
        if (delta is null && _chunk.HasDetails && !_hasBareReasoning && _details.TakeFresh() is { Length: > 0 } fresh) delta = fresh;
        if (delta is null && !(_chunk.HasDetails && _open == Open.Nothing)) return _chunk.HasDetails;
        if (_open != Open.Thinking)
        {
            Close(into);
            _open = Open.Thinking;
            _thinking?.Clear();
            into.Add(new ReplyEvent.Opened(BlockHead.Thinking.Plain));
        }
        _heldSpace = null;
        if (delta is null) return true;
        _thinking?.Append(delta);
        into.Add(delta);
        return true;
    }

    bool Say(string? delta, List<ReplyEvent> into)
    {
        if (delta is null) return false;
        if (_open != Open.Text)
        {
            // A block of nothing but space is refused by those who get it back, so none is opened before a word comes.
            if (string.IsNullOrWhiteSpace(delta))
            {
                _heldSpace += delta;
                return true;
            }
            Close(into);
            _open = Open.Text;
            into.Add(new ReplyEvent.Opened(BlockHead.Text.Plain));
            if (_heldSpace is { } space) into.Add(space);
            _heldSpace = null;
        }
        into.Add(delta);
        return true;
    }

    void Close(List<ReplyEvent> into)
    {
        if (_open == Open.Text) into.Add(ReplyEvent.Closed.Plain);
        else if (_open == Open.Thinking) into.Add(_details.IsEmpty ? _sealed : new(new Seal(_card.Origin, null, Details())));
        _open = Open.Nothing;
    }

    RawJson Details() => ReasoningDetails.Elide(_details.Take(), _thinking?.ToString() ?? "");

    void EndBlocks(List<ReplyEvent> into)
    {
        Close(into);
        _heldSpace = null;
        // What the issuer needs back came after the text had begun.
        if (!_details.IsEmpty)
        {
            into.Add(new ReplyEvent.Opened(BlockHead.Thinking.Plain));
            into.Add(new ReplyEvent.Closed(new Seal(_card.Origin, null, _details.Take())));
        }
        _calls.Emit(into);
    }
}
