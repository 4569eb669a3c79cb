// What is being done in a sitting: the session, the run of the agent, its questions, words in between, and the person's own command.

using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

sealed partial class Interactive
{
    /// <summary>Work that goes on; its end comes as a happening.</summary>
    sealed record Running(Interruption Interruption, long Began);

    static readonly Rule EditsHere = new("Edit", null);

    readonly List<Order.Task> _queued = [];
    readonly List<Block> _seen = [];
    readonly OutputLines _shellOutput = new();

    Session? _session;
    Tally _tally = Tally.None;
    AttendedGate? _gate;
    Running? _running;
    Question? _question;
    ShellRun? _shell;
    (LiveNotice.Waiting Notice, long Since)? _waiting;

    /// <summary>What the file holds that the call which was judged last would write. Set and read on the agent's threads.</summary>
    volatile string? _before;
    long _heard;

    /// <summary>Makes a session the one that is worked at.</summary>
    void Take(Session session)
    {
        _undo.Forget();
        _seen.Clear();
        Tend(session);
    }

    /// <summary>Goes on with a copy of the session, in which events have the same numbers: what can be taken back still can, what was spent stays spent.</summary>
    void TakeCopy(Session fork)
    {
        Tally before = _tally;
        Tend(fork);
        _tally = _tally with { Cost = before.Cost, IsPriced = before.IsPriced };
    }

    void Tend(Session session)
    {
        _session?.Dispose();
        _session = session;
        // What was allowed in this sitting is allowed in its forks, too.
        Sequence<Rule> allowed = _gate?.Added ?? [];
        _gate?.Dispose();
        _gate = new(_house.Rules(session, Posture.Attended).Allowing(allowed), Ask, allowed);
        _tally = Tally.Of(session);
        session.Listener = logged => Send(new Happening.Logged(logged, logged is { Agent: AgentState.Main, Event: SessionEvent.CallBegan } ? _before : null));
    }

    void Take(LoggedEvent logged, string? before)
    {
        _tally = _tally.With(logged);
        if (logged is { Agent: AgentState.Main, Event: SessionEvent.Asked }) _undo.Asked(logged.Number);
        if (logged is { Agent: AgentState.Main, Event: SessionEvent.Sent }) Hear();
        _transcript.Take(logged, before);
    }

    void Take(LiveNotice notice)
    {
        if (notice.Agent != AgentState.Main) return;
        Hear();
        if (notice is LiveNotice.Waiting waiting) _waiting = (waiting, _heard);
        if (notice is LiveNotice.Heard heard) _transcript.Hear(heard.Step);
    }

    void Hear()
    {
        _heard = _clock.GetTimestamp();
        _waiting = null;
    }

    /// <summary>The person has spoken.</summary>
    void Say(Order.Task task)
    {
        if (_arriving is not null)
        {
            _queued.Add(task);
            return;
        }
        if (_running is not { } running)
        {
            Start(task);
            return;
        }
        // A word in between: the run stops where it can, and goes on with it.
        _queued.Add(task);
        if (!running.Interruption.IsAsked) running.Interruption.Ask();
        if (_question is not null) Give(Answer.No);
    }

    void Start(Order.Task task)
    {
        _transcript.Asked(task.Seen);
        if (_session is null)
        {
            Tend(_house.Begin(_modelName));
            _transcript.Note($"session {_session!.Opened.Id}");
        }
        _undo.Begin(task.Text);
        Sequence<Block> content = [.. _seen, .. FileMention.Content(_house.Project, task.Text, told => _transcript.Note(told))];
        _seen.Clear();
        Go(async (setup, interruption) =>
        {
            try
            {
                await AgentRun.To(_session, content, setup, interruption);
            }
            finally
            {
                _undo.Ended();
            }
        });
    }

