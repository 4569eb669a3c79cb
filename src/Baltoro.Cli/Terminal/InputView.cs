// The text that is being written as rows of the window, and where its cursor stands; it refuses to know keys.

using System.Globalization;

namespace Baltoro.Cli.Terminal;

static class InputView
{
    const int Indent = 2;

    readonly record struct Letter(string Shown, int Width, int At, bool IsPaste);

    /// <param name="most">Rows to be shown; those around the cursor are.</param>
    /// <param name="hint">Shown dimmed while nothing is written.</param>
    /// <param name="isMarked">True to mark the cursor's place in the text, and to have none.</param>
    public static LiveRegion Of(Editor editor, Pastes pastes, int columns, int most, string hint, bool isMarked)
    {
        int room = Math.Max(8, columns - Indent - 1);
        List<List<Letter>> rows = [];
        int cursorRow = 0, cursorColumn = 0, at = 0;
        foreach (string line in editor.Text.Split('\n'))
        {
            List<Letter> row = [];
            rows.Add(row);
            int width = 0;
            foreach (Letter letter in Letters(line, at, pastes, room))
            {
                if (width + letter.Width > room)
                {
                    rows.Add(row = []);
                    width = 0;
                }
                if (letter.At == editor.Cursor) (cursorRow, cursorColumn) = (rows.Count - 1, width);
                row.Add(letter);
                width += letter.Width;
            }
            at += line.Length;
            if (at == editor.Cursor)
            {
                // Behind a row that is full the next letter begins a new one.
                if (width >= room) rows.Add([]);
                (cursorRow, cursorColumn) = (rows.Count - 1, width >= room ? 0 : width);
            }
            at++;
        }
        int first = Math.Clamp(cursorRow - most / 2, 0, Math.Max(0, rows.Count - most)), behind = Math.Min(rows.Count, first + most);
        List<Styled> lines = [];
        for (int i = first; i < behind; i++)
        {
            bool isCut = i == first && first > 0 || i == behind - 1 && behind < rows.Count;
            Piece margin = new(isCut ? "⋮ " : i == 0 ? "> " : "  ", isCut ? Style.Dim : Style.Accent);
            lines.Add(new([margin, .. Pieces(rows[i], isMarked ? editor.Cursor : -1, isMarked && i == cursorRow)]));
        }
        if (editor.Text.Length == 0) lines[0] = new([new("> ", Style.Accent), .. isMarked ? (Piece[])[new(" ", Style.Marked)] : [], new(hint, Style.Dim)]);
        return new([.. lines], isMarked ? null : (cursorRow - first, Indent + cursorColumn));
    }

    static IEnumerable<Letter> Letters(string line, int start, Pastes pastes, int room)
    {
        for (int i = 0; i < line.Length;)
        {
            int length = StringInfo.GetNextTextElementLength(line, i);
            string letter = line.Substring(i, length);
            if (pastes.Label(letter) is { } label)
            {
                if (label.Length > room) label = label[..room];
                yield return new(label, label.Length, start + i, IsPaste: true);
            }
            else
            {
                yield return new(Terminal.Shown.Line(letter), Terminal.Shown.Width(letter), start + i, IsPaste: false);
            }
            i += length;
        }
    }

    static IEnumerable<Piece> Pieces(List<Letter> row, int marked, bool holdsMark)
    {
        bool isMarked = false;
        string text = "";
        foreach (Letter letter in row)
        {
            if (letter.At != marked && !letter.IsPaste)
            {
                text += letter.Shown;
                continue;
            }
            if (text.Length > 0) yield return new(text);
            text = "";
            isMarked |= letter.At == marked;
            yield return new(letter.Shown, letter.At == marked ? Style.Marked : Style.Accent);
        }
        if (text.Length > 0) yield return new(text);
        if (holdsMark && !isMarked) yield return new(" ", Style.Marked);
    }
}
