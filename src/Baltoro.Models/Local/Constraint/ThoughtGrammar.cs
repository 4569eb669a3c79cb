// Thoughts of declared forms as a grammar, each place filled with what the conversation has for it. Knows no control tokens.

using System.Collections.Immutable;
using System.Text;
using Baltoro.Chat;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Models.Local;

/// <summary>For one thought.</summary>
sealed class ThoughtGrammar(GrammarBuilder grammar, ThoughtMatter matter)
{
    static readonly ImmutableDictionary<string, string> Nothing = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    readonly Dictionary<ThoughtSlot, Part?> _places = [];

    /// <summary>A thought of one of the forms; any text where none can be thought.</summary>
    public Part Of(Sequence<ThoughtForm> forms)
    {
        Part[] possible = [.. forms.Select(form => From(form.Pieces, 0, Nothing)).OfType<Part>()];
        return possible.Length == 0 ? grammar.Text() : grammar.Choice(possible);
    }

    /// <param name="filled">By name: what stands at the places that others refer to.</param>
    /// <returns>Null where there is nothing for a place.</returns>
    Part? From(Sequence<ThoughtPiece> pieces, int at, ImmutableDictionary<string, string> filled)
    {
        List<Part> parts = [];
        for (; at < pieces.Count; at++)
        {
            if (pieces[at] is ThoughtPiece.Place { Slot: ThoughtSlot.Said } place && IsReferredTo(pieces, at))
            {
                List<(byte[], Part)> ways = [];
                foreach (string said in matter.Said)
                    if (From(pieces, at + 1, filled.SetItem(place.Name, said)) is { } rest) ways.Add((Encoding.UTF8.GetBytes(said), rest));
                if (ways.Count == 0) return null;
                parts.Add(grammar.Branch(ways));
                break;
            }
            Part? part = pieces[at] switch
            {
                ThoughtPiece.Text text => grammar.Literal(Encoding.UTF8.GetBytes(text.Words)),
                ThoughtPiece.Place { Slot: ThoughtSlot.Quote { Behind: { } behind } quote } => Filled(quote with { Behind = filled[behind] }),
                ThoughtPiece.Place other => Filled(other.Slot),
                var unknown => throw new InvalidOperationException($"Unknown piece {unknown}."),
            };
            if (part is null) return null;
            parts.Add(part.Value);
        }
        return grammar.Sequence(parts);
    }

    static bool IsReferredTo(Sequence<ThoughtPiece> pieces, int place) =>
        pieces.Skip(place + 1).Any(piece => piece is ThoughtPiece.Place { Slot: ThoughtSlot.Quote { Behind: { } name } } && name == ((ThoughtPiece.Place)pieces[place]).Name);

    Part? Filled(ThoughtSlot slot)
    {
        if (_places.TryGetValue(slot, out Part? known)) return known;
        return _places[slot] = slot switch
        {
            ThoughtSlot.Free => grammar.Text(),
            ThoughtSlot.Said => OneOf(matter.Said),
            ThoughtSlot.Asked => OneOf(matter.Asked),
            ThoughtSlot.Path => OneOf(matter.Paths),
            ThoughtSlot.Line => OneOf(matter.Lines),
            ThoughtSlot.Number => OneOf(matter.Numbers),
            // Most of what was said stands in no line of the result, which is quicker seen than found out by the lines' automaton.
            ThoughtSlot.Quote { Behind: { } behind } when !matter.Result.Contains(behind, StringComparison.OrdinalIgnoreCase) => null,
            ThoughtSlot.Quote quote => grammar.Quotation(matter.Result, new(quote.Sign, quote.IsPath, quote.Behind)),
            _ => throw new InvalidOperationException($"Unknown slot {slot}."),
        };
    }

    Part? OneOf(IReadOnlyList<string> texts)
    {
        if (texts.Count == 0) return null;
        Part nothing = grammar.Empty();
        return grammar.Branch([.. texts.Select(text => (Encoding.UTF8.GetBytes(text), nothing))]);
    }
}
