// The interactive mode: a person, an agent and a terminal. One loop takes what happens, one thing at a time, and draws what has become of it. How things look stands in the views.

using System.Threading.Channels;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli.Terminal;

/// <summary>One sitting at the terminal. All state belongs to the loop; other threads only send <see cref="Happening"/>s.</summary>
sealed partial class Interactive : IDisposable
{
    /// <summary>No more than some sixty pictures a second: a fast model would have the terminal draw each letter.</summary>
    static readonly TimeSpan BetweenDrawings = TimeSpan.FromMilliseconds(15);
    static readonly TimeSpan BetweenTicks = TimeSpan.FromMilliseconds(120);

    /// <summary>How long a run that was told to stop is waited for by somebody who leaves.</summary>
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(3);

    /// <summary>What happened meanwhile is taken in portions, so that who says much does not keep the screen from being drawn.</summary>
    const int Portion = 64;

    readonly AgentHouse _house;
    readonly Screen _screen;
    readonly RawTerminal? _raw;
    readonly TimeProvider _clock;
    readonly Channel<Happening> _happenings = Channel.CreateUnbounded<Happening>(new() { SingleReader = true });
    readonly ToolLines _tools;
    readonly Transcript _transcript;
    readonly InputBox _input;
    readonly Undo _undo;

    IChatModel _model;
    string _modelName;
    int _tick;
    bool _isSureToLeave;

    /// <summary>When the person left; null while they are here.</summary>
    long? _left;

    /// <param name="raw">Null where the terminal cannot be switched; then keys come when a line is sent.</param>
    /// <exception cref="UserException">There is no such model, or no key for it.</exception>
    public Interactive(AgentHouse house, string model, Screen screen, RawTerminal? raw, InputHistory history, TimeProvider clock)
    {
        (_house, _modelName, _screen, _raw, _clock) = (house, model, screen, raw, clock);
        _model = house.Model(model);
        _tools = new(house.Project);
        _transcript = new(_tools);
        _undo = new(house.Project);
        _input = new(history, new(house.Project, clock, () => Send(new Happening.Tick())), ValuesOf);
    }

    /// <summary>Runs until the person leaves.</summary>
    /// <param name="resumed">A session to go on with; null for a new one, which begins with the first task.</param>
    /// <param name="told">What the person should know of it, a line each.</param>
    public async Task Run(Stream input, Session? resumed, IEnumerable<string> told, CancellationToken cancellation)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Welcome(resumed, told);
        Task keys = Listen(input, over.Token);
        _servers = BeginServers();
        using ITimer ticks = _clock.CreateTimer(_ => Send(new Happening.Tick()), null, BetweenTicks, BetweenTicks);
        Draw();
        while (!IsOver && await _happenings.Reader.WaitToReadAsync(cancellation))
        {
            for (int i = 0; i < Portion && !IsOver && _happenings.Reader.TryRead(out Happening? happening); i++) Take(happening);
            Draw();
            if (!IsOver) await Task.Delay(BetweenDrawings, _clock, cancellation);
        }
        Part();
        await over.CancelAsync();
        await keys.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The process was stopped, and goes on. Safe for all threads.</summary>
    public void Wake()
    {
        _raw?.Keep();
        Look();
    }

    /// <summary>The window has another size. Safe for all threads.</summary>
    public void Look() => Send(new Happening.WindowChanged());

    /// <summary>Has the sitting end as if the person had left. Safe for all threads.</summary>
    public void End() => Send(new Happening.InputEnded());

    public void Dispose()
    {
        _shell?.Dispose();
        _gate?.Dispose();
        _session?.Dispose();
    }

    bool IsOver => _left is { } since && (_running is null || _clock.GetElapsedTime(since) > Farewell);

    void Send(Happening happening) => _happenings.Writer.TryWrite(happening);

    async Task Listen(Stream input, CancellationToken cancellation)
    {
        await Keyboard.Listen(input, key => Send(new Happening.KeyPressed(key)), cancellation);
        End();
    }

