// Which model a name means for this user, and where it is had: the catalogue seen through the keys that there are.

using Baltoro.Chat;

namespace Baltoro.Models;

/// <summary>A model at the upstream that will be asked for it.</summary>
public sealed record Target(ModelCard Card, Upstream Upstream)
{
    /// <summary>The day from which on it is no longer served there; may lie ahead.</summary>
    public DateOnly? Retired { get; init; }

    /// <summary>The model file, for a model of this machine; null for any other.</summary>
    public string? File { get; init; }

    /// <summary>Why it cannot be asked: a model file that is not there, or no such file. Null when nothing is known to be wrong.</summary>
    public string? Problem { get; init; }

    /// <summary>Where its prices are from, and of when; null without prices.</summary>
    public string? PriceSource { get; init; }

    /// <summary>False when the upstream needs a key that is not there.</summary>
    public bool HasKey => Upstream.Key is not Key.Missing;
}

/// <summary>A known model and everywhere that it is served.</summary>
/// <param name="Chosen">Where it would be asked.</param>
/// <param name="Served">All places, the chosen one included.</param>
public sealed record Listing(CatalogueEntry Entry, Target Chosen, Sequence<Target> Served)
{
    public string Id => Entry.Id;

    public string Name => Entry.Name;

    public DateOnly? Released => Entry.Released;

    public ModelCard Card => Chosen.Card;

    public bool HasKey => Chosen.HasKey;
}

/// <summary>Finds models by name. Immutable and safe for all threads.</summary>
public sealed class ModelDirectory
{
    readonly Catalogue _catalogue;
    readonly CatalogueReader _reader;
    readonly Sequence<Upstream> _upstreams;
    readonly Sequence<Route> _routes;
    readonly string? _default;
    readonly DateOnly _today;

    internal ModelDirectory(
        Catalogue catalogue, CatalogueReader reader, Sequence<Upstream> upstreams, Sequence<Route> routes, string? chosen, DateOnly today)
    {
        (_catalogue, _reader, _upstreams, _routes, _default, _today) = (catalogue, reader, upstreams, routes, chosen, today);
        All = catalogue.Entries
            .Select(entry => (Entry: entry, Targets: Targets(entry).ToSequence()))
            .Where(model => !model.Targets.IsEmpty)
            .Select(model => new Listing(model.Entry, Choose(model.Entry), model.Targets))
            .ToSequence();
    }

    ModelDirectory(ModelDirectory other, string chosen)
    {
        (_catalogue, _reader, _upstreams, _routes, _today) = (other._catalogue, other._reader, other._upstreams, other._routes, other._today);
        (_default, All) = (chosen, other.All);
    }

    /// <summary>The same models with another default; nothing is checked.</summary>
    internal ModelDirectory WithDefault(string name) => new(this, name);

    /// <summary>Every model of catalogue and configuration, in their order.</summary>
    public Sequence<Listing> All { get; }

    /// <summary>The day of which the built-in facts are.</summary>
    public DateOnly Date => _catalogue.Date;

    /// <summary>
    /// What a name means, tried in this order: <c>baltoro</c> (the default); a route; <c>upstream:model</c>; an id, an alias, a name as some
    /// upstream writes it; <c>upstream/model</c>, also for models that no list names; and any other <c>claude-…</c> is Anthropic's
    /// where there is a key for it, and the default where there is none. Of a route, the first model.
    /// </summary>
    public Lookup<Target> Find(string name) => FindAll(name).Then<Target>(all => new Lookup<Target>.Found(all[0]));

    /// <summary>
    /// The same with all models of a route, in the order in which they are to be asked. Names with commas between them are a route, too.
    /// </summary>
    /// <returns>At least one target, each once; or the first name that means nothing.</returns>
    public Lookup<Sequence<Target>> FindAll(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Contains(',', StringComparison.Ordinal) ? Each(Listed(name), part => Named(Catalogue.Clean(part))) : Named(Catalogue.Clean(name));
    }

