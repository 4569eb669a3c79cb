// One agent at work: looks where it stands, makes the next move, records what came of it. It decides nothing (Guards/Course.cs) and remembers nothing (the session does).

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Context;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>Because every move is chosen from the recorded state, a run that dies anywhere is resumed by running the loop again.</summary>
sealed class AgentLoop
{
    readonly Session _session;
    readonly string _agent;
    readonly AgentSetup _setup;
    readonly Run _run;
    readonly RequestBuilder _requests;
    readonly CallRunner _calls;
    readonly Compactor _compactor;

    public AgentLoop(Session session, string agent, AgentSetup setup, Run run, Sequence<ITool> tools)
    {
        (_session, _agent, _setup, _run) = (session, agent, setup, run);
        LargeResults results = new(Path.Combine(session.Folder, "results"));
        _requests = new(session, agent, setup, tools);
        _calls = new(session, agent, setup, run, tools, results, new(session.Opened.Project, session.Agent(agent)));
        _compactor = new(setup.Model, _requests, results);
    }

    /// <summary>Works until the end, which is recorded.</summary>
    /// <exception cref="LogException">The log cannot be written.</exception>
    public async Task<RunEnd> Run()
    {
        AgentState state = _session.Agent(_agent);
        while (state.End is null)
        {
            Room room = Room.Of(_setup.Model.Card, state, _requests.StandingTokens);
            try
            {
                await Count(state, room);
                await Make(Course.Next(Look(state, room)), state, room);
            }
            catch (OperationCanceledException) when (_run.Stopping.IsCancellationRequested || _run.IsStopAsked)
            {
                Append(new SessionEvent.Ended(_run.WhyStopped()));
            }
        }
        return state.End;
    }

    /// <summary>Replaces the history by a hand-off note, whatever room there is; records and returns what came of it.</summary>
    /// <exception cref="OperationCanceledException">The run was stopped: nothing has changed.</exception>
    public async Task<SessionEvent> Compact()
    {
        AgentState state = _session.Agent(_agent);
        SessionEvent made = await _compactor.Replace(state, Room.Of(_setup.Model.Card, state, _requests.StandingTokens), _run.Stopping);
        Append(made);
        return made;
    }

    /// <summary>Nothing of this is recorded: a session that is taken up counts again.</summary>
    async Task Count(AgentState state, Room room)
    {
        if (_setup.Count is not { } count || !state.Meter.IsEstimated || state.Standing is not (Standing.ToAsk or Standing.Failed)) return;
        if (await count(_requests.Build(state.Turns, room, 0), _run.Stopping) is { } tokens) state.Meter.Counted(tokens, room.Standing);
    }

    Situation Look(AgentState state, Room room) => new(state, room, _run.IsStopAsked, _run.OutOfBudget(), _setup.Clock.GetUtcNow(),
        _setup.Budget.Time is null ? _setup.Patience : null) { Heeds = _setup.Model.Card.Scope == ModelScope.General };

    async Task Make(Move move, AgentState state, Room room)
    {
        switch (move)
        {
            case Move.Ask ask:
                if (ask.Pause > TimeSpan.Zero) await Wait(ask, state);
                await Ask(state, room);
                break;
            case Move.RunCalls run: await _calls.Run(run.Calls, room); break;
            case Move.Tell tell: Append(new SessionEvent.Nudged(tell.Reason, tell.Text)); break;
            case Move.MakeRoom: Append(await _compactor.MakeRoom(state, room, _run.Stopping)); break;
            case Move.Finish finish: Append(new SessionEvent.Ended(finish.How)); break;
            default: throw new InvalidOperationException($"Unknown move {move}.");
        }
    }

    async Task Wait(Move.Ask ask, AgentState state)
    {
        _setup.Live?.Invoke(new LiveNotice.Waiting(_agent, ask.Pause, ask.Why ?? "", state.FailuresInARow));
        using CancellationTokenSource until = _run.PauseUntil();
        await Task.Delay(ask.Pause, _setup.Clock, until.Token);
    }

    async Task Ask(AgentState state, Room room)
    {
        Account account = new();
        ChatRequest request = _requests.Build(state.Turns, room, state.Meter.Used(room.Standing)) with { Account = account, Sampling = Drawing.At(_setup, state) };
        Append(new SessionEvent.Sent(room.Standing + state.Meter.Estimate));
        long began = _setup.Clock.GetTimestamp();
        ReplyFold fold = new();
        List<Mend> mends = [];
        Usage usage = new();
        try
        {
            await foreach (ReplyEvent step in _setup.Model.Reply(request, _run.Stopping))
            {
                if (step.Value is ReplyEvent.Mended mended) mends.Add(mended.What);
                if (step.Value is ReplyEvent.Counted counted) usage = counted.Usage;
                fold.Add(step);
                _setup.Live?.Invoke(new LiveNotice.Heard(_agent, step));
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for the reply any more, but it was begun and is charged for.
            (Usage Usage, decimal? Dollars) lost = Cost.Of(account, usage, _setup.Model.Card);
            Append(new SessionEvent.Failed(Trouble.Passing, nameof(OperationCanceledException), "The run was stopped during the reply.", lost.Usage, lost.Dollars));
            throw;
        }
        (Usage billed, decimal? cost) = Cost.Of(account, usage, _setup.Model.Card);
        if (fold.Result is { } reply)
        {
            Append(new SessionEvent.Replied(reply.Blocks, reply.Reason, billed, cost)
            {
                Model = reply.Model, Prompt = usage.TotalInput, Took = _setup.Clock.GetElapsedTime(began), Mends = mends.ToSequence(),
            });
            return;
        }
        Failure failure = fold.Failure ?? new Failure.Cut("The reply ended without its end.");
        Append(new SessionEvent.Failed(Troubles.Of(failure), failure.GetType().Name, failure.Message, billed, cost)
        {
            RetryAfter = failure.RetryAfter,
            Window = Window(failure, room, state.Meter.Used(room.Standing) + (request.OutputLimit ?? 0)),
        });
    }

    /// <summary>The window as a refusal tells it; where it tells none, a tenth less than what was asked for. Null when that is no news.</summary>
    static long? Window(Failure failure, Room room, long asked) => failure switch
    {
        Failure.PromptTooLong { Maximum: > 0 and var told } => told < room.Tokens ? told : null,
        Failure.PromptTooLong => asked * 9 / 10 < room.Tokens ? asked * 9 / 10 : null,
        _ => null,
    };

    void Append(SessionEvent what) => _session.Append(_agent, what);
}
