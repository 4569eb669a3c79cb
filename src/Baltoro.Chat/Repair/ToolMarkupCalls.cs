// The calls found in a reply's markup: which of them count, and what of it all is missing. It refuses to know where their text came from.

namespace Baltoro.Chat.Repair;

/// <summary>Gives out calls as blocks of their own, and keeps the account by which the reply ends.</summary>
sealed class ToolMarkupCalls(ToolMarkupPieces pieces, Sequence<ToolSpec> tools, BrokenCalls unclear)
{
    /// <summary>The last call, whole but without an end: the next one's id tells whether it counts.</summary>
    ToolMarkupCall? _before;

    /// <summary>What is missing, as far as no later call makes up for it; and what no call can make up for.</summary>
    string? _unfinished, _broken;
    int _count;

    /// <summary>The server's own calls, held against those found here.</summary>
    public ToolMarkupTwins Twins { get; } = new();

    /// <summary>A call came: what was announced or cut before is here after all.</summary>
    public void MakeUp() => _unfinished = null;

    public static void Drop(List<ReplyEvent> into) => into.Add(new ReplyEvent.Mended(Mend.MarkupDropped));

    /// <summary>Tokens that promised a call were thrown away.</summary>
    public void Miss(string what, List<ReplyEvent> into)
    {
        Drop(into);
        _unfinished = what;
    }

    /// <summary>The call's last token came.</summary>
    public void Close(ToolMarkupCall call, List<ReplyEvent> into)
    {
        Settle(call.Id, into);
        Emit(call, into);
    }

    /// <summary>The call ends without its last token. Whole, it counts, unless it is begun again.</summary>
    public void Leave(ToolMarkupCall call, List<ReplyEvent> into)
    {
        Settle(call.Id, into);
        if (call is { IsInHead: false, IsWhole: true }) _before = call;
        else Miss($"The model began a tool call ({Shown(call)}) and did not finish it.", into);
    }

    /// <summary>The call without an end is a call, unless the next one has its id.</summary>
    /// <param name="next">Null when no other follows it.</param>
    public void Settle(string? next, List<ReplyEvent> into)
    {
        if (_before is not { } before) return;
        _before = null;
        if (before.Id == next) Drop(into);
        else Emit(before, into);
    }

    void Emit(ToolMarkupCall call, List<ReplyEvent> into)
    {
        string id = call.Id, arguments = call.Arguments;
        if ((ToolMarkupNames.Of(id, arguments, tools) ?? (unclear == BrokenCalls.PassOn ? ToolMarkupNames.Written(id) : null)) is not { } name)
        {
            Drop(into);
            _broken ??= $"The model called a tool that cannot be told from what it wrote ({Shown(call)}).";
            return;
        }
        pieces.Cut(into);
        into.Add(new ReplyEvent.Mended(Mend.MarkupParsed));
        into.Add(new ReplyEvent.Opened(new BlockHead.ToolCall(id, name)));
        if (arguments.Length > 0) into.Add(arguments);
        into.Add(ReplyEvent.Closed.Plain);
        Count(name, arguments);
    }

    /// <summary>Gives out calls that were read elsewhere.</summary>
    public void Accept(List<ReplyEvent> calls, List<ReplyEvent> into)
    {
        pieces.Cut(into);
        into.AddRange(calls);
        for (int i = 0; i + 1 < calls.Count; i++)
            if (calls[i].Value is ReplyEvent.Opened { Head: BlockHead.ToolCall call }) Count(call.Name, calls[i + 1].Value as string ?? "");
    }

    void Count(string name, string arguments)
    {
        _count++;
        MakeUp();
        Twins.Remember(name, arguments);
    }

    static string Shown(ToolMarkupCall call) => call.Id.Length == 0 ? "without an id" : $"id \"{call.Id}\"";

    /// <summary>The reply broke off behind this.</summary>
    public void GiveUp(bool isInCall, List<ReplyEvent> into)
    {
        if (isInCall || _before is not null) Drop(into);
        _before = null;
    }

    /// <summary>How the reply really ended.</summary>
    public ReplyEvent End(ReplyEvent.Finished finished) => (finished.Reason, _broken ?? _unfinished) switch
    {
        // The reason already says that the reply is not whole, and those who ask again know better how.
        (StopReason.OutputLimit or StopReason.WindowFull or StopReason.Refusal, not null) => finished,
        (_, { } broken) => new ReplyEvent.Failed(new Failure.BrokenCall(broken)),
        (StopReason.EndTurn or StopReason.StopSequence or StopReason.OutputLimit, _) when _count > 0 =>
            finished with { Reason = StopReason.ToolUse, StopSequence = null },
        _ => finished,
    };
}
