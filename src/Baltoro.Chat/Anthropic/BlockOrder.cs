// Puts the blocks of a Messages stream one after another, whatever order their events came in; it refuses to know their bytes.

using Baltoro.Chat.Wire;

namespace Baltoro.Chat.Anthropic;

/// <summary>
/// Real streams forget to stop a block, stop one twice, never start one, start all with the same index, or write two tool calls at once.
/// Text and thinking are passed on at once, so a new block ends them. A tool call is never ended early, because what follows
/// may still be its arguments: blocks that begin while one is open wait for its end.
/// </summary>
sealed class BlockOrder(Func<string?, Seal?> seal)
{
    /// <summary>Marks a block that no event can name.</summary>
    const int Nameless = -2;

    readonly List<Draft> _waiting = [];
    Draft? _open;

    /// <summary>What kinds of block came, for the stop reason.</summary>
    public Seen Seen { get; private set; }

    public void Start(Draft draft, List<ReplyEvent> into)
    {
        if (Find(draft.Index) is { } named)
        {
            if (IsRepeat(named, draft)) return;
            named.Stopped = true;
            if (named == _open)
            {
                Close(named, into);
                Drain(into);
            }
        }
        if (_open is not null && !MayEndEarly(_open))
        {
            _waiting.Add(draft);
            return;
        }
        if (_open is not null) Close(_open, into);
        Open(draft, into);
    }

    /// <returns>False when the delta belongs to a tool call that never began, so that its name is lost.</returns>
    public bool Add(int index, BlockDelta delta, ReadOnlySpan<byte> json, List<ReplyEvent> into)
    {
        if (delta.Kind == DeltaKind.Unknown) return true;
        Draft? draft = Find(index);
        if (delta.Text.Length == 0 && delta.Kind is DeltaKind.Text or DeltaKind.Thinking or DeltaKind.Input)
        {
            // Nothing to add; but a block that its start forgot begins here.
            if (draft is not null || delta.Kind is DeltaKind.Input) return true;
        }
        if (draft is null || !draft.Takes(delta.Kind))
        {
            if (Placed(index, draft, delta, into) is not { } placed) return delta.Kind is not DeltaKind.Input;
            draft = placed;
        }
        Say(draft, delta, json, into);
        return true;
    }

    public void Stop(int index, List<ReplyEvent> into)
    {
        // A second stop finds nothing.
        if (Find(index) is not { } draft) return;
        draft.Stopped = true;
        if (draft != _open) return;
        Close(draft, into);
        Drain(into);
    }

    /// <summary>The reply is over: whatever is open or waits has ended too.</summary>
    public void StopAll(List<ReplyEvent> into)
    {
        foreach (Draft draft in _waiting) draft.Stopped = true;
        if (_open is not null) Close(_open, into);
        Drain(into);
    }

    Draft? Find(int index)
    {
        if (index == StreamEvent.NoIndex) return _open;
        for (int i = _waiting.Count - 1; i >= 0; i--)
            if (_waiting[i].Index == index) return _waiting[i];
        return _open?.Index == index ? _open : null;
    }

    /// <summary>A block for a delta that fits none; null when there can be none.</summary>
    Draft.Streamed? Placed(int index, Draft? found, BlockDelta delta, List<ReplyEvent> into)
    {
        switch (delta.Kind)
        {
            case DeltaKind.Input:
                return found is null && _open is Draft.Streamed { Head: BlockHead.ToolCall } call ? call : null;
            case DeltaKind.Text or DeltaKind.Thinking:
                BlockHead head = delta.Kind is DeltaKind.Text ? BlockHead.Text.Plain : BlockHead.Thinking.Plain;
                if (found is not Draft.Streamed { Head: BlockHead.ToolCall })
                {
                    // Same index as the block it does not fit: that one ends. The name goes over to the new one.
                    Draft.Streamed fresh = new(index, head);
                    Start(fresh, into);
                    return fresh;
                }
                // Some servers write line ends between two calls into the first; other words wait for the call's end.
                if (string.IsNullOrWhiteSpace(delta.Text)) return null;
                if (_waiting is [.., Draft.Streamed { Index: Nameless } last] && last.Head == head) return last;
                Draft.Streamed stray = new(Nameless, head) { Stopped = true };
                _waiting.Add(stray);
                return stray;
            default:
                return null;
        }
    }

