// What a run showed, as an SVG picture of a terminal. It refuses to know what the lines say.

using System.Globalization;
using System.Net;
using System.Text;
using Baltoro.Cli.Terminal;

namespace Baltoro.Cli.Demo;

static class Recording
{
    /// <summary>Lines of the beginning and of the end that are shown where there are more.</summary>
    const int First = 18, Last = 14;

    const double Wide = 7.8, High = 18;

    public static string Svg(IReadOnlyList<Styled> lines)
    {
        List<Styled> shown = lines.Count <= First + Last ? [.. lines]
            : [.. lines.Take(First), Styled.Of($"      … {lines.Count - First - Last} more lines like these …", Style.Dim), .. lines.Skip(lines.Count - Last)];
        int columns = Math.Max(60, shown.Max(line => line.Width));
        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{columns * Wide + 32:0}\" height=\"{shown.Count * High + 28:0}\" font-family=\"ui-monospace,Menlo,Consolas,monospace\" font-size=\"13\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#14171c\"/>\n");
        for (int i = 0; i < shown.Count; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"16\" y=\"{i * High + 26:0}\" fill=\"#d6dae0\" xml:space=\"preserve\">");
            foreach (Piece piece in shown[i].Pieces) svg.Append(CultureInfo.InvariantCulture, $"<tspan{Look(piece.Style)}>{WebUtility.HtmlEncode(piece.Text)}</tspan>");
            svg.Append("</text>\n");
        }
        return svg.Append("</svg>\n").ToString();
    }

    static string Look(Style style) => style switch
    {
        Style.Dim => " fill=\"#7d8590\"",
        Style.Strong => " font-weight=\"bold\"",
        Style.Slanted => " font-style=\"italic\" fill=\"#a5b0bd\"",
        Style.Code => " fill=\"#6cc7d6\"",
        Style.Good => " fill=\"#63c174\"",
        Style.Bad => " fill=\"#e5706b\"",
        Style.Accent => " fill=\"#c792ea\"",
        _ => "",
    };
}
