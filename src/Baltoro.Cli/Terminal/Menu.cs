// What a text that is being written can become: a short list to choose from. It refuses to know where its entries are from.

using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <param name="Start">Where in the text the chosen entry begins; it ends at the cursor.</param>
/// <param name="Entries">At least one.</param>
/// <param name="IsMoved">True when a person has chosen, so that Enter means the entry and not the text.</param>
sealed record Menu(int Start, Sequence<string> Entries, int Chosen = 0, bool IsMoved = false)
{
    const int Most = 8;

    public static Menu? Of(int start, IEnumerable<string> entries) => entries.Take(Most).ToSequence() is { IsEmpty: false } some ? new(start, some) : null;

    public Menu Move(int by) => this with { Chosen = (Chosen + by + Entries.Count) % Entries.Count, IsMoved = true };

    public string Entry => Entries[Chosen];

    public IEnumerable<Styled> Lines() => Entries.Select((entry, i) => Styled.Of(new Piece(i == Chosen ? "  › " : "    ", Style.Accent), new(Shown.Line(entry), i == Chosen ? Style.Accent : Style.Dim)));
}
