// What a session's events look like in the scrollback, and what of a reply is to be seen while it is written. It refuses to know the terminal.

using System.Globalization;
using System.Text;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>A line that is finished, and how far its later rows are moved in.</summary>
readonly record struct Finished(Styled Line, int Hang = 0)
{
    public static implicit operator Finished(Styled line) => new(line);
}

/// <summary>
/// Takes a reply's deltas and the log's events in the order in which they happen, and gives out each line once, when it cannot change any more.
/// What is still being written stands in <see cref="Live"/>. Not thread-safe.
/// </summary>
sealed class Transcript(ToolLines tools)
{
    const int LiveThought = 3;

    readonly Dictionary<(string Agent, string Id), Block.ToolCall> _calls = [];
    readonly List<(string Agent, string Id)> _underWay = [];
    readonly Dictionary<string, string> _before = [];
    readonly List<Finished> _out = [];
    readonly StringBuilder _thought = new();
    Markdown _markdown = new();
    string _text = "", _lastThought = "", _lastFailure = "";
    BlockHead? _open;
    bool _saidText;

    /// <summary>True when thinking and results are shown in full.</summary>
    public bool InFull { get; set; }

    /// <summary>The last thinking that was folded away; empty when there was none.</summary>
    public string LastThought => _lastThought;

    /// <summary>The last result with its call, and what the file held that it has written; null before the first.</summary>
    public (Block.ToolCall Call, SessionEvent.CallEnded Ended, string? Before)? LastResult { get; private set; }

    /// <summary>The run is over: nothing is being written or done any more.</summary>
    public void Cease()
    {
        Close();
        _underWay.Clear();
    }

    /// <summary>True while a call is under way.</summary>
    public bool IsDoing => _underWay.Count > 0;

    /// <summary>Lines that became final since the last time.</summary>
    public List<Finished> Take()
    {
        if (_out.Count == 0) return [];
        List<Finished> taken = [.. _out];
        _out.Clear();
        return taken;
    }

    /// <summary>What is being written now: a line of text that is not at its end, or the last rows of a thought.</summary>
    public IEnumerable<Styled> Live(int columns) => [.. _open is BlockHead.Thinking ? LiveThinking(columns) : [], .. _text.Length > 0 ? LiveText(columns) : []];

    /// <summary>The calls that have begun and not ended.</summary>
    public IEnumerable<Styled> UnderWay() =>
        from id in _underWay
        where _calls.ContainsKey(id)
        let call = tools.Call(_calls[id], Style.Dim)
        select id.Agent == AgentState.Main ? call : new Styled([new($"  {id.Agent} ", Style.Dim), .. call.Pieces]);

    IEnumerable<Styled> LiveText(int columns)
    {
        Styled line = _markdown.Look(_text);
        return line.Rows(columns - 1, Markdown.Hang(line));
    }

    IEnumerable<Styled> LiveThinking(int columns)
    {
        // No more of it than can be seen: a thought may be long, and is drawn many times a second.
        int seen = Math.Min(_thought.Length, columns * (LiveThought + 1));
        return Shown.Safe(_thought.ToString(_thought.Length - seen, seen)).Trim('\n').Split('\n').SelectMany(line => Styled.Of(line, Style.Dim).Rows(columns - 3)).TakeLast(LiveThought)
            .Select(row => new Styled([new("│ ", Style.Dim), .. row.Pieces]));
    }

    /// <summary>What the user said.</summary>
    public void Asked(string text)
    {
        Gap();
        foreach (string line in Shown.Safe(text).Split('\n')) Add(Styled.Of(new Piece("> ", Style.Accent), new(line, Style.Strong)), 2);
        _saidText = true;
    }

    /// <summary>A line of what a person's own command says.</summary>
    public void Said(string line) => Add(Styled.Of(line));

    public void Note(string text, Style style = Style.Dim)
    {
        foreach (string line in Shown.Safe(text).Split('\n')) Add(Styled.Of(line, style));
    }

    public void Add(Styled line, int hang = 0) => _out.Add(new(line, hang));

    public void Gap() => _out.Add(Styled.Empty);

    /// <summary>A step of the main agent's reply.</summary>
    public void Hear(ReplyEvent step)
    {
        switch (step.Value)
        {
            case ReplyEvent.Opened opened: Open(opened.Head); break;
            case string delta when _open is BlockHead.Thinking: _thought.Append(delta); break;
            case string delta when _open is BlockHead.Text: Write(delta); break;
            case ReplyEvent.Closed or ReplyEvent.Finished or ReplyEvent.Failed: Close(); break;
        }
    }