    /// <summary>Has something done with the session beside the loop.</summary>
    void Go(Func<AgentSetup, Interruption, Task> work)
    {
        Interruption interruption = new();
        _running = new(interruption, _clock.GetTimestamp());
        Hear();
        _ = Task.Run(async () =>
        {
            string? problem = null;
            try
            {
                await work(await SetUp(interruption), interruption);
            }
            catch (Exception e)
            {
                // Whatever it was, the person is still here: the session's log has all that was done.
                problem = e switch { OperationCanceledException => null, LogException => e.Message, _ => $"{e.GetType().Name}: {e.Message}" };
            }
            Send(new Happening.RunEnded(problem));
        });
    }

    void EndRun(string? problem)
    {
        bool wasStopped = _running is { Interruption.IsAsked: true };
        _running?.Interruption.Dispose();
        _running = null;
        if (_question is not null) Give(Answer.No);
        _transcript.Cease();
        if (problem is not null) _transcript.Note($"! {problem}", Style.Bad);
        if (_left is not null) return;
        if (_queued.Count > 0) TakeQueued();
        else if (wasStopped) _transcript.Note("stopped; say what to do instead, or /undo");
    }

    /// <summary>Begins what was said meanwhile.</summary>
    void TakeQueued()
    {
        if (_queued.Count == 0) return;
        Order.Task next = new(string.Join('\n', _queued.Select(task => task.Text))) { Seen = string.Join('\n', _queued.Select(task => task.Seen)) };
        _queued.Clear();
        Take(next);
    }

    /// <summary>Stops what goes on; words that were not heard yet come back to the person.</summary>
    void StopAtOnce()
    {
        if (_shell is { } shell)
        {
            shell.Stop();
            return;
        }
        _arriving?.Wait.Cancel();
        _running?.Interruption.AskAtOnce();
        if (_queued.Count == 0) return;
        _input.PutBack(string.Join('\n', _queued.Select(task => task.Text)));
        _queued.Clear();
    }

    async ValueTask<Permit> Permit(ITool tool, System.Text.Json.JsonElement arguments, CancellationToken cancellation)
    {
        Permit permit = await _gate!.Judge(tool, arguments, cancellation);
        Footprint footprint = tool.Footprint(arguments);
        if (permit is Agent.Loop.Permit.Granted) _undo.Remember(footprint);
        // The main agent's writing calls run alone: the next that begins is this one.
        _before = FileNow.Of(footprint);
        return permit;
    }

    Task<Answer> Ask(Asking asking, CancellationToken cancellation)
    {
        Question question = new(
            _tools.Asked(new("", asking.Tool.Spec.Name, asking.Arguments.GetRawText()), FileNow.Of(asking.Tool.Footprint(asking.Arguments))).ToSequence(), asking.Why,
            asking.Always.IsEmpty ? null : string.Join(", ", asking.Always.Select(rule => rule == EditsHere ? $"{rule} (all files of this project)" : $"{rule}")));
        Send(new Happening.Asked(question));
        return question.Answered.WaitAsync(cancellation);
    }

    void Give(Answer answer)
    {
        _question?.Give(answer);
        _question = null;
    }

    /// <summary>Runs a command with the person's rights; what it says is also told to the model with the next task.</summary>
    void StartShell(string command)
    {
        if (_shell is { } busy)
        {
            _transcript.Note($"`{busy.Command}` still runs: Esc stops it.", Style.Bad);
            return;
        }
        _transcript.Gap();
        _transcript.Add(Styled.Of(new Piece("! ", Style.Accent), new(command, Style.Strong)), 2);
        _shell = ShellRun.Start(command, _house.Project, Send, _clock, out string problem);
        if (_shell is null) _transcript.Note($"! no shell could be started: {problem}", Style.Bad);
    }

    void EndShell(int? code, string output)
    {
        if (_shell is not { } shell) return;
        if (_shellOutput.Rest() is { } rest) _transcript.Said(rest);
        if (code is null) _transcript.Note("stopped");
        else if (code != 0) _transcript.Note($"exit code {code}", Style.Bad);
        string how = code is null ? "and stopped it" : $"(exit code {code})";
        _seen.Add(new Block.Text($"The user ran `{shell.Command}` {how}:\n\n{Baltoro.Agent.Tools.TerminalText.Plain(output)}"));
        shell.Dispose();
        _shell = null;
    }
}
