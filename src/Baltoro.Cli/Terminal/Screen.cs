// The terminal as a place: finished lines go into its scrollback once and for all, a few live lines below them are redrawn. It refuses to know what they say.

using System.Globalization;
using System.Text;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>The live lines, and where the cursor stands in them.</summary>
/// <param name="Row">Among <paramref name="Lines"/>, counted from 0.</param>
/// <param name="Column">Counted from 0.</param>
sealed record LiveRegion(Sequence<Styled> Lines, int Row = 0, int Column = 0)
{
    public static readonly LiveRegion None = new([]);
}

/// <summary>
/// Draws inline, in the normal screen: no alternate screen, no scroll region, so that what is finished can be scrolled, searched and copied as any
/// program's output. A live line never fills its last column, so no terminal wraps it; when the window becomes narrower, the terminal
/// does, and the rows are counted anew. Everything leaves in one write. Not thread-safe.
/// </summary>
/// <param name="size">Columns and rows as they are now.</param>
sealed class Screen(TextWriter output, Func<(int Columns, int Rows)> size, bool colours)
{
    /// <summary>Terminals that know it show nothing until all is drawn (DEC private mode 2026); the others ignore it.</summary>
    const string BeginUpdate = "\e[?2026h", EndUpdate = "\e[?2026l";

    readonly StringBuilder _out = new();
    LiveRegion _drawn = LiveRegion.None;
    int _drawnRow;

    public int Columns => Math.Max(20, size().Columns);

    public int Rows => Math.Max(5, size().Rows);

    /// <summary>Puts finished lines above the live ones, broken to the window's width, and draws the live ones anew.</summary>
    /// <param name="finished">Each with how far its later rows are moved in.</param>
    public void Draw(IReadOnlyList<(Styled Line, int Hang)> finished, LiveRegion live)
    {
        int columns = Columns;
        live = Fit(live, columns, Rows);
        if (finished.Count == 0 && live == _drawn) return;
        _out.Clear();
        _out.Append(BeginUpdate).Append("\e[?25l");
        Erase(columns);
        foreach ((Styled line, int hang) in finished)
        {
            foreach (Styled row in line.Rows(columns - 1, hang))
            {
                Ansi.Write(row, colours, _out);
                _out.Append("\r\n");
            }
        }
        for (int i = 0; i < live.Lines.Count; i++)
        {
            if (i > 0) _out.Append("\r\n");
            Ansi.Write(live.Lines[i], colours, _out);
        }
        _drawn = live;
        _drawnRow = live.Row;
        if (live.Lines.Count > 0)
        {
            Move(live.Row - (live.Lines.Count - 1));
            _out.Append('\r');
            if (live.Column > 0) _out.Append(CultureInfo.InvariantCulture, $"\e[{live.Column}C");
        }
        _out.Append("\e[?25h").Append(EndUpdate);
        Flush();
    }

    /// <summary>Takes the live lines away and leaves the cursor below what is finished.</summary>
    public void Close()
    {
        _out.Clear();
        Erase(Columns);
        _drawn = LiveRegion.None;
        _out.Append("\e[?25h");
        Flush();
    }

    /// <summary>Forgets what was drawn, after somebody else wrote or the window was cleared.</summary>
    public void Clear()
    {
        _drawn = LiveRegion.None;
        output.Write("\e[H\e[2J");
        output.Flush();
    }

    void Erase(int columns)
    {
        if (_drawn.Lines.Count > 0)
        {
            // A line that was wider than the window is now stands in several rows.
            int above = 0;
            for (int i = 0; i < _drawnRow; i++) above += RowsOf(_drawn.Lines[i], columns);
            above += _drawn.Column / columns;
            Move(-above);
        }
        _out.Append("\r\e[J");
    }

    static int RowsOf(Styled line, int columns) => Math.Max(1, (line.Width + columns - 1) / columns);

    void Move(int rows)
    {
        if (rows < 0) _out.Append(CultureInfo.InvariantCulture, $"\e[{-rows}A");
        if (rows > 0) _out.Append(CultureInfo.InvariantCulture, $"\e[{rows}B");
    }

    /// <summary>The live lines as far as the window has room for them; the lowest stay, with the cursor's.</summary>
    static LiveRegion Fit(LiveRegion live, int columns, int rows)
    {
        int most = Math.Max(1, rows - 1);
        int skipped = Math.Max(0, live.Lines.Count - most);
        skipped = Math.Min(skipped, live.Row);
        return new(
            live.Lines.Skip(skipped).Take(most).Select(line => line.Cut(columns - 1)).ToSequence(),
            live.Row - skipped, Math.Min(live.Column, columns - 1));
    }

    void Flush()
    {
        output.Write(_out);
        output.Flush();
    }
}
