// Styled lines as the text that a terminal takes; the only place that knows escape sequences for looks.

using System.Text;

namespace Baltoro.Cli.Terminal;

/// <summary>The 16 colours that every theme sets, so that a light terminal stays readable.</summary>
static class Ansi
{
    const string Reset = "\e[0m";

    /// <param name="colours">False where the user wants none (<c>NO_COLOR</c>, <c>TERM=dumb</c>).</param>
    public static void Write(Styled line, bool colours, StringBuilder into)
    {
        foreach (Piece piece in line.Pieces)
        {
            // A mark is no colour: without it nobody sees where they write.
            string start = colours || piece.Style == Style.Marked ? Start(piece.Style) : "";
            into.Append(start).Append(piece.Text);
            if (start.Length > 0) into.Append(Reset);
        }
    }

    static string Start(Style style) => style switch
    {
        Style.Dim => "\e[2m",
        Style.Strong => "\e[1m",
        Style.Slanted => "\e[3m",
        Style.Code => "\e[36m",
        Style.Heading => "\e[1;4m",
        Style.Accent => "\e[35m",
        Style.Good => "\e[32m",
        Style.Bad => "\e[31m",
        Style.Added => "\e[32m",
        Style.Removed => "\e[31m",
        Style.Marked => "\e[7m",
        _ => "",
    };
}
