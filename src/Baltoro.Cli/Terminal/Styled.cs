// A line of text with its styles: what views are made of. It refuses to know escape sequences.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>What a piece of text is, for the eye.</summary>
enum Style
{
    Plain,
    Dim,
    Strong,
    Slanted,
    Code,
    Heading,
    Accent,
    Good,
    Bad,
    Added,
    Removed,

    /// <summary>Where the next letter goes, while the terminal's own cursor is needed elsewhere.</summary>
    Marked,
}

/// <param name="Text">Without line ends and control characters.</param>
readonly record struct Piece(string Text, Style Style = Style.Plain);

/// <summary>One line of a view.</summary>
sealed record Styled(Sequence<Piece> Pieces)
{
    public static readonly Styled Empty = new([]);

    /// <summary>Taken as it is, but made safe.</summary>
    public static Styled Of(string text, Style style = Style.Plain) => new([new(Shown.Line(text), style)]);

    public static Styled Of(params ReadOnlySpan<Piece> pieces)
    {
        List<Piece> safe = [];
        foreach (Piece piece in pieces) safe.Add(piece with { Text = Shown.Line(piece.Text) });
        return new(safe.ToSequence());
    }

    public int Width => Pieces.Sum(piece => Shown.Width(piece.Text));

    public override string ToString() => string.Concat(Pieces.Select(piece => piece.Text));

    /// <summary>The line in rows of at most so many columns, broken between words where that is possible.</summary>
    /// <param name="hang">Columns by which all rows but the first are moved in.</param>
    public IEnumerable<Styled> Rows(int columns, int hang = 0)
    {
        if (Width <= columns)
        {
            yield return this;
            yield break;
        }
        List<Piece> row = [];
        int width = 0;
        foreach ((string word, Style style) in Words())
        {
            int needed = Shown.Width(word.TrimEnd(' '));
            if (width > hang && width + needed > columns)
            {
                yield return new(row.ToSequence());
                Begin();
            }
            foreach (string part in Parts(word, columns - Math.Min(hang, columns - 2)))
            {
                if (width > hang && width + Shown.Width(part.TrimEnd(' ')) > columns)
                {
                    yield return new(row.ToSequence());
                    Begin();
                }
                row.Add(new(part, style));
                width += Shown.Width(part);
            }
        }
        if (row.Count > 0) yield return new(row.ToSequence());

        void Begin()
        {
            row = hang > 0 ? [new(new(' ', Math.Min(hang, columns - 2)))] : [];
            width = Math.Min(hang, columns - 2);
            hang = width;
        }
    }

    /// <summary>Words with the spaces behind them.</summary>
    IEnumerable<(string Word, Style Style)> Words()
    {
        foreach (Piece piece in Pieces)
        {
            int start = 0;
            for (int i = 1; i <= piece.Text.Length; i++)
            {
                if (i < piece.Text.Length && (piece.Text[i] == ' ' || piece.Text[i - 1] != ' ')) continue;
                yield return (piece.Text[start..i], piece.Style);
                start = i;
            }
        }
    }

    /// <summary>A word that is wider than a row, in parts that are not.</summary>
    static IEnumerable<string> Parts(string word, int columns)
    {
        if (Shown.Width(word.TrimEnd(' ')) <= columns)
        {
            yield return word;
            yield break;
        }
        StringBuilder part = new();
        int width = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            string letter = rune.ToString();
            int wide = Shown.Width(letter);
            if (width + wide > columns && part.Length > 0)
            {
                yield return part.ToString();
                part.Clear();
                width = 0;
            }
            part.Append(letter);
            width += wide;
        }
        if (part.Length > 0) yield return part.ToString();
    }

    /// <summary>The line cut at so many columns, with a sign that it was.</summary>
    public Styled Cut(int columns)
    {
        if (Width <= columns) return this;
        List<Piece> kept = [];
        int left = columns - 1;
        foreach (Piece piece in Pieces)
        {
            if (Shown.Width(piece.Text) <= left)
            {
                kept.Add(piece);
                left -= Shown.Width(piece.Text);
                continue;
            }
            StringBuilder text = new();
            foreach (Rune rune in piece.Text.EnumerateRunes())
            {
                int wide = Shown.Width(rune.ToString());
                if (wide > left) break;
                text.Append(rune.ToString());
                left -= wide;
            }
            kept.Add(piece with { Text = $"{text}…" });
            break;
        }
        return new(kept.ToSequence());
    }
}