    void Open(BlockHead head)
    {
        Close();
        _open = head;
        if (head is not BlockHead.Text) return;
        _markdown = new();
        _saidText = false;
    }

    void Write(string delta)
    {
        _text += delta;
        while (_text.IndexOf('\n') is >= 0 and var end)
        {
            Print(_text[..end]);
            _text = _text[(end + 1)..];
        }
    }

    void Print(string line)
    {
        if (!_saidText)
        {
            if (string.IsNullOrWhiteSpace(line)) return;
            Gap();
            _saidText = true;
        }
        Styled styled = _markdown.Line(line);
        Add(styled, Markdown.Hang(styled));
    }

    void Close()
    {
        if (_open is BlockHead.Text && _text.Length > 0) Print(_text);
        _text = "";
        if (_open is BlockHead.Thinking && _thought.ToString().Trim() is { Length: > 0 } thought)
        {
            _lastThought = thought;
            Gap();
            if (InFull) Note(_lastThought);
            else Add(Styled.Of(string.Create(CultureInfo.InvariantCulture, $"✻ thought {(Words(_lastThought) is > 1 and var words ? $"{words} words" : "a word")}"), Style.Dim));
        }
        _thought.Clear();
        _open = null;
    }

    static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    /// <param name="before">With the beginning of a call that writes a file: what that holds, empty where there is none; null where nobody has looked.</param>
    public void Take(LoggedEvent logged, string? before = null)
    {
        string who = logged.Agent == AgentState.Main ? "" : $"{logged.Agent}: ";
        switch (logged.Event)
        {
            case SessionEvent.Replied replied:
                _lastFailure = "";
                foreach (Block.ToolCall call in replied.Blocks.OfType<Block.ToolCall>()) _calls[(logged.Agent, call.Id)] = call;
                break;
            case SessionEvent.CallBegan began:
                _underWay.Add((logged.Agent, began.CallId));
                if (before is not null && logged.Agent == AgentState.Main) _before[began.CallId] = before;
                break;
            case SessionEvent.CallEnded ended when _calls.Remove((logged.Agent, ended.CallId), out Block.ToolCall? call):
                _underWay.Remove((logged.Agent, ended.CallId));
                if (logged.Agent != AgentState.Main) break;
                _before.Remove(ended.CallId, out string? held);
                LastResult = (call, ended, held);
                Gap();
                Add(tools.Call(call, ended.How == CallEnding.Done ? Style.Good : Style.Bad), 2);
                foreach (Styled line in ToolLines.Result(call, ended, InFull, held)) Add(line, 4);
                break;
            case SessionEvent.Spawned spawned: Note($"+ {who}{Shown.Line(spawned.Description)}"); break;
            case SessionEvent.Failed { Name: nameof(OperationCanceledException) }: break;
            case SessionEvent.Failed failed: Fail($"{who}{failed.Name}: {Shown.Line(failed.Message)}"); break;
            case SessionEvent.Nudged nudged: Note($"~ {who}reminded the model: {Why(nudged.Reason)}"); break;
            case SessionEvent.Evicted evicted: Note($"~ {who}{RoomMade.Words(evicted)}"); break;
            case SessionEvent.Compacted compacted: Note($"~ {who}{RoomMade.Words(compacted)}"); break;
            case SessionEvent.CompactionFailed failed: Note($"! {who}no room was made: {Shown.Line(failed.Why)}", Style.Bad); break;
            case SessionEvent.Ended { How: RunEnd.Interrupted } when logged.Agent == AgentState.Main: break;
            case SessionEvent.Ended { How: not RunEnd.Done } ended when logged.Agent == AgentState.Main: Fail(Shown.Line(ended.How.Text)); break;
        }
    }

    static string Why(NudgeReason reason) => reason switch
    {
        NudgeReason.Repeats => "it made the same call again",
        NudgeReason.EmptyReply => "its reply was empty",
        NudgeReason.OutOfRoom => "its reply did not fit",
        NudgeReason.CutAtLimit => "its reply was cut at the limit",
        NudgeReason.Circles => "it thought in circles",
        NudgeReason.BrokenCall => "its call was broken",
        NudgeReason.OpenTodos => "there is still something to be done",
        _ => $"{reason}",
    };

    /// <summary>Says what went wrong, once for any number of tries, and at the end not again.</summary>
    void Fail(string what)
    {
        if (_lastFailure.EndsWith(what, StringComparison.Ordinal)) return;
        _lastFailure = what;
        Note($"! {what}", Style.Bad);
        if (what.StartsWith(nameof(Failure.Unauthenticated), StringComparison.Ordinal)) Note("  `baltoro doctor` says which key that is, and where it is from.");
    }
}