    void Say(Draft draft, BlockDelta delta, ReadOnlySpan<byte> json, List<ReplyEvent> into)
    {
        switch (draft, delta.Kind)
        {
            case (Draft.Streamed streamed, DeltaKind.Signature):
                if (delta.Text.Length > 0) streamed.Signature = delta.Text;
                break;
            case (Draft.Streamed streamed, DeltaKind.Citations):
                if (Citation(json) is { } citation) streamed.Citations.Add(citation);
                break;
            case (Draft.Streamed streamed, _) when draft == _open:
                if (delta.Text.Length == 0) break;
                streamed.HasSpoken = true;
                into.Add(delta.Text);
                break;
            case (Draft.Closed whole, DeltaKind.Compaction):
                whole.Replace(json);
                break;
            case (Draft.Streamed, _):
            case (Draft.Closed, DeltaKind.Input):
                draft.Held.Append(delta.Text);
                break;
        }
    }

    static RawJson? Citation(ReadOnlySpan<byte> json)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json.ToArray(), Json.Options);
        return Json.OptionalRaw(document.RootElement, "citation");
    }

    void Open(Draft draft, List<ReplyEvent> into)
    {
        _open = draft;
        if (draft is not Draft.Streamed streamed)
        {
            // Redacted thinking is complete with its start; its stop, if it comes, finds nothing.
            if (draft is Draft.Closed closed && closed.Finish() is Block.RedactedThinking) Close(draft, into);
            return;
        }
        if (streamed.Head is BlockHead.ToolCall) Seen |= Seen.ToolCall;
        into.Add(new ReplyEvent.Opened(streamed.Head));
        if (streamed.Held.Length == 0) return;
        into.Add(streamed.Held.ToString());
        streamed.HasSpoken = true;
    }

    void Close(Draft draft, List<ReplyEvent> into)
    {
        _open = null;
        switch (draft)
        {
            case Draft.Streamed { Head: BlockHead.Thinking } thinking:
                into.Add(new ReplyEvent.Closed(seal(thinking.Signature)));
                break;
            case Draft.Streamed streamed:
                if (streamed is { Head: BlockHead.ToolCall, HasSpoken: false }) into.Add(streamed.Input);
                into.Add(streamed.Ending() is { } ending ? new ReplyEvent.Closed(Extra: ending) : ReplyEvent.Closed.Plain);
                break;
            case Draft.Closed whole:
                Block block = whole.Finish();
                if (block is Block.Opaque) Seen |= Seen.Opaque;
                into.Add(new ReplyEvent.Whole(block));
                break;
        }
    }

    /// <summary>Passes on what waited, up to the first block that the upstream still writes and that others must wait for.</summary>
    void Drain(List<ReplyEvent> into)
    {
        while (_open is null && _waiting.Count > 0)
        {
            Draft next = _waiting[0];
            _waiting.RemoveAt(0);
            Open(next, into);
            if (_open is not null && (next.Stopped || (_waiting.Count > 0 && MayEndEarly(next)))) Close(next, into);
        }
    }

    static bool MayEndEarly(Draft draft) => draft is Draft.Streamed { Head: not BlockHead.ToolCall };

    /// <summary>The same start once more, before anything was said.</summary>
    static bool IsRepeat(Draft earlier, Draft draft) =>
        (earlier, draft) is (Draft.Streamed { HasSpoken: false, Stopped: false, Signature: null } first, Draft.Streamed again)
        && first.Held.Length == 0 && again.Held.Length == 0 && first.Head == again.Head;
}
