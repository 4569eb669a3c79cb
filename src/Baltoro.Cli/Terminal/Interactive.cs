// The interactive mode: a person, an agent and a terminal. One loop takes what happens, one thing at a time, and draws what has become of it. How things look stands in the views.

using System.Globalization;
using System.Threading.Channels;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli.Terminal;

/// <summary>One sitting at the terminal. All state belongs to the loop; other threads only send <see cref="Happening"/>s.</summary>
sealed partial class Interactive : IDisposable
{
    /// <summary>No more than some sixty pictures a second: a fast model would have the terminal draw each letter.</summary>
    static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(15);
    static readonly TimeSpan BetweenTicks = TimeSpan.FromMilliseconds(120);
    const string Spinner = "✶✷✸✹✺✹✸✷";

    /// <summary>Work that goes on; its end comes as a happening.</summary>
    sealed record Running(Interruption Interruption, long Began);

    readonly AgentHouse _house;
    readonly Screen _screen;
    readonly RawTerminal? _raw;
    readonly TimeProvider _clock;
    readonly Channel<Happening> _happenings = Channel.CreateUnbounded<Happening>(new() { SingleReader = true });
    readonly Transcript _transcript = new();
    readonly Undo _undo = new();
    readonly List<string> _queued = [];
    readonly List<Block> _seen = [];

    IChatModel _model;
    string _modelName;
    Session? _session;
    AttendedGate? _gate;
    Running? _running;
    Question? _question;
    Editor _editor = Editor.Empty;
    Sequence<string> _completions = [];
    int _steps, _tick;
    long _used, _lastNumber;
    decimal _cost;
    bool _isPriced = true, _isLeaving, _isSureToLeave;

    /// <param name="raw">Null where the terminal cannot be switched; then keys come when a line is sent.</param>
    /// <exception cref="UserException">There is no such model, or no key for it.</exception>
    public Interactive(AgentHouse house, string model, Screen screen, RawTerminal? raw, TimeProvider clock)
    {
        (_house, _modelName, _screen, _raw, _clock) = (house, model, screen, raw, clock);
        _model = house.Model(model);
    }

    /// <summary>Runs until the person leaves.</summary>
    /// <param name="resumed">A session to go on with; null for a new one, which begins with the first task.</param>
    public async Task Run(Stream input, Session? resumed, CancellationToken cancellation)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _transcript.Add(Styled.Of(new Piece("Baltoro ", Style.Strong), new($"{_model.Card.Id} at {_model.Card.Origin.Provider}, window {Count(_model.Card.Window)} tokens", Style.Dim)));
        _transcript.Note("Say what is to be done. /help lists commands and keys, Esc stops, Ctrl-D leaves.");
        if (resumed is not null) Take(resumed);
        Task keys = Listen(input, over.Token);
        _servers = BeginServers();
        using ITimer ticks = _clock.CreateTimer(_ => Send(new Happening.Tick()), null, BetweenTicks, BetweenTicks);
        Draw();
        while (!_isLeaving && await _happenings.Reader.WaitToReadAsync(cancellation))
        {
            while (!_isLeaving && _happenings.Reader.TryRead(out Happening? happening)) await Take(happening);
            Draw();
            if (!_isLeaving) await Task.Delay(BetweenDrawings, _clock, cancellation);
        }
        Draw();
        _screen.Close();
        await over.CancelAsync();
        await keys.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose()
    {
        _gate?.Dispose();
        _session?.Dispose();
    }

    void Send(Happening happening) => _happenings.Writer.TryWrite(happening);

    async Task Listen(Stream input, CancellationToken cancellation)
    {
        await Keyboard.Listen(input, key => Send(new Happening.KeyPressed(key)), cancellation);
        Send(new Happening.InputEnded());
    }

    async Task Take(Happening happening)
    {
        switch (happening)
        {
            case Happening.KeyPressed pressed: await Take(pressed.Key); break;
            case Happening.Logged logged: Take(logged.Event); break;
            case Happening.Noticed noticed: _transcript.Take(noticed.Notice); break;
            case Happening.Asked asked: _question = asked.Question; break;
            case Happening.RunEnded ended: End(ended.Problem); break;
            case Happening.Tick: _tick++; break;
            case Happening.Told told: _transcript.Note($"! {told.Sentence}", Style.Bad); break;
            case Happening.InputEnded: Leave(); break;
        }
    }

