// The interactive mode's commands, one method each; what they are called stands in SlashCommand.

using System.Globalization;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

sealed partial class Interactive
{
    /// <summary>What would change the session under a run that is at work in it.</summary>
    static readonly Sequence<SlashCommand> NotNow = [SlashCommand.Compact, SlashCommand.Resume, SlashCommand.Fork, SlashCommand.Undo, SlashCommand.Model];

    void Obey(SlashCommand command, string argument)
    {
        _transcript.Gap();
        _transcript.Add(Styled.Of(new Piece($"> {command.Name} {argument}".TrimEnd(), Style.Accent)), 2);
        if (_running is not null && NotNow.Contains(command))
            _transcript.Note($"{command.Name} has to wait until the agent has stopped: Esc stops it.", Style.Bad);
        else if (_arriving is not null && NotNow.Contains(command))
            _transcript.Note($"{command.Name} has to wait until the model is there: Esc stops the wait.", Style.Bad);
        else if (argument.Length > 0 && command.Usage.Length == 0)
            _transcript.Note($"{command.Name} takes nothing behind it; found \"{argument}\".", Style.Bad);
        else if (command == SlashCommand.Model) ChangeModel(argument);
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

    /// <summary>What may be written behind a command's name.</summary>
    IEnumerable<string> ValuesOf(SlashCommand command) =>
        command == SlashCommand.Model ? _house.Askable.SelectMany(model => model.Entry.Aliases.Append(model.Id)) : [];

    void ShowCost()
    {
        if (_session is not { } session)
        {
            _transcript.Note("Nothing has been asked yet.");
            return;
        }
        Usage usage = session.Spent.Usage;
        _transcript.Note(string.Create(CultureInfo.InvariantCulture,
            $"{session.Spent.Steps} step{(session.Spent.Steps == 1 ? "" : "s")}, {Count(usage.TotalInput)} tokens in ({Count(usage.CacheRead)} from a cache), {Count(usage.Output)} out, {session.Spent.Dollars}"));
        if (_tally.Cost != session.Spent.Cost) _transcript.Note(string.Create(CultureInfo.InvariantCulture, $"with what was taken back or copied: ${_tally.Cost:0.0000}"));
    }

    void ShowContext()
    {
        int window = _model.Card.Window, width = Math.Min(50, _screen.Columns - 12);
        int full = (int)Math.Clamp(_tally.Used * width / Math.Max(1, window), 0, width);
        _transcript.Add(Styled.Of(new Piece(new('█', full), Style.Accent), new(new('░', width - full), Style.Dim)));
        _transcript.Note($"{Count(_tally.Used)} of {Count(window)} tokens with the last reply; room is made before the window is full");
        // A run adds to its history while it works; nobody else may look at it then.
        if (_running is null && _session?.Agent(AgentState.Main) is { Turns.Count: > 0 } main) foreach (string line in Filling(main)) _transcript.Note(line);
    }

    /// <summary>What the tokens are for, by the estimate that stands in for a tokenizer; what is left is instructions, tools, and the estimate's error.</summary>
    IEnumerable<string> Filling(AgentState main)
    {
        (string Name, Func<Turn, Block, bool> Is)[] kinds =
        [
            ("your words and notes", (turn, block) => turn is not Turn.Assistant && block is not Block.ToolResult),
            ("thinking", (turn, block) => block is Block.Thinking or Block.RedactedThinking),
            ("answers", (turn, block) => turn is Turn.Assistant && block is Block.Text),
            ("calls", (_, block) => block is Block.ToolCall),
            ("results", (_, block) => block is Block.ToolResult),
        ];
        long left = _tally.Used;
        foreach ((string name, Func<Turn, Block, bool> isOne) in kinds)
        {
            long tokens = TokenEstimate.Of(new ChatRequest
            {
                Model = "", Turns = [.. main.Turns.Select(turn => turn with { Blocks = [.. turn.Blocks.Where(block => isOne(turn, block))] }).Where(turn => !turn.Blocks.IsEmpty)],
            });
            left -= tokens;
            if (tokens > 10) yield return $"  about {Count(tokens)}  {name}";
        }
        if (left > 0) yield return $"  about {Count(left)}  instructions and tools";
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
        Replay(chosen.Opened.Id);
    }

    void Fork()
    {
        if (Summary() is not { } summary)
        {
            _transcript.Note("There is nothing to copy yet.");
            return;
        }
        TakeCopy(_house.Fork(summary, _modelName, Warn));
        _transcript.Note($"session {_session!.Opened.Id}, a copy of {summary.Opened.Id}, which stays as it is");
    }

    void TakeBack()
    {
        if (_undo.IsEmpty || Summary() is not { } summary)
        {
            _transcript.Note("There is nothing to take back in this sitting.");
            return;
        }
        TakenBack taken = _undo.TakeBack();
        foreach (string line in taken.Told) _transcript.Note(line);
        if (taken.Before > 0) TakeCopy(_house.Fork(summary, _modelName, Warn, upTo: taken.Before));
        _input.PutBack(taken.Text);
        _transcript.Note($"The last task is taken back, and goes on in a copy; {summary.Opened.Id} still has it.");
    }

    SessionSummary? Summary() => _session is { } session ? _house.Sessions.Of(_house.Project).FirstOrDefault(each => each.Opened.Id == session.Opened.Id) : null;

    /// <summary>The last of what was said, so that a person knows where they are.</summary>
    void Replay(string id)
    {
        const int Most = 30;
        if (Summary() is not { } summary) return;
        Transcript earlier = new(_tools);
        foreach (LoggedEvent logged in SessionStore.Events(summary))
        {
            if (logged.Event is SessionEvent.Asked asked && logged.Agent == AgentState.Main) earlier.Asked(string.Join('\n', asked.Content.OfType<Block.Text>().Select(text => text.Content).Take(1)));
            earlier.Take(logged);
            if (logged.Event is not SessionEvent.Replied replied || logged.Agent != AgentState.Main) continue;
            foreach (Block.Text text in replied.Blocks.OfType<Block.Text>())
                foreach (ReplyEvent step in (ReplyEvent[])[new ReplyEvent.Opened(BlockHead.Text.Plain), text.Content, ReplyEvent.Closed.Plain]) earlier.Hear(step);
        }
        List<Finished> lines = earlier.Take();
        if (lines.Count > Most) _transcript.Note($"… {lines.Count - Most} lines before");
        foreach (Finished line in lines.TakeLast(Most)) _transcript.Add(line.Line, line.Hang);
        _transcript.Gap();
        _transcript.Note($"session {id}, {_tally.Steps} steps");
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
        foreach (SlashCommand command in SlashCommand.All) Entry($"{command.Name} {command.Usage}".TrimEnd(), command.Does);
        Entry("@file", "hands a file over; Tab completes");
        Entry("!command", "runs in the shell; the model learns of it with your next words");
        Entry("Enter", "sends; while the agent works it hears you after its reply or tool");
        Entry("Alt-Enter", "a new line, as Ctrl-J and a \\ before Enter");
        Entry("Up, Ctrl-R", "what you wrote before; Ctrl-R looks for what you have typed");
        Entry("Esc", "stops at once");
        Entry("Ctrl-C", "stops after the reply or tool; twice at once; idle, twice leaves");
        Entry("Ctrl-O", "unfolds thinking and results");
        Entry("Ctrl-L", "draws the screen anew");
        Entry("Ctrl-D", "leaves");
        void Entry(string name, string does) => _transcript.Add(Styled.Of(new Piece($"{name,-16} ", Style.Accent), new(does)), 17);
    }
}
