// One agent's state as the fold of its events: the history in front of the model, what is pending, what was counted. It knows no file and decides nothing.

using Baltoro.Agent.Context;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Loop;
using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

/// <summary>Built from events, one at a time, in their order. Not thread-safe: it belongs to whoever runs the agent.</summary>
public sealed class AgentState
{
    /// <summary>The name of the agent that the user speaks to.</summary>
    public const string Main = "";

    readonly List<Turn> _turns = [];
    readonly List<Sequence<Block>> _asked = [];
    readonly List<Sequence<Block>> _inHand = [];
    readonly Dictionary<NudgeReason, int> _nudges = [];
    readonly Dictionary<NudgeReason, int> _nudgesOfTurn = [];

    /// <summary>What stands in front of the model, in order.</summary>
    public IReadOnlyList<Turn> Turns => _turns;

    /// <summary>Everything that the user has asked for, whatever became of the turns.</summary>
    public IReadOnlyList<Sequence<Block>> Requests => _asked;

    /// <summary>Those of <see cref="Requests"/> that came since the model was last done.</summary>
    public IReadOnlyList<Sequence<Block>> RequestsInHand => _inHand;

    public Standing Standing { get; private set; } = Standing.Idle.Instance;

    /// <summary>How the work ended; null while it goes on.</summary>
    public RunEnd? End { get; private set; }

    /// <summary>True when somebody stopped the work, and nothing has been done since: also in a session that was taken up again.</summary>
    public bool WasStopped { get; private set; }

    /// <summary>Replies so far.</summary>
    public int Steps { get; private set; }

    public Sequence<Todo> Todos { get; private set; }

    /// <summary>How full the window is.</summary>
    public ContextMeter Meter { get; } = new();

    /// <summary>How often the same was done.</summary>
    public Repeats Repeats { get; } = new();

    /// <summary>The latest text of the model; empty before the first.</summary>
    public string LastText { get; private set; } = "";

    /// <summary>Failures since the last reply.</summary>
    public int FailuresInARow { get; private set; }

    /// <summary>When the first of <see cref="FailuresInARow"/> came.</summary>
    public DateTimeOffset FailingSince { get; private set; }

    /// <summary>Calls refused by the permission rules since the last one that was not.</summary>
    public int DenialsInARow { get; private set; }

    public int Compactions { get; private set; }

    /// <summary>Compactions that changed nothing since the last one that did.</summary>
    public int FailedCompactionsInARow { get; private set; }

    /// <summary>Those of <see cref="FailedCompactionsInARow"/> for which even the request for a note did not fit.</summary>
    public int NotesTooLong { get; private set; }

    /// <summary><see cref="Steps"/> when a compaction was last tried; null before the first.</summary>
    public int? StepsAtCompaction { get; private set; }

    /// <summary>How often the model was told something for this reason since the last call had a result.</summary>
    public int NudgesInARow(NudgeReason reason) => _nudges.GetValueOrDefault(reason);

    /// <summary>The same since the user spoke.</summary>
    public int NudgesOfTurn(NudgeReason reason) => _nudgesOfTurn.GetValueOrDefault(reason);

    /// <summary>Takes the next event of this agent.</summary>
    public void Apply(LoggedEvent logged)
    {
        ArgumentNullException.ThrowIfNull(logged);
        WasStopped = logged.Event switch
        {
            SessionEvent.Ended ended => ended.How is RunEnd.Interrupted,
            SessionEvent.Asked or SessionEvent.Sent or SessionEvent.CallBegan => false,
            _ => WasStopped,
        };
        switch (logged.Event)
        {
            case SessionEvent.Asked asked: Ask(asked); break;
            case SessionEvent.Sent sent:
                Meter.Sent(sent.Estimate);
                Standing = Standing.ToAsk.Instance;
                break;
            case SessionEvent.Replied replied: Reply(replied); break;
            case SessionEvent.Failed failed: Fail(failed, logged.At); break;
            case SessionEvent.CallBegan began: Change(began.CallId, call => call with { Began = true }); break;
            case SessionEvent.CallEnded ended: EndCall(ended); break;
            case SessionEvent.Nudged nudged: Nudge(nudged); break;
            case SessionEvent.Evicted evicted: Evict(evicted); break;
            case SessionEvent.Compacted compacted: Compact(compacted); break;
            case SessionEvent.CompactionFailed failed:
                FailedCompactionsInARow++;
                if (failed.IsTooLong) NotesTooLong++;
                StepsAtCompaction = Steps;
                break;
            case SessionEvent.Ended ended:
                End = ended.How;
                break;
            case SessionEvent.Resumed:
                Resume();
                break;
            case SessionEvent.Opened or SessionEvent.Spawned: break;
            default: throw new InvalidOperationException($"Unknown session event {logged.Event}.");
        }
    }

    void Ask(SessionEvent.Asked asked)
    {
        if (End is RunEnd.Done) _inHand.Clear();
        End = null;
        _nudges.Clear();
        _nudgesOfTurn.Clear();
        FailuresInARow = 0;
        DenialsInARow = 0;
        Repeats.Forget();
        _asked.Add(asked.Content);
        _inHand.Add(asked.Content);
        Add(new Turn.User(asked.Content));
        // Whoever speaks while calls are pending is heard once they have their results.
        if (Standing is not Standing.Calling) Standing = Standing.ToAsk.Instance;
    }

