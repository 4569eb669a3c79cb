// Lets tool calls leave a reply only whole and checked; it refuses to know who asks again for what was broken.

namespace Baltoro.Chat.Repair;

/// <summary>What becomes of a call that cannot be mended.</summary>
public enum BrokenCalls
{
    /// <summary>The reply ends in <see cref="Failure.BrokenCall"/> instead of its end, and none of its calls is given out: it can be asked for again.</summary>
    Report,

    /// <summary>It goes out as the model wrote it, for the client to answer: the last try.</summary>
    PassOn,
}

/// <summary>
/// From the first call on everything is held until the reply's end, because a reply that is cut later must not have run half of its calls.
/// At <see cref="ReplyEvent.Finished"/> the calls are checked, mended where that loses nothing, and all that was held comes out in order. At
/// <see cref="ReplyEvent.Failed"/> nothing of it does. What stands before the first call is never held, nor is <see cref="ReplyEvent.Counted"/>.
/// <para>
/// A reply that was stopped from outside (output limit, full window, stop sequence, refusal) may end in the middle of a call. That call is dropped, and
/// the reason stays, so that the client does what it does about the reason: about an output limit, it asks for more. Where whole calls stand
/// before it, they go out and the client is told to run them: a client that asked for more would leave them without results, and the model writes
/// the dropped one again. Without any arguments the last call of such a reply counts as cut: nobody can tell.
/// </para>
/// </summary>
public sealed class WholeCalls : IReplyRepair
{
    readonly BrokenCalls _broken;
    readonly CallCheck _check;
    readonly List<ReplyEvent> _held = [];
    bool _isHolding, _isOver;

    /// <param name="tools">What the conversation offers (<see cref="History.DeclaredTools"/>); with none, names are not judged.</param>
    public WholeCalls(Sequence<ToolSpec> tools, BrokenCalls broken)
    {
        _broken = broken;
        _check = new(tools);
    }

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        if (_isOver) return;
        switch (step.Value)
        {
            case ReplyEvent.Failed:
                _isOver = true;
                into.Add(step);
                break;
            case ReplyEvent.Finished finished:
                _isOver = true;
                Finish(finished, into);
                break;
            case ReplyEvent.Counted or ReplyEvent.Mended:
                into.Add(step);
                break;
            case ReplyEvent.Opened { Head: BlockHead.ToolCall }:
                _isHolding = true;
                _held.Add(step);
                break;
            default:
                (_isHolding ? _held : into).Add(step);
                break;
        }
    }

    void Finish(ReplyEvent.Finished finished, List<ReplyEvent> into)
    {
        if (_isHolding)
        {
            List<HeldCall> calls = HeldCall.In(_held);
            HeldCall last = calls[^1];
            if (last.End == _held.Count && IsStoppedFromOutside(finished.Reason) && !last.IsWhole) last.Verdict = new CallVerdict.Dropped();
            foreach (HeldCall call in calls) call.Verdict ??= Judge(call);
            if (_broken == BrokenCalls.Report && calls.Select(call => call.Verdict).OfType<CallVerdict.Broken>().FirstOrDefault() is { } broken)
            {
                into.Add(new ReplyEvent.Failed(new Failure.BrokenCall(broken.Problem)));
                return;
            }
            Release(calls, into);
            if (last.Verdict is CallVerdict.Dropped && calls.Exists(call => call.Verdict is not CallVerdict.Dropped) && finished.Reason is StopReason.OutputLimit or StopReason.WindowFull)
                finished = finished with { Reason = StopReason.ToolUse };
        }
        into.Add(finished);
    }

    CallVerdict Judge(HeldCall call)
    {
        if (call.IsClosed) return _check.Judge(call.Head.Name, call.Arguments);
        // Not even the model said that it is whole: nobody may run it, so it is not passed on either.
        return _broken == BrokenCalls.Report ? new CallVerdict.Broken($"The call of tool \"{CallCheck.Shown(call.Head.Name)}\" is cut off.") : new CallVerdict.Dropped();
    }

    static bool IsStoppedFromOutside(StopReason reason) =>
        reason is StopReason.OutputLimit or StopReason.WindowFull or StopReason.StopSequence or StopReason.Refusal;

    void Release(List<HeldCall> calls, List<ReplyEvent> into)
    {
        CallNumbers ids = new(calls.Select(call => call.Head.Id));
        int at = 0;
        foreach (HeldCall call in calls)
        {
            Copy(at, call.Start, into);
            at = call.End;
            if (call.Verdict is not CallVerdict.Dropped) Release(call, ids, into);
        }
        Copy(at, _held.Count, into);
    }

    void Release(HeldCall call, CallNumbers ids, List<ReplyEvent> into)
    {
        CallVerdict.Usable? usable = call.Verdict as CallVerdict.Usable;
        BlockHead.ToolCall head = call.Head with { Id = ids.Next(call.Head.Id), Name = usable?.Name ?? call.Head.Name };
        bool sameText = usable is null || ReferenceEquals(usable.Arguments, call.Arguments);

        if (head.Id != call.Head.Id) into.Add(new ReplyEvent.Mended(Mend.IdGiven));
        if (usable is not null)
            foreach (Mend mend in usable.Mends) into.Add(new ReplyEvent.Mended(mend));
        into.Add(head == call.Head ? _held[call.Start] : new ReplyEvent.Opened(head));
        if (sameText) Copy(call.Start + 1, call.End - 1, into);
        else into.Add(usable!.Arguments);
        into.Add(_held[call.End - 1]);
    }

    void Copy(int start, int end, List<ReplyEvent> into)
    {
        for (int i = start; i < end; i++) into.Add(_held[i]);
    }
}
