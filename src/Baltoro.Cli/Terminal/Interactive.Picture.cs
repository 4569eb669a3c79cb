// How a sitting looks at a moment: what is finished goes above, what goes on and what is written stand below it.

using System.Globalization;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

sealed partial class Interactive
{
    const string Spinner = "✶✷✸✹✺✹✸✷";

    /// <summary>
    /// Short, since a window that is drawn narrower while this is on its way wraps a line as wide as it was, or cuts it, and nobody can tell which: the rows
    /// above the cursor would be counted wrongly, and a finished line be erased.
    /// </summary>
    const int RuleWidth = 48;

    /// <summary>A model may think for a while before it says a word; from here on a person wonders.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    void Welcome(Session? resumed, IEnumerable<string> told)
    {
        _transcript.Add(Styled.Of(new Piece("Baltoro ", Style.Strong), new($"{Name(_model.Card)} at {_model.Card.Origin.Provider}, window {Count(_model.Card.Window)} tokens", Style.Dim)));
        foreach (string line in told) _transcript.Note(line);
        _transcript.Note("Say what is to be done. /help lists commands and keys, Esc stops, Ctrl-D leaves.");
        if (resumed is null) return;
        Take(resumed);
        Replay(resumed.Opened.Id);
    }

    void Draw()
    {
        int columns = _screen.Columns, rows = _screen.Rows;
        // While the agent works the cursor rests above, where no resize can lose it; its place in the text is marked.
        bool isMarked = _running is not null || _shell is not null || _arriving is not null;
        List<Styled> lines = [.. _transcript.Live(columns), Styled.Empty, .. _transcript.UnderWay()];
        if (_shellOutput.Open is { Length: > 0 } open) lines.AddRange(Styled.Of(open).Rows(columns - 1));
        if (_shell is { } shell) lines.Add(Activity($"!{shell.Command}, {Seconds(shell.Began)} · Esc stops"));
        if (_arriving is { } arriving) lines.Add(Activity(Doing(arriving)));
        if (_running is { } running && _question is null) lines.Add(Activity(Doing(running)));
        lines.AddRange(_queued.Select(task => Styled.Of(new Piece("  then: ", Style.Dim), new(Shown.Line(task.Seen), Style.Slanted))));
        if (_question is { } question)
        {
            lines.AddRange(question.Lines(columns, rows - 6));
            question.IsShown = true;
        }
        lines.Add(new([new(new('─', Math.Min(columns - 1, RuleWidth)), Style.Dim)]));
        LiveRegion input = _input.View(columns, Math.Max(3, rows / 3), _arriving is not null ? "say what is to be done then, or Esc" : _running is null ? "what is to be done?" : _question is null ? "say more, or Esc" : "", isMarked);
        (int Row, int Column)? cursor = input.Cursor is (int row, int column) ? (lines.Count + row, column) : null;
        lines.AddRange(input.Lines);
        double left = 1 - (double)_tally.Used / Math.Max(1, _model.Card.Window);
        lines.Add(new Status(Name(_model.Card), Math.Clamp(left, 0, 1), _tally.IsPriced ? _tally.Cost : null, Path.GetFileName(_house.Project)).Line(columns));
        _screen.Draw(_transcript.Take(), new([.. lines], cursor));
    }

    /// <summary>The last picture: only what is finished stays.</summary>
    void Part()
    {
        if (_session is { } session) _transcript.Note($"baltoro --resume {session.Opened.Id}   goes on from here");
        _screen.Draw(_transcript.Take(), LiveRegion.None);
        _screen.Close();
    }

    Styled Activity(string what) => Styled.Of(new Piece($"{Spinner[_tick % Spinner.Length]} ", Style.Accent), new(Shown.Line(what), Style.Dim));

    string Doing(Running running)
    {
        string time = Seconds(running.Began);
        if (_left is not null || running.Interruption.AtOnce.IsCancellationRequested) return $"stopping, {time}";
        if (running.Interruption.IsAsked) return $"stopping after this reply or tool, {time} · Esc stops at once";
        if (_waiting is var (notice, since))
        {
            double left = Math.Max(0, (notice.Pause - _clock.GetElapsedTime(since)).TotalSeconds);
            return string.Create(CultureInfo.InvariantCulture, $"asking again in {left:0} s (try {notice.Attempt + 1}) · Esc stops");
        }
        string silence = !_transcript.IsDoing && _clock.GetElapsedTime(_heard) > Silence ? $", no word from the model for {Seconds(_heard)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"working, {time}, {_tally.Steps} steps{silence} · Esc stops");
    }

    string Seconds(long since) => _clock.GetElapsedTime(since) is { TotalSeconds: < 90 } brief
        ? string.Create(CultureInfo.InvariantCulture, $"{brief.TotalSeconds:0} s") : _clock.GetElapsedTime(since).ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture);

    static string Count(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
