// Which of the known models someone asked to see, and at which upstream; it refuses to know how they are shown.

using Baltoro.Chat;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

/// <summary>Each part narrows; null and false narrow nothing.</summary>
sealed record ModelFilter
{
    /// <summary>All of them must occur in an id, name, alias or upstream.</summary>
    public Sequence<string> Words { get; init; }

    public string? Upstream { get; init; }

    public bool OnlyAvailable { get; init; }

    /// <summary>The most that a million tokens of output may cost. A model without a price is not known to be that cheap.</summary>
    public decimal? MaxPrice { get; init; }

    public Sequence<Listing> Apply(Sequence<Listing> all, DateOnly today) => all
        .Select(AtUpstream).OfType<Listing>()
        .Where(model => Words.All(word => Mentions(model, word)))
        .Where(model => !OnlyAvailable || model.HasKey && !(model.Chosen.Retired <= today))
        .Where(model => MaxPrice is null || model.Card.Prices?.Output <= MaxPrice)
        .ToSequence();

    /// <summary>The listing as it looks at the wanted upstream; null when it is not served there.</summary>
    Listing? AtUpstream(Listing model) => Upstream is null ? model
        : model.Served.FirstOrDefault(place => place.Upstream.Name.Equals(Upstream, StringComparison.OrdinalIgnoreCase)) is { } there
        ? model with { Chosen = there } : null;

    static bool Mentions(Listing model, string word) =>
        model.Served.Select(place => place.Upstream.Name).Concat(model.Entry.Aliases).Append(model.Id).Append(model.Name)
            .Any(text => text.Contains(word, StringComparison.OrdinalIgnoreCase));
}