    /// <summary>
    /// The same for somebody who is not this machine's user. A file that no configuration names is withheld, unto whether it is there, unless it lies in one of
    /// <paramref name="folders"/>, is what <c>baltoro</c> means, or one of <paramref name="named"/>.
    /// </summary>
    public Lookup<Sequence<Target>> FindForClient(string name, Sequence<string> folders, IReadOnlyCollection<string> named)
    {
        ArgumentNullException.ThrowIfNull(name);
        string[] known = [.. named, .. Listed(_default ?? "")];
        string? withheld = Listed(name).Select(Catalogue.Clean).FirstOrDefault(part =>
            FileOf(part) is { } path && !known.Select(Catalogue.Clean).Contains(part, StringComparer.Ordinal) && !folders.Any(folder => IsInside(path, folder)));
        return withheld is null ? FindAll(name) : new Lookup<Sequence<Target>>.Withheld(withheld);
    }

    /// <summary>The path of a file that only the name says; null for any other name.</summary>
    string? FileOf(string name)
    {
        string prefix = Upstream.Local.Name + ":";
        return name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) && Reachable.Any(upstream => upstream.IsLocal) && FindRoute(name) is null
            && _catalogue.AtUpstream(Upstream.Local.Name, name[prefix.Length..]) is [] ? name[prefix.Length..] : null;
    }

    /// <summary>By the names alone, with <c>..</c> resolved: a link inside a folder is its owner's.</summary>
    static bool IsInside(string path, string folder) =>
        Path.GetFullPath(path).StartsWith(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    Lookup<Sequence<Target>> Named(string name) =>
        IsDefault(name) ? Default() : FindRoute(name) is { } route ? Each(route.Models, Model) : Model(name);

    /// <summary>The same where only models are meant: inside a route.</summary>
    internal Lookup<Target> FindModel(string name) => Model(name).Then<Target>(all => new Lookup<Target>.Found(all[0]));

    Lookup<Sequence<Target>> Model(string name)
    {
        Lookup<Target> known = Known(name);
        // Claude Code asks for Claude by name whatever it was pointed at.
        return IsClaude(name) && (known is Lookup<Target>.Unknown or Lookup<Target>.Found { Value.HasKey: false })
            && Default() is Lookup<Sequence<Target>>.Found { Value: [{ HasKey: true }, ..] } instead ? instead : Alone(known);
    }

    static Lookup<Sequence<Target>> Alone(Lookup<Target> target) => target.Then<Sequence<Target>>(found => new Lookup<Sequence<Target>>.Found([found]));

    static string[] Listed(string names) => names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    static Lookup<Sequence<Target>> Each(IEnumerable<string> names, Func<string, Lookup<Sequence<Target>>> find)
    {
        List<Target> targets = [];
        foreach (string name in names)
        {
            Lookup<Sequence<Target>> outcome = find(name);
            if (outcome is not Lookup<Sequence<Target>>.Found found) return outcome;
            foreach (Target target in found.Value)
                if (!targets.Exists(other => other.Card.Id == target.Card.Id && other.Upstream.Name == target.Upstream.Name)) targets.Add(target);
        }
        return targets.Count == 0 ? new Lookup<Sequence<Target>>.Unknown(string.Join(',', names), []) : new Lookup<Sequence<Target>>.Found(targets.ToSequence());
    }

    Lookup<Target> Known(string name)
    {
        if (Prefixed(name, ':') is { } exact) return exact;
        Lookup<Sequence<CatalogueEntry>> entries = _catalogue.Resolve(IsClaude(name) ? Undated(name) : name);
        if (entries is Lookup<Sequence<CatalogueEntry>>.Found found && Best(found.Value) is { } target) return new Lookup<Target>.Found(target);
        if (Prefixed(name, '/') is { } there) return there;
        if (IsClaude(name) && _upstreams.FirstOrDefault(upstream => upstream.Name == "anthropic") is { } anthropic)
            return new Lookup<Target>.Found(Unlisted(name, anthropic, name));
        return entries.Then<Target>(_ => new Lookup<Target>.Unknown(name, []));
    }

    Lookup<Sequence<Target>> Default()
    {
        if (_default is not null && !IsDefault(_default))
            return Each(FindRoute(_default)?.Models ?? (IEnumerable<string>)Listed(_default), name => Alone(Known(name)));
        Target? first = null;
        foreach (string name in _catalogue.Defaults)
        {
            if (Known(name) is not Lookup<Target>.Found { Value: var target }) continue;
            if (target.HasKey) return new Lookup<Sequence<Target>>.Found([target]);
            first ??= target;
        }
        return first is null ? new Lookup<Sequence<Target>>.Unknown("baltoro", []) : new Lookup<Sequence<Target>>.Found([first]);
    }

    Route? FindRoute(string name) => _routes.FirstOrDefault(route => route.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    internal static bool IsDefault(string name) => name.Equals("baltoro", StringComparison.OrdinalIgnoreCase);

    static bool IsClaude(string name) => name.StartsWith("claude-", StringComparison.OrdinalIgnoreCase);

    /// <summary>What <c>upstream/model</c> means; null when no upstream of that name is there.</summary>
    Lookup<Target>? Prefixed(string name, char separator)
    {
        int cut = name.IndexOf(separator, StringComparison.Ordinal);
        if (cut <= 0 || cut == name.Length - 1) return null;
        string model = name[(cut + 1)..];
        if (Reachable.FirstOrDefault(upstream => upstream.Name.Equals(name[..cut], StringComparison.OrdinalIgnoreCase)) is not { } at) return null;
        // A path may begin with what looks like a separator, and means a file only behind the colon.
        if (at.IsLocal && separator != ':') return null;
        return _catalogue.AtUpstream(at.Name, model) switch
        {
            [] => new Lookup<Target>.Found(Unlisted(name, at, model)),
            [var only] => new Lookup<Target>.Found(At(at, only.Entry.Id, only.Place)),
            var several => new Lookup<Target>.Ambiguous(name, several.Select(served => $"{at.Name}:{served.Place.Model}").ToSequence()),
        };
    }

    Target Unlisted(string name, Upstream upstream, string model) => At(upstream, name, _reader.Unlisted(upstream.Name, model));

    Target? Best(Sequence<CatalogueEntry> entries)
    {
        Target? first = null;
        foreach (CatalogueEntry entry in entries)
        {
            if (!Targets(entry).Any()) continue;
            Target target = Choose(entry);
            if (target.HasKey && !IsRetired(target)) return target;
            first ??= target;
        }
        return first;
    }

    /// <summary>
    /// The configured upstream; else the vendor's own where it still serves the model and there is a key; else any with a key, in the order
    /// of the upstreams. Without any key: the one whose key is to be asked for.
    /// </summary>
    Target Choose(CatalogueEntry entry)
    {
        Target[] all = [.. Targets(entry).OrderBy(target => target.Upstream.Name == entry.OwnUpstream ? 0 : 1)];
        return all.FirstOrDefault(target => target.Upstream.Name == entry.Preferred)
            ?? all.FirstOrDefault(target => !IsRetired(target) && target.HasKey)
            ?? all.FirstOrDefault(target => !IsRetired(target))
            ?? all[0];
    }

    IEnumerable<Target> Targets(CatalogueEntry entry) =>
        from upstream in Reachable
        from place in entry.Places
        where place.Upstream == upstream.Name
        select At(upstream, entry.Id, place);

    /// <summary>The upstreams of the configuration, and this machine behind them unless one of them has taken its name.</summary>
    IEnumerable<Upstream> Reachable => _upstreams.Any(upstream => upstream.Name == Upstream.Local.Name) ? _upstreams : _upstreams.Append(Upstream.Local);

    bool IsRetired(Target target) => target.Retired <= _today;

    static Target At(Upstream upstream, string id, Place place) => upstream.IsLocal
        ? LocalFiles.At(id, place)
        : new(Cards.Card(id, upstream, place), upstream) { Retired = place.Retired, PriceSource = place.Facts.PriceSource };

    /// <summary>Claude Code's small model has a date in its name; the catalogue's names have none.</summary>
    static string Undated(string name) =>
        name.Length > 9 && name[^9] == '-' && name.AsSpan(name.Length - 8).IndexOfAnyExceptInRange('0', '9') < 0 ? name[..^9] : name;
}
