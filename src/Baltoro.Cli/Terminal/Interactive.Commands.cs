// The interactive mode's commands, one method each; what they are called stands in SlashCommand.

using System.Diagnostics;
using System.Globalization;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;
using Baltoro.Cli.Commands;

namespace Baltoro.Cli.Terminal;

sealed partial class Interactive
{
    const int MostShellOutput = 20_000;

    async Task Obey(SlashCommand command, string argument)
    {
        if (_running is not null && (command == SlashCommand.Compact || command == SlashCommand.Resume || command == SlashCommand.Fork || command == SlashCommand.Undo || command == SlashCommand.Model))
        {
            _transcript.Note($"{command.Name} has to wait until the agent has stopped: Esc stops it.", Style.Bad);
            return;
        }
        try
        {
            if (command == SlashCommand.Model) ChangeModel(argument);
            else if (command == SlashCommand.Cost) ShowCost();
            else if (command == SlashCommand.Context) ShowContext();
            else if (command == SlashCommand.Compact) Compact();
            else if (command == SlashCommand.Resume) Resume(argument);
            else if (command == SlashCommand.Fork) Fork();
            else if (command == SlashCommand.Undo) TakeBack();
            else if (command == SlashCommand.Sessions) ListSessions();
            else if (command == SlashCommand.Permissions) ShowPermissions();
            else if (command == SlashCommand.Quit) Leave();
            else ShowHelp();
        }
        catch (UserException e)
        {
            _transcript.Note($"! {e.Message}", Style.Bad);
        }
        await Task.CompletedTask;
    }

    void ChangeModel(string name)
    {
        if (name.Length > 0)
        {
            _model = _house.Model(name);
            _modelName = name;
            _session?.Append(AgentState.Main, new SessionEvent.Resumed(name, ByItself: false));
        }
        _transcript.Note($"{_model.Card.Id} at {_model.Card.Origin.Provider}, window {Count(_model.Card.Window)} tokens");
    }

    void ShowCost()
    {
        if (_session is not { } session)
        {
            _transcript.Note("Nothing has been asked yet.");
            return;
        }
        Usage usage = session.Spent.Usage;
        _transcript.Note(string.Create(CultureInfo.InvariantCulture,
            $"{session.Spent.Steps} steps, {Count(usage.TotalInput)} tokens in ({Count(usage.CacheRead)} from a cache), {Count(usage.Output)} out, {(_isPriced ? $"${session.Spent.Cost:0.0000}" : "price unknown")}"));
    }

    void ShowContext()
    {
        int window = _model.Card.Window, width = Math.Min(50, _screen.Columns - 12);
        int full = (int)Math.Clamp(_used * width / Math.Max(1, window), 0, width);
        _transcript.Add(Styled.Of(new Piece(new('█', full), Style.Accent), new(new('░', width - full), Style.Dim)));
        _transcript.Note($"{Count(_used)} of {Count(window)} tokens with the last reply; room is made before the window is full");
    }

    void Compact()
    {
        if (_session is not { } session)
        {
            _transcript.Note("There is nothing to compact yet.");
            return;
        }
        Go((setup, interruption) => AgentRun.Compact(session, setup, interruption));
    }

    void ListSessions()
    {
        IReadOnlyList<SessionSummary> sessions = _house.Sessions.Of(_house.Project);
        if (sessions.Count == 0) _transcript.Note("This folder has no sessions yet.");
        foreach (SessionSummary each in sessions.Take(20)) _transcript.Add(Line(each), 4);
    }

    Styled Line(SessionSummary session)
    {
        string how = session.Opened.Id == _session?.Opened.Id ? "this one" : session.IsOpen ? "open elsewhere" : session.End is RunEnd.Done ? "done" : session.End is { } end ? end.GetType().Name.ToLowerInvariant() : "broken off";
        return Styled.Of(
            new Piece($"{session.Opened.Id}  ", Style.Accent), new($"{session.Last.LocalDateTime.ToString("d MMM HH:mm", CultureInfo.InvariantCulture)}, {session.Steps} steps, {how}  ", Style.Dim),
            new(Shown.Line(session.Task)));
    }

    void Resume(string id)
    {
        IReadOnlyList<SessionSummary> sessions = [.. _house.Sessions.Of(_house.Project).Where(each => each.Opened.Id != _session?.Opened.Id)];
        if (id.Length == 0)
        {
            if (sessions.Count == 0) _transcript.Note("There is no other session in this folder.");
            foreach (SessionSummary each in sessions.Take(10)) _transcript.Add(Line(each), 4);
            if (sessions.Count > 0) _transcript.Note("/resume ID goes on with one of them");
            return;
        }
        if (sessions.FirstOrDefault(each => each.Opened.Id.EndsWith(id, StringComparison.Ordinal)) is not { } chosen)
        {
            _transcript.Note($"There is no session \"{id}\" in this folder: /sessions lists them.", Style.Bad);
            return;
        }
        Take(_house.Resume(chosen, _modelName, byItself: false, Warn));
        Replay(chosen);
    }

