// What an update changed, place by place. It refuses to know why.

using Baltoro.Chat;

namespace Baltoro.Models;

/// <summary>A change of one model at one upstream.</summary>
public abstract record CatalogueChange(string Model, string Upstream)
{
    public sealed record Added(string Model, string Upstream) : CatalogueChange(Model, Upstream);

    public sealed record Removed(string Model, string Upstream) : CatalogueChange(Model, Upstream);

    /// <param name="Before">Null where none was known.</param>
    public sealed record Repriced(string Model, string Upstream, Prices? Before, Prices After) : CatalogueChange(Model, Upstream);

    /// <summary>Another window, or another limit of output.</summary>
    public sealed record Resized(string Model, string Upstream, int Window, int Output) : CatalogueChange(Model, Upstream);

    /// <summary>In the order of the models after the change, then those that are gone.</summary>
    public static Sequence<CatalogueChange> Between(ModelDirectory before, ModelDirectory after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        Dictionary<(string, string), Target> old = Places(before), now = Places(after);
        return
        [
            .. now.SelectMany(place => old.TryGetValue(place.Key, out Target? was) ? Of(was, place.Value) : [new Added(place.Key.Item1, place.Key.Item2)]),
            .. old.Keys.Where(key => !now.ContainsKey(key)).Select(key => new Removed(key.Item1, key.Item2)),
        ];
    }

    static IEnumerable<CatalogueChange> Of(Target was, Target now)
    {
        if (now.Card.Prices is { } prices && prices != was.Card.Prices) yield return new Repriced(now.Card.Id, now.Upstream.Name, was.Card.Prices, prices);
        if ((now.Card.Window, now.Card.OutputLimit) != (was.Card.Window, was.Card.OutputLimit)) yield return new Resized(now.Card.Id, now.Upstream.Name, now.Card.Window, now.Card.OutputLimit);
    }

    // One model may be served at one upstream under two names: the first counts.
    static Dictionary<(string, string), Target> Places(ModelDirectory models)
    {
        Dictionary<(string, string), Target> places = [];
        foreach (Target place in models.All.SelectMany(model => model.Served)) places.TryAdd((place.Card.Id, place.Upstream.Name), place);
        return places;
    }
}
