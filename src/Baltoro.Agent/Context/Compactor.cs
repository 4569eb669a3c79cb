// Makes room in front of the model: old large results first, then a hand-off note where the model can write one. It refuses to decide when.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Context;

/// <summary>
/// Each call ends in exactly one event: <see cref="SessionEvent.Evicted"/>, <see cref="SessionEvent.Compacted"/>, or
/// <see cref="SessionEvent.CompactionFailed"/>, after which the history is what it was.
/// </summary>
sealed class Compactor(IChatModel model, RequestBuilder requests, LargeResults results)
{
    /// <summary>Turns at the end whose results stay: the model is working with them.</summary>
    const int Recent = 8;

    /// <summary>Putting results away must free this share of the window, or it is not worth a break of the cached prefix.</summary>
    const double WorthIt = 0.2;

    /// <summary>What must have been freed by a note; less is no progress.</summary>
    const double Progress = 0.1;

    /// <summary>Tokens that a note may take: where the window is smaller than anyone knows, a large limit would be refused once more.</summary>
    const int LongestNote = 8192;

    public async Task<SessionEvent> MakeRoom(AgentState state, Room room, CancellationToken cancellation) =>
        Evict(state, room) is { } evicted ? evicted : await Replace(state, room, cancellation);

    /// <summary>Has the model write its note at once; one that needs none only loses its older steps.</summary>
    public async Task<SessionEvent> Replace(AgentState state, Room room, CancellationToken cancellation)
    {
        long before = state.Meter.Used(room.Standing);
        if (model.Card.Scope == ModelScope.Narrow) return Replaced(HandOff.WithoutNote(state, room, model.Card), Remains.LastSteps, state, room, before, new(), null);
        Usage usage = new();
        ReplyFold fold = new();
        Account account = new();
        await foreach (ReplyEvent step in model.Reply(Request(state, room) with { Account = account }, cancellation))
        {
            if (step.Value is ReplyEvent.Counted counted) usage = counted.Usage;
            fold.Add(step);
        }
        (usage, decimal? cost) = Cost.Of(account, usage, model.Card);
        if (fold.Result is not { } reply)
            return new SessionEvent.CompactionFailed($"the note could not be had: {fold.Failure?.Message ?? "the reply did not end"}", usage, cost) { IsTooLong = fold.Failure is Failure.PromptTooLong };
        if (HandOff.NoteIn(reply) is not ({ } note, _)) return new SessionEvent.CompactionFailed(HandOff.NoteIn(reply).Why, usage, cost);

        return Replaced(HandOff.History(state, note, room, model.Card), Remains.Note, state, room, before, usage, cost);
    }

    static SessionEvent Replaced(Sequence<Turn> turns, Remains remains, AgentState state, Room room, long before, Usage usage, decimal? cost)
    {
        long after = (long)((room.Standing + turns.Sum(turn => TokenEstimate.Of(new ChatRequest { Model = "", Turns = [turn] }))) * state.Meter.Factor);
        // The last steps cannot become less than they are; that they fit is enough.
        return after > before * (1 - Progress) || after >= (remains == Remains.LastSteps ? room.Most : room.Trigger)
            ? new SessionEvent.CompactionFailed($"it would leave {after} of {before} tokens", usage, cost)
            : new SessionEvent.Compacted(turns, before, usage, cost) { Remains = remains };
    }

    SessionEvent.Evicted? Evict(AgentState state, Room room)
    {
        List<Eviction> old = [];
        long freed = 0;
        for (int i = 0; i < state.Turns.Count - Recent; i++)
        {
            foreach (Block block in state.Turns[i].Blocks)
            {
                if (block is not Block.ToolResult result || results.Evict(result.Content) is not { } instead) continue;
                old.Add(new(result.CallId, instead));
                freed += Tokens(result.Content) - TokenEstimate.Of(instead);
            }
        }
        // Ids are unique in a history; should one come twice all the same, the first result must not be given to both.
        return freed * state.Meter.Factor < room.Tokens * WorthIt || old.DistinctBy(each => each.CallId).Count() < old.Count ? null : new(old.ToSequence());
    }

    /// <summary>The same prefix as ever, so that it costs what a cached prompt costs; but old results shortened where even that would not fit.</summary>
    ChatRequest Request(AgentState state, Room room)
    {
        List<Turn> turns = [.. state.Turns];
        long used = state.Meter.Used(room.Standing) + TokenEstimate.Of(new ChatRequest { Model = "", Turns = [HandOff.Instruction] });
        // Where the whole has been refused, the oldest steps go first, more of them each time.
        int refusals = state.NotesTooLong + (state.Standing is Standing.Failed ? 1 : 0);
        long most = refusals == 0 ? room.Most : (long)(room.Tokens * (1 - 0.2 * Math.Min(4, refusals)));
        int next = 1;
        while (used > most && next < turns.Count - Recent)
        {
            int end = next + 1;
            while (end < turns.Count && turns[end] is not Turn.Assistant) end++;
            used -= (long)(turns.GetRange(next, end - next).Sum(turn => TokenEstimate.Of(new ChatRequest { Model = "", Turns = [turn] })) * state.Meter.Factor);
            turns.RemoveRange(next, end - next);
        }
        turns.Add(HandOff.Instruction);
        ChatRequest request = requests.Build(turns, room, used);
        return request with { OutputLimit = Math.Min(request.OutputLimit ?? LongestNote, LongestNote) };
    }

    static long Tokens(Sequence<Block> content) => TokenEstimate.Of(new ChatRequest { Model = "", Turns = [new Turn.User(content)] });
}