    void Take(LoggedEvent logged)
    {
        _lastNumber = logged.Number;
        _transcript.Take(logged);
        (decimal? cost, Usage? usage) = logged.Event switch
        {
            SessionEvent.Replied replied => (replied.Cost, replied.Usage),
            SessionEvent.Failed failed => (failed.Cost, failed.Usage),
            SessionEvent.Compacted compacted => (compacted.Cost, compacted.Usage),
            SessionEvent.CompactionFailed failed => (failed.Cost, failed.Usage),
            _ => (0m, null),
        };
        _cost += cost ?? 0;
        if (cost is null && usage is { Output: > 0 }) _isPriced = false;
        if (logged.Agent != AgentState.Main) return;
        if (logged.Event is SessionEvent.Replied main)
        {
            _steps++;
            _used = main.Usage.TotalInput + main.Usage.Output;
        }
        if (logged.Event is SessionEvent.Compacted) _used = 0;
    }

    void Take(Session session)
    {
        _session?.Dispose();
        _session = session;
        // What was allowed in this sitting is allowed in its forks, too.
        Sequence<Rule> allowed = _gate?.Added ?? [];
        _gate?.Dispose();
        _gate = new(_house.Rules(session, Posture.Attended).Allowing(allowed), Ask, allowed);
        (_cost, _steps, _used) = (session.Spent.Cost, 0, 0);
        _undo.Forget();
        _transcript.Note($"session {session.Opened.Id}");
        session.Listener = logged => Send(new Happening.Logged(logged));
    }

    async Task Take(Key key)
    {
        if (_question is { } question)
        {
            if (question.Of(key) is not { } answer) return;
            _question = null;
            question.Give(answer);
            return;
        }
        if (key is not Key.Press { Stroke: Stroke.Interrupt or Stroke.EndOfInput }) _isSureToLeave = false;
        switch (key)
        {
            case Key.Typed typed: Edit(_editor.Insert(typed.Content)); break;
            case Key.Pasted pasted: Edit(_editor.Insert(pasted.Content)); break;
            case Key.Press press: await Take(press.Stroke); break;
        }
    }

    async Task Take(Stroke stroke)
    {
        switch (stroke)
        {
            case Stroke.Enter: await SendText(); break;
            case Stroke.Tab: Complete(); break;
            case Stroke.Escape:
                if (!_completions.IsEmpty) _completions = [];
                else Stop(atOnce: true);
                break;
            case Stroke.Interrupt: Interrupt(); break;
            case Stroke.EndOfInput:
                if (_editor.Text.Length == 0) Leave();
                else Edit(_editor.Apply(Stroke.Delete));
                break;
            case Stroke.Unfold: Unfold(); break;
            case Stroke.Redraw: _screen.Clear(); break;
            default: Edit(_editor.Apply(stroke)); break;
        }
    }

    void Edit(Editor editor)
    {
        _editor = editor;
        _completions = !editor.Text.Contains('\n') && editor.Text.StartsWith('/') ? SlashCommand.Completions(editor.Text)
            : FileMention.At(editor) is { } beginning ? FileMention.Completions(_house.Project, beginning)
            : [];
    }

    void Complete()
    {
        if (_completions.IsEmpty) return;
        if (_editor.Text.StartsWith('/')) Edit(_editor.With($"{_completions[0]} "));
        else if (FileMention.At(_editor) is { } beginning)
            Edit(new Editor(_editor.Text.Remove(_editor.Cursor - beginning.Length, beginning.Length), _editor.Cursor - beginning.Length, _editor.History).Insert($"{_completions[0]} "));
        _completions = [];
    }

    void Interrupt()
    {
        if (_editor.Text.Length > 0) Edit(_editor.With(""));
        else if (_running is { Interruption.IsAsked: true }) Stop(atOnce: true);
        else if (_running is not null) Stop(atOnce: false);
        else if (_isSureToLeave) Leave();
        else
        {
            _isSureToLeave = true;
            _transcript.Note("Ctrl-C again leaves.");
        }
    }

    void Stop(bool atOnce)
    {
        if (_running is not { } running) return;
        if (!running.Interruption.IsAsked) _transcript.Note(atOnce ? "stopping" : "stopping after this reply or tool; Esc stops at once");
        if (atOnce) running.Interruption.AskAtOnce();
        else running.Interruption.Ask();
    }

    void Leave()
    {
        _running?.Interruption.AskAtOnce();
        _isLeaving = true;
        if (_session is { } session) _transcript.Note($"baltoro --resume {session.Opened.Id}   goes on from here");
    }

    void Unfold()
    {
        _transcript.InFull = !_transcript.InFull;
        if (!_transcript.InFull)
        {
            _transcript.Note("thinking and results are folded again");
            return;
        }
        if (_transcript.LastThought.Length > 0) _transcript.Note(_transcript.LastThought);
        if (_transcript.LastResult is var (call, ended))
        {
            _transcript.Add(ToolLines.Call(call, Style.Good), 2);
            foreach (Styled line in ToolLines.Result(call, ended, inFull: true)) _transcript.Add(line, 4);
        }
        _transcript.Note("thinking and results are shown in full from here on; Ctrl-O folds them");
    }

