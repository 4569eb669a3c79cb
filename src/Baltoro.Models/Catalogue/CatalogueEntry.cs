// A model as the catalogue knows it: its names, and the places where it is served. It refuses to know for which of them there is a key.

using Baltoro.Chat;

namespace Baltoro.Models;

/// <summary>One model.</summary>
public sealed record CatalogueEntry
{
    /// <summary><c>vendor/model</c>; for a model of the user's own whatever the configuration calls it.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Other names by which clients may ask for exactly this model.</summary>
    public Sequence<string> Aliases { get; init; }

    /// <summary>The upstream that the configuration insists on; null to choose among <see cref="Places"/>.</summary>
    public string? Preferred { get; init; }

    /// <summary>The upstream run by the model's own vendor; null when unknown.</summary>
    public string? OwnUpstream { get; init; }

    public DateOnly? Released { get; init; }

    /// <summary>What the numbers alone do not say.</summary>
    public string? Note { get; init; }

    public Sequence<Place> Places { get; init; }
}

/// <summary>A model at one upstream.</summary>
/// <param name="Model">The model's name there.</param>
public sealed record Place(string Upstream, string Model)
{
    /// <summary>The day from which on it is no longer served there; may lie ahead.</summary>
    public DateOnly? Retired { get; init; }

    internal Facts Facts { get; init; } = new();

    /// <summary>The dialect that fits the model's family, where nothing better is known.</summary>
    internal Dialect? FamilyDialect { get; init; }
}