    /// <summary>What ended for want of something may go on: there is more budget, another model, or a person who looked at it.</summary>
    void Resume()
    {
        if (Standing is Standing.Idle or Standing.Said { Reason: not (StopReason.OutputLimit or StopReason.WindowFull) }) return;
        End = null;
        _nudges.Clear();
        FailuresInARow = 0;
        FailedCompactionsInARow = 0;
        NotesTooLong = 0;
        DenialsInARow = 0;
        Repeats.Forget();
        if (Standing is Standing.Failed) Standing = Standing.ToAsk.Instance;
    }

    void Reply(SessionEvent.Replied replied)
    {
        Steps++;
        FailuresInARow = 0;
        Meter.Replied(replied.Prompt);
        // A reply without blocks, such as a refusal, is no turn that a vendor would take back.
        if (!replied.Blocks.IsEmpty) Add(new Turn.Assistant(replied.Blocks));
        string text = string.Join('\n', replied.Blocks.OfType<Block.Text>().Select(block => block.Content));
        if (text.Length > 0) LastText = text;
        Sequence<PendingCall> calls = replied.Blocks.OfType<Block.ToolCall>().Select(call => new PendingCall(call, false, null)).ToSequence();
        Standing = calls.IsEmpty ? new Standing.Said(text, replied.Reason) : new Standing.Calling(calls);
    }

    void Fail(SessionEvent.Failed failed, DateTimeOffset at)
    {
        if (FailuresInARow++ == 0) FailingSince = at;
        if (failed.Trouble == Trouble.TooLong) Meter.Refused(failed.Window);
        Standing = new Standing.Failed(failed);
    }

    void EndCall(SessionEvent.CallEnded ended)
    {
        Change(ended.CallId, call => call with { Ended = ended });
        if (Standing is not Standing.Calling { Calls: var calls } || calls.Any(call => call.Ended is null)) return;

        _nudges.Clear();
        List<Block> results = [];
        foreach (PendingCall call in calls)
        {
            SessionEvent.CallEnded result = call.Ended!;
            results.Add(new Block.ToolResult(call.Call.Id, result.Content, result.How != CallEnding.Done));
            DenialsInARow = result.How == CallEnding.Denied ? DenialsInARow + 1 : 0;
            if (result.How != CallEnding.Interrupted) Repeats.Add(call.Call, result);
            if (result.How == CallEnding.Done && call.Call.Name == Todo.Tool && Todo.Read(call.Call.Arguments) is { } todos) Todos = todos;
        }
        // Results stand right behind their calls; what the user said meanwhile follows them.
        int at = _turns.FindLastIndex(turn => turn is Turn.Assistant) + 1;
        Turn.User answer = new(results.ToSequence());
        _turns.Insert(at, answer);
        Meter.Added(answer);
        Standing = Standing.ToAsk.Instance;
    }

    void Nudge(SessionEvent.Nudged nudged)
    {
        _nudges[nudged.Reason] = NudgesInARow(nudged.Reason) + 1;
        _nudgesOfTurn[nudged.Reason] = NudgesOfTurn(nudged.Reason) + 1;
        if (nudged.Reason == NudgeReason.Repeats) Repeats.Told();
        Turn.User words = new([new Block.Text(nudged.Text)]);
        // Results that were not sent yet take it up: models heed what stands in a result, and nothing that was sent changes.
        if (nudged.Reason == NudgeReason.Repeats && _turns is [.., Turn.User { Blocks: [.., Block.ToolResult last] } results])
        {
            _turns[^1] = results with { Blocks = [.. results.Blocks.Take(results.Blocks.Count - 1), last with { Content = [.. last.Content, .. words.Blocks] }] };
            Meter.Added(words);
        }
        else
        {
            Add(words);
        }
        Standing = Standing.ToAsk.Instance;
    }

    void Evict(SessionEvent.Evicted evicted)
    {
        Dictionary<string, string> instead = evicted.Results.ToDictionary(result => result.CallId, result => result.Instead);
        for (int i = 0; i < _turns.Count; i++)
        {
            if (_turns[i] is not Turn.User) continue;
            _turns[i] = _turns[i] with
            {
                Blocks = _turns[i].Blocks.Map(block => block is Block.ToolResult result && instead.TryGetValue(result.CallId, out string? text)
                    ? result with { Content = [new Block.Text(text)] } : block),
            };
        }
        Rewritten();
    }

    void Compact(SessionEvent.Compacted compacted)
    {
        _turns.Clear();
        _turns.AddRange(compacted.Turns);
        Rewritten();
    }

    void Rewritten()
    {
        Compactions++;
        FailedCompactionsInARow = 0;
        NotesTooLong = 0;
        StepsAtCompaction = Steps;
        Meter.Rewritten(_turns);
        // What did not fit is to be sent anew.
        if (Standing is Standing.Failed) Standing = Standing.ToAsk.Instance;
    }

    void Add(Turn turn)
    {
        _turns.Add(turn);
        Meter.Added(turn);
    }

    void Change(string callId, Func<PendingCall, PendingCall> change)
    {
        if (Standing is not Standing.Calling calling) return;
        Standing = new Standing.Calling(calling.Calls.Map(call => call.Call.Id == callId && call.Ended is null ? change(call) : call));
    }
}
