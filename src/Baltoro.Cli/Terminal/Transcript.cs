// What a session's events look like in the scrollback, and what of a reply is to be seen while it is written. It refuses to know the terminal.

using System.Globalization;
using Baltoro.Agent.Loop;
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
sealed class Transcript
{
    const int LiveThought = 3;

    readonly Dictionary<(string Agent, string Id), Block.ToolCall> _calls = [];
    readonly List<Finished> _out = [];
    Markdown _markdown = new();
    string _text = "", _thought = "", _lastThought = "";
    BlockHead? _open;
    bool _saidText;

    /// <summary>True when thinking and results are shown in full.</summary>
    public bool InFull { get; set; }

    /// <summary>The last thinking that was folded away; empty when there was none.</summary>
    public string LastThought => _lastThought;

    /// <summary>The last result with its call; null before the first.</summary>
    public (Block.ToolCall Call, SessionEvent.CallEnded Ended)? LastResult { get; private set; }

    /// <summary>Lines that became final since the last time.</summary>
    public List<Finished> Take()
    {
        List<Finished> taken = [.. _out];
        _out.Clear();
        return taken;
    }

    /// <summary>What is being written now: a line of text that is not at its end, or the last lines of a thought.</summary>
    public IEnumerable<Styled> Live(int columns)
    {
        if (_open is BlockHead.Thinking && _thought.Length > 0)
            return Shown.Safe(_thought).TrimEnd('\n').Split('\n').SelectMany(line => Styled.Of(line, Style.Dim).Rows(columns - 3)).TakeLast(LiveThought)
                .Select(row => Styled.Of([new("│ ", Style.Dim), .. row.Pieces]));
        return _text.Length > 0 ? Styled.Of(_text).Rows(columns - 1) : [];
    }

    /// <summary>What the user said.</summary>
    public void Said(string text)
    {
        Gap();
        foreach (string line in Shown.Safe(text).Split('\n')) Add(Styled.Of(new Piece("> ", Style.Accent), new(line, Style.Strong)), 2);
        _saidText = true;
    }

    public void Note(string text, Style style = Style.Dim)
    {
        foreach (string line in Shown.Safe(text).Split('\n')) Add(Styled.Of(line, style));
    }

    public void Add(Styled line, int hang = 0) => _out.Add(new(line, hang));

    public void Gap() => _out.Add(Styled.Empty);

    public void Take(LiveNotice notice)
    {
        if (notice.Agent != AgentState.Main) return;
        switch (notice)
        {
            case LiveNotice.Heard heard: Hear(heard.Step); break;
            case LiveNotice.Waiting waiting:
                Note(string.Create(CultureInfo.InvariantCulture, $"… waiting {waiting.Pause.TotalSeconds:0.#} s, then again ({waiting.Attempt}): {Shown.Line(waiting.Why)}"));
                break;
        }
    }

    void Hear(ReplyEvent step)
    {
        switch (step.Value)
        {
            case ReplyEvent.Opened opened: Open(opened.Head); break;
            case string delta when _open is BlockHead.Thinking: _thought += delta; break;
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
        if (_open is BlockHead.Thinking && _thought.Trim().Length > 0)
        {
            _lastThought = _thought.Trim();
            Gap();
            if (InFull) Note(_lastThought);
            else Add(Styled.Of(string.Create(CultureInfo.InvariantCulture, $"✻ thought {Words(_lastThought)} words"), Style.Dim));
        }
        _thought = "";
        _open = null;
    }

    static int Words(string text) => text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;

    public void Take(LoggedEvent logged)
    {
        string who = logged.Agent == AgentState.Main ? "" : $"{logged.Agent}: ";
        switch (logged.Event)
        {
            case SessionEvent.Replied replied:
                foreach (Block.ToolCall call in replied.Blocks.OfType<Block.ToolCall>()) _calls[(logged.Agent, call.Id)] = call;
                break;
            case SessionEvent.CallEnded ended when _calls.Remove((logged.Agent, ended.CallId), out Block.ToolCall? call):
                if (logged.Agent != AgentState.Main) break;
                LastResult = (call, ended);
                Gap();
                Add(ToolLines.Call(call, ended.How == CallEnding.Done ? Style.Good : Style.Bad), 2);
                foreach (Styled line in ToolLines.Result(call, ended, InFull)) Add(line, 4);
                break;
            case SessionEvent.Spawned spawned: Note($"+ {who}{Shown.Line(spawned.Description)}"); break;
            case SessionEvent.Failed failed: Note($"! {who}{failed.Name}: {Shown.Line(failed.Message)}", Style.Bad); break;
            case SessionEvent.Nudged nudged: Note($"> {who}told the model: {nudged.Reason}"); break;
            case SessionEvent.Evicted evicted: Note($"~ {who}{evicted.Results.Count} old results went to files, to make room"); break;
            case SessionEvent.Compacted compacted: Note(string.Create(CultureInfo.InvariantCulture, $"~ {who}compacted: {compacted.TokensBefore} tokens became a hand-off note")); break;
            case SessionEvent.CompactionFailed failed: Note($"! {who}no room was made: {Shown.Line(failed.Why)}", Style.Bad); break;
            case SessionEvent.Ended { How: not RunEnd.Done } ended when logged.Agent == AgentState.Main: Note($"! {Shown.Line(ended.How.Text)}", Style.Bad); break;
        }
    }
}
