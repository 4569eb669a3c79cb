// The terminal as a place: finished lines go into its scrollback once and for all, a few live lines below them are redrawn. It refuses to know what they say.

using System.Globalization;
using System.Text;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>The live lines, and where the cursor stands in them.</summary>
/// <param name="Cursor">The row among <paramref name="Lines"/> and the column, counted from 0; null for none to be seen.</param>
sealed record LiveRegion(Sequence<Styled> Lines, (int Row, int Column)? Cursor = null)
{
    public static readonly LiveRegion None = new([]);
}

/// <summary>
/// Draws inline, in the normal screen: no alternate screen, no scroll region, so that what is finished can be scrolled, searched and copied as any
/// program's output. Everything leaves in one write. Not thread-safe.
/// </summary>
/// <remarks>
/// What makes it outlast a resize: live lines are written with wrapping switched off, so that each takes one row however wide the window has
/// become meanwhile; and a cursor that is not seen rests where the live lines begin, so that they are erased without counting rows. One
/// that is seen (nothing is drawn then but what a person types) rests in the text; the rows above it are counted as the terminal has wrapped them,
/// which is a guess while the window changes: what stands above it should be short.
/// </remarks>
/// <param name="size">Columns and rows as they are now.</param>
sealed class Screen(TextWriter output, Func<(int Columns, int Rows)> size, bool colours)
{
    /// <summary>Terminals that know it show nothing until all is drawn (DEC private mode 2026); the others ignore it.</summary>
    const string BeginUpdate = "\e[?2026h", EndUpdate = "\e[?2026l";

    const string Hide = "\e[?25l", Show = "\e[?25h", NoWrap = "\e[?7l", Wrap = "\e[?7h";

    /// <summary>What leaves a terminal as it was found, whatever has become of the drawing.</summary>
    public const string Sane = Wrap + Show + EndUpdate;

    readonly StringBuilder _out = new();
    LiveRegion _drawn = LiveRegion.None;
    int _drawnColumns;
    bool _isStale;

    public int Columns => Math.Max(20, size().Columns);

    public int Rows => Math.Max(5, size().Rows);

    /// <summary>Puts finished lines above the live ones, broken to the window's width, and draws the live ones anew.</summary>
    public void Draw(IReadOnlyList<Finished> finished, LiveRegion live)
    {
        int columns = Columns;
        live = Fit(live, columns, Rows);
        if (finished.Count == 0 && !_isStale && columns == _drawnColumns && live == _drawn) return;
        _isStale = false;
        _out.Clear();
        _out.Append(BeginUpdate).Append(Hide);
        Erase(columns);
        foreach ((Styled line, int hang) in finished)
        {
            foreach (Styled part in line.Rows(columns - 1, hang))
            {
                Ansi.Write(part, colours, _out);
                _out.Append("\r\n");
            }
        }
        _out.Append(NoWrap);
        for (int i = 0; i < live.Lines.Count; i++)
        {
            if (i > 0) _out.Append("\r\n");
            Ansi.Write(live.Lines[i], colours, _out);
        }
        _out.Append(Wrap);
        (_drawn, _drawnColumns) = (live, columns);
        (int row, int column) = live.Cursor ?? (0, 0);
        if (live.Lines.Count > 0)
        {
            Move(row - (live.Lines.Count - 1));
            _out.Append('\r');
            if (column > 0) _out.Append(CultureInfo.InvariantCulture, $"\e[{column}C");
        }
        if (live.Cursor is not null) _out.Append(Show);
        _out.Append(EndUpdate);
        Flush();
    }

    /// <summary>Has the next drawing draw anew, whether something is different or not: a window that was low for a moment has lost what stood below the cursor.</summary>
    public void Redraw() => _isStale = true;

    /// <summary>Takes the live lines away and leaves the cursor below what is finished.</summary>
    public void Close()
    {
        _out.Clear();
        Erase(Columns);
        _drawn = LiveRegion.None;
        _out.Append(Sane);
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
        if (_drawn.Cursor is (int row, int column))
        {
            int above = column / columns;
            for (int i = 0; i < row; i++) above += RowsOf(_drawn.Lines[i], columns);
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
        if (live.Cursor is (int at, _)) skipped = Math.Min(skipped, at);
        return new(
            live.Lines.Skip(skipped).Take(most).Select(line => line.Cut(columns - 1)).ToSequence(),
            live.Cursor is (int row, int column) ? (row - skipped, Math.Min(column, columns - 1)) : null);
    }

    void Flush()
    {
        output.Write(_out);
        output.Flush();
    }
}