    void Fork()
    {
        if (Summary() is not { } summary) return;
        Take(_house.Fork(summary, _modelName, Warn));
        _transcript.Note($"a copy of {summary.Opened.Id}, which stays as it is");
    }

    void TakeBack()
    {
        if (_undo.IsEmpty || Summary() is not { } summary)
        {
            _transcript.Note("There is nothing to take back in this sitting.");
            return;
        }
        (long before, IReadOnlyList<string> told) = _undo.TakeBack();
        foreach (string line in told) _transcript.Note(line);
        _session!.Dispose();
        Session fork = _house.Fork(summary, _modelName, Warn, upTo: before);
        _session = null;
        Take(fork);
        _transcript.Note("The last task is taken back; what shell commands did is not.");
    }

    SessionSummary? Summary() => _session is { } session ? _house.Sessions.Of(_house.Project).FirstOrDefault(each => each.Opened.Id == session.Opened.Id) : null;

    /// <summary>The last of what was said, so that a person knows where they are.</summary>
    void Replay(SessionSummary summary)
    {
        const int Most = 30;
        Transcript earlier = new();
        foreach (LoggedEvent logged in SessionStore.Events(summary))
        {
            if (logged.Event is SessionEvent.Asked asked && logged.Agent == AgentState.Main) earlier.Said(string.Join('\n', asked.Content.OfType<Block.Text>().Select(text => text.Content).Take(1)));
            earlier.Take(logged);
            if (logged.Event is SessionEvent.Replied replied && logged.Agent == AgentState.Main)
                foreach (Block.Text text in replied.Blocks.OfType<Block.Text>())
                    foreach (ReplyEvent step in (ReplyEvent[])[new ReplyEvent.Opened(BlockHead.Text.Plain), text.Content, ReplyEvent.Closed.Plain])
                        earlier.Take(new LiveNotice.Heard(AgentState.Main, step));
        }
        foreach (Finished line in earlier.Take().TakeLast(Most)) _transcript.Add(line.Line, line.Hang);
        _transcript.Gap();
    }

    void Warn(string message) => _transcript.Note($"! {message}", Style.Bad);

    void ShowPermissions()
    {
        _transcript.Note("Reading is allowed. Writing, commands, the network and tools of MCP servers are asked for, where no rule says otherwise.");
        StandingRules rules = _house.Configured;
        foreach ((string what, Sequence<Rule> said) in (ReadOnlySpan<(string, Sequence<Rule>)>)[("denied", rules.Deny), ("asked for", rules.Ask), ("allowed", rules.Allow), ("allowed in this sitting", _gate?.Added ?? [])])
            if (!said.IsEmpty) _transcript.Note($"{what}: {string.Join(", ", said)}");
        _transcript.Note("\"permissions\" in config.json: { \"allow\": [\"Bash(git diff:*)\"], \"ask\": […], \"deny\": […] }");
    }

    void ShowHelp()
    {
        foreach (SlashCommand command in SlashCommand.All)
            _transcript.Add(Styled.Of(new Piece($"{$"{command.Name} {command.Usage}".TrimEnd(),-16} ", Style.Accent), new(command.Does)), 17);
        _transcript.Note("@file hands a file over (Tab completes) · !command runs in the shell · Alt-Enter or Ctrl-J begins a new line");
        _transcript.Note("Esc stops at once · Ctrl-C after the current reply or tool · Ctrl-O unfolds thinking and results · Ctrl-D leaves");
    }

    /// <summary>Runs with the terminal as it is; what it prints is also told to the model with the next task.</summary>
    async Task RunShell(string command)
    {
        _transcript.Add(Styled.Of(new Piece("! ", Style.Accent), new(command, Style.Strong)));
        using Process process = new()
        {
            StartInfo = new(OperatingSystem.IsWindows() ? "cmd" : "/bin/sh", [OperatingSystem.IsWindows() ? "/c" : "-c", command])
            {
                WorkingDirectory = _house.Project, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
            },
        };
        process.Start();
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(), errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        string text = (await output + await errors).TrimEnd('\n');
        if (text.Length > MostShellOutput) text = $"{text[..MostShellOutput]}\n… ({text.Length - MostShellOutput} more characters)";
        if (text.Length > 0) _transcript.Note(text, Style.Plain);
        if (process.ExitCode != 0) _transcript.Note($"exit code {process.ExitCode}", Style.Bad);
        _seen.Add(new Block.Text($"The user ran `{command}` (exit code {process.ExitCode}):\n\n{text}"));
    }
}
