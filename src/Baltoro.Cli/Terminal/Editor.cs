// The text that a person is writing: a value, and what each key makes of it. It refuses to know what the text is for.

using System.Globalization;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <param name="Text">May have several lines.</param>
/// <param name="Cursor">Between 0 and the text's length, never inside of a letter.</param>
/// <param name="History">What was sent before, oldest first.</param>
sealed record Editor(string Text, int Cursor, Sequence<string> History)
{
    public static readonly Editor Empty = new("", 0, []);

    public static Editor Remembering(Sequence<string> history) => new("", 0, history) { At = history.Count };

    /// <summary>The entry of the history that is shown; its length for the text that is being written.</summary>
    int At { get; init; }

    /// <summary>What was being written before the history was looked at.</summary>
    string Draft { get; init; } = "";

    /// <summary>Ready for the next text; this one is remembered, unless it repeats the last.</summary>
    public Editor Sent()
    {
        Sequence<string> history = Text.Length == 0 || History is [.., var last] && last == Text ? History : [.. History, Text];
        return Remembering(history);
    }

    public Editor With(string text) => this with { Text = text, Cursor = text.Length };

    public Editor Insert(string text) => this with { Text = Text.Insert(Cursor, text), Cursor = Cursor + text.Length };

    /// <summary>True where shells go on in the next line.</summary>
    public bool IsBehindBackslash => Cursor > 0 && Text[Cursor - 1] == '\\';

    /// <summary>What a stroke makes of the text; the same value where it means nothing here.</summary>
    public Editor Apply(Stroke stroke) => stroke switch
    {
        Stroke.NewLine => Insert("\n"),
        Stroke.Backspace => Delete(Before(Cursor), Cursor),
        Stroke.Delete => Delete(Cursor, After(Cursor)),
        Stroke.Left => this with { Cursor = Before(Cursor) },
        Stroke.Right => this with { Cursor = After(Cursor) },
        Stroke.Home => this with { Cursor = LineStart },
        Stroke.End => this with { Cursor = LineEnd },
        Stroke.WordLeft => this with { Cursor = WordStart },
        Stroke.WordRight => this with { Cursor = WordEnd },
        Stroke.DeleteWord => Delete(WordStart, Cursor),
        Stroke.DeleteToStart => Delete(LineStart, Cursor),
        Stroke.DeleteToEnd => Delete(Cursor, LineEnd == Cursor ? After(Cursor) : LineEnd),
        Stroke.Up => LineStart > 0 ? this with { Cursor = Vertical(-1) } : Show(At - 1),
        Stroke.Down => LineEnd < Text.Length ? this with { Cursor = Vertical(1) } : Show(At + 1),
        _ => this,
    };

    int LineStart => Cursor == 0 ? 0 : Text.LastIndexOf('\n', Cursor - 1) + 1;

    int LineEnd => Text.IndexOf('\n', Cursor) is >= 0 and var end ? end : Text.Length;

    int WordStart
    {
        get
        {
            int at = Cursor;
            while (at > 0 && char.IsWhiteSpace(Text[at - 1])) at--;
            while (at > 0 && !char.IsWhiteSpace(Text[at - 1])) at--;
            return at;
        }
    }

    int WordEnd
    {
        get
        {
            int at = Cursor;
            while (at < Text.Length && char.IsWhiteSpace(Text[at])) at++;
            while (at < Text.Length && !char.IsWhiteSpace(Text[at])) at++;
            return at;
        }
    }

    Editor Delete(int start, int end) => this with { Text = Text.Remove(start, end - start), Cursor = start };

    int After(int at) => at >= Text.Length ? at : at + StringInfo.GetNextTextElementLength(Text, at);

    int Before(int at)
    {
        if (at == 0) return 0;
        int start = Math.Max(0, at - 1);
        // From the line's start, because a letter's beginning can only be found from its left.
        for (int i = Text.LastIndexOf('\n', start) is >= 0 and var line && line < start ? line + 1 : 0; i < at; i += StringInfo.GetNextTextElementLength(Text, i)) start = i;
        return start;
    }

    /// <summary>The same column one line up or down, or the nearest that is there.</summary>
    int Vertical(int direction)
    {
        int column = Cursor - LineStart;
        int start = direction < 0 ? (LineStart < 2 ? 0 : Text.LastIndexOf('\n', LineStart - 2) + 1) : LineEnd + 1;
        int end = direction < 0 ? LineStart - 1 : Text.IndexOf('\n', start) is >= 0 and var next ? next : Text.Length;
        int at = start;
        while (at < end && at - start < column) at = After(at);
        return Math.Min(at, end);
    }

    Editor Show(int entry)
    {
        if (entry < 0 || entry > History.Count || entry == At) return this;
        string draft = At == History.Count ? Text : Draft;
        string text = entry == History.Count ? draft : History[entry];
        return With(text) with { At = entry, Draft = draft };
    }
}
