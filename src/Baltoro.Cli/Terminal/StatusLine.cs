// The line at the bottom: which model, how much room and money, where. It refuses to know where the numbers are from.

using System.Globalization;

namespace Baltoro.Cli.Terminal;

/// <param name="ContextLeft">Of the window, from 0 to 1.</param>
/// <param name="Cost">US dollars so far; null where the model's price is not known.</param>
sealed record Status(string Model, double ContextLeft, decimal? Cost, string Folder)
{
    /// <summary>What is least needed goes first when the window is narrow.</summary>
    public Styled Line(int columns)
    {
        string left = string.Create(CultureInfo.InvariantCulture, $"{Math.Round(ContextLeft * 100):0} % left");
        string cost = Cost is { } known ? string.Create(CultureInfo.InvariantCulture, $"${known:0.0000}") : "price unknown";
        Style room = ContextLeft < 0.2 ? Style.Bad : Style.Dim;
        foreach (string[] parts in (string[][])[[Model, left, cost, Folder], [Model, left, cost], [Model, left]])
        {
            Styled line = Styled.Of(parts.SelectMany((part, i) => (Piece[])[new(i == 0 ? "  " : " · ", Style.Dim), new(part, i == 1 ? room : Style.Dim)]).ToArray());
            if (line.Width < columns) return line;
        }
        return Styled.Of(new Piece($"  {left}", room));
    }
}
