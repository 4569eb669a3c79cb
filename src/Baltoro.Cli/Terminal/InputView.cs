// The text that is being written as rows of the window, and where its cursor stands; it refuses to know keys.

using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

static class InputView
{
    const int Indent = 2;

    /// <param name="hint">Shown dimmed while nothing is written.</param>
    public static LiveRegion Of(Editor editor, int columns, string hint)
    {
        int room = Math.Max(8, columns - Indent - 1);
        List<Styled> rows = [];
        int cursorRow = 0, cursorColumn = Indent;
        int at = 0;
        foreach (string line in editor.Text.Split('\n'))
        {
            int start = at;
            foreach (string row in Cut(line, room))
            {
                int end = start + row.Length;
                bool isLastOfLine = end == at + line.Length;
                if (editor.Cursor >= start && (editor.Cursor < end || isLastOfLine && editor.Cursor == end))
                {
                    cursorRow = rows.Count;
                    cursorColumn = Indent + Shown.Width(Shown.Line(editor.Text[start..editor.Cursor]));
                }
                rows.Add(Styled.Of(new Piece(rows.Count == 0 ? "> " : "  ", Style.Accent), new(row)));
                start = end;
            }
            at += line.Length + 1;
        }
        if (editor.Text.Length == 0) rows[0] = Styled.Of(new Piece("> ", Style.Accent), new(hint, Style.Dim));
        return new(rows.ToSequence(), cursorRow, cursorColumn);
    }

    /// <summary>A line in pieces that fit; at least one.</summary>
    static IEnumerable<string> Cut(string line, int room)
    {
        int start = 0, width = 0;
        for (int i = 0; i < line.Length;)
        {
            int length = System.Globalization.StringInfo.GetNextTextElementLength(line, i);
            int wide = Shown.Width(line.AsSpan(i, length));
            if (width + wide > room)
            {
                yield return line[start..i];
                (start, width) = (i, 0);
            }
            width += wide;
            i += length;
        }
        yield return line[start..];
    }
}