    void Take(Happening happening)
    {
        switch (happening)
        {
            case Happening.KeyPressed pressed: Take(pressed.Key); break;
            case Happening.Logged logged: Take(logged.Event, logged.Before); break;
            case Happening.Noticed noticed: Take(noticed.Notice); break;
            case Happening.Asked asked: _question = asked.Question; break;
            case Happening.RunEnded ended: EndRun(ended.Problem); break;
            case Happening.Loading loading: _arriving = _arriving is null ? null : _arriving with { Share = loading.Share }; break;
            case Happening.Loaded loaded: EndLoading(loaded.Problem); break;
            case Happening.ShellSaid said:
                foreach (string line in _shellOutput.Add(said.Text)) _transcript.Said(line);
                said.Taken();
                break;
            case Happening.ShellEnded ended: EndShell(ended.Code, ended.Output); break;
            case Happening.Told told: _transcript.Note($"! {told.Sentence}", Style.Bad); break;
            case Happening.Tick:
                _tick++;
                _raw?.Keep();
                _input.Refresh();
                break;
            case Happening.WindowChanged: _screen.Redraw(); break;
            case Happening.InputEnded: Leave(); break;
        }
    }

    void Take(Key key)
    {
        if (key is not Key.Press { Stroke: Stroke.Interrupt or Stroke.EndOfInput }) _isSureToLeave = false;
        // Who is writing goes on writing: what was begun as a sentence must not answer.
        if (_question is { } question && _input.IsEmpty && question.Of(key) is { } answer) Give(answer);
        else if (key is not Key.Press press || !Take(press.Stroke)) Take(_input.Take(key));
    }

    /// <returns>False for a stroke that is about the text.</returns>
    bool Take(Stroke stroke)
    {
        switch (stroke)
        {
            case Stroke.Escape:
                if (!_input.Close()) StopAtOnce();
                return true;
            case Stroke.Interrupt:
                Interrupt();
                return true;
            case Stroke.EndOfInput when _input.IsEmpty:
                Leave();
                return true;
            case Stroke.Unfold:
                Unfold();
                return true;
            case Stroke.Redraw:
                _screen.Clear();
                return true;
            default:
                return false;
        }
    }

    void Take(Order? order)
    {
        try
        {
            switch (order)
            {
                case null: break;
                case Order.Task task: Say(task); break;
                case Order.Shell shell: StartShell(shell.Command); break;
                case Order.Slash slash: Obey(slash.Command, slash.Argument); break;
                case Order.Unknown unknown: _transcript.Note(unknown.Problem, Style.Bad); break;
            }
        }
        catch (UserException e)
        {
            _transcript.Note($"! {e.Message}", Style.Bad);
        }
    }

    void Interrupt()
    {
        if (!_input.IsEmpty) _input.Clear();
        else if (_shell is not null || _arriving is not null || _running is { Interruption.IsAsked: true }) StopAtOnce();
        else if (_running is { } running)
        {
            running.Interruption.Ask();
            if (_question is { IsShown: true }) Give(Answer.No);
        }
        else if (_isSureToLeave) Leave();
        else
        {
            _isSureToLeave = true;
            _transcript.Note("Ctrl-C again leaves.");
        }
    }

    void Leave()
    {
        if (_left is not null) return;
        _left = _clock.GetTimestamp();
        _arriving?.Wait.Cancel();
        _running?.Interruption.AskAtOnce();
        _shell?.Stop();
    }

    void Unfold()
    {
        if (_question is { } question)
        {
            foreach (Styled line in question.What) _transcript.Add(line, 4);
            return;
        }
        _transcript.InFull = !_transcript.InFull;
        if (!_transcript.InFull)
        {
            _transcript.Note("thinking and results are folded again");
            return;
        }
        if (_transcript.LastThought.Length > 0) _transcript.Note(_transcript.LastThought);
        if (_transcript.LastResult is var (call, ended, before))
        {
            _transcript.Add(_tools.Call(call, ended.How == CallEnding.Done ? Style.Good : Style.Bad), 2);
            foreach (Styled line in ToolLines.Result(call, ended, inFull: true, before)) _transcript.Add(line, 4);
        }
        _transcript.Note("thinking and results are shown in full from here on; Ctrl-O folds them");
    }
}