    async Task SendText()
    {
        string text = _editor.Text;
        if (string.IsNullOrWhiteSpace(text)) return;
        _editor = _editor.Sent();
        _completions = [];
        switch (Order.Of(text))
        {
            case Order.Task task when _running is not null:
                // A word in between: the run stops where it can, and goes on with it.
                _queued.Add(task.Text);
                _running.Interruption.Ask();
                break;
            case Order.Task task: Start(task.Text); break;
            case Order.Shell shell: await RunShell(shell.Command); break;
            case Order.Slash slash: await Obey(slash.Command, slash.Argument); break;
            case Order.Unknown unknown: _transcript.Note(unknown.Problem, Style.Bad); break;
        }
    }

    void Start(string task)
    {
        _transcript.Said(task);
        if (_session is null) Take(_house.Begin(_modelName));
        _undo.Begin(_lastNumber);
        Sequence<Block> content = [.. _seen, .. FileMention.Content(_house.Project, task)];
        _seen.Clear();
        Go((setup, interruption) => AgentRun.To(_session!, content, setup, interruption));
    }

    /// <summary>Has something done with the session beside the loop.</summary>
    void Go(Func<AgentSetup, Interruption, Task> work)
    {
        Interruption interruption = new();
        _running = new(interruption, _clock.GetTimestamp());
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
                problem = e is OperationCanceledException ? "stopped" : $"{e.GetType().Name}: {e.Message}";
            }
            Send(new Happening.RunEnded(problem));
        });
    }

    void End(string? problem)
    {
        _running?.Interruption.Dispose();
        _running = null;
        _question?.Give(Answer.No);
        _question = null;
        if (problem is not null) _transcript.Note($"! {problem}", Style.Bad);
        if (_queued.Count == 0 || _isLeaving) return;
        string next = string.Join('\n', _queued);
        _queued.Clear();
        Start(next);
    }

    async ValueTask<Permit> Permit(ITool tool, System.Text.Json.JsonElement arguments, CancellationToken cancellation)
    {
        Permit permit = await _gate!.Judge(tool, arguments, cancellation);
        if (permit is Agent.Loop.Permit.Granted) _undo.Remember(tool.Footprint(arguments));
        return permit;
    }

    Task<Answer> Ask(Asking asking, CancellationToken cancellation)
    {
        Block.ToolCall call = new("", asking.Tool.Spec.Name, asking.Arguments.GetRawText());
        Question question = new(
            [ToolLines.Call(call, Style.Accent), .. Preview(call), Styled.Of($"  {asking.Why}", Style.Dim)],
            asking.Always.IsEmpty ? null : string.Join(", ", asking.Always));
        Send(new Happening.Asked(question));
        return question.Answered.WaitAsync(cancellation);
    }

    static IEnumerable<Styled> Preview(Block.ToolCall call) =>
        call.Name is "Edit" or "Write" ? ToolLines.Result(call, new("", [], CallEnding.Done), inFull: false) : [];

    void Draw()
    {
        int columns = _screen.Columns;
        List<Styled> lines = [.. _transcript.Live(columns)];
        if (_running is { } running && _question is null) lines.Add(Activity(running));
        lines.AddRange(_queued.Select(text => Styled.Of(new Piece("  then: ", Style.Dim), new(text, Style.Slanted))));
        int row, column;
        if (_question is { } question)
        {
            lines.AddRange(question.Lines());
            (row, column) = (lines.Count - 1, 0);
        }
        else
        {
            LiveRegion input = InputView.Of(_editor, columns, _running is null ? "what is to be done?" : "say more, or Esc");
            lines.Add(new([new(new('─', columns - 1), Style.Dim)]));
            (row, column) = (lines.Count + input.Row, input.Column);
            lines.AddRange(input.Lines);
            lines.AddRange(_completions.Select((name, i) => Styled.Of(name, i == 0 ? Style.Accent : Style.Dim)).Select(line => Styled.Of([new("    "), .. line.Pieces])));
        }
        double left = 1 - (double)_used / Math.Max(1, _model.Card.Window);
        lines.Add(new Status(_model.Card.Id, Math.Clamp(left, 0, 1), _isPriced ? _cost : null, Path.GetFileName(_house.Project)).Line(columns));
        _screen.Draw([.. _transcript.Take().Select(finished => (finished.Line, finished.Hang))], new(lines.ToSequence(), row, column));
    }

    Styled Activity(Running running)
    {
        string time = string.Create(CultureInfo.InvariantCulture, $"{_clock.GetElapsedTime(running.Began).TotalSeconds:0} s");
        return Styled.Of(new Piece($"{Spinner[_tick % Spinner.Length]} ", Style.Accent), new($"{(running.Interruption.IsAsked ? "stopping" : "working")}, {time}, {_steps} steps · Esc stops", Style.Dim));
    }

    static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
