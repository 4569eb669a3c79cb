// Reads catalogue and user's corrections into entries. Facts are laid over each other here, and nowhere else:
// family, model, what is assumed of the upstream, the place, and above all the user's words.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <param name="catalogue">The whole catalogue file.</param>
/// <param name="corrections">The <c>models</c> of the user's configuration; empty when there are none.</param>
/// <param name="upstreams">The upstreams as merged from both.</param>
sealed class CatalogueReader(Node.Object catalogue, Node.Object corrections, Node.Object upstreams, List<Problem> problems)
{
    readonly Fields _root = new(catalogue, problems);
    readonly Node.Object _models = Part(catalogue, "models");
    readonly Node.Object _families = Part(catalogue, "families");
    readonly Node.Object _vendors = Part(catalogue, "vendors");

    readonly Dictionary<string, string> _owners = new(StringComparer.OrdinalIgnoreCase);

    public static Node.Object Part(Node.Object node, string name) => node[name] as Node.Object ?? new(node.At with { Path = name }, []);

    public Catalogue Read()
    {
        Sequence<CatalogueEntry> entries = _models.Members.Select(member => member.Name)
            .Union(corrections.Members.Select(member => member.Name))
            .Select(Entry).OfType<CatalogueEntry>().ToSequence();
        Sequence<Alias> aliases = Part(catalogue, "aliases") is var map
            ? map.Members.Select(member => new Alias(member.Name, new Fields(map, problems).Texts(member.Name)!.Value.Select(text => text.Value).ToSequence())).ToSequence()
            : [];
        Catalogue result = new(_root.Date("date") ?? default, entries, aliases, (_root.Texts("default") ?? []).Select(text => text.Value).ToSequence());
        foreach (string known in new[] { "aliases", "vendors", "upstreams", "families", "models" }) _ = _root[known];
        _root.Close();
        return result;
    }

    CatalogueEntry? Entry(string id)
    {
        if (corrections[id] is Node.Null) return null;
        Node.Object? known = _models[id] as Node.Object;
        if (corrections[id] is { } node and not Node.Object) problems.Add(new(node.At, node.Shown, "an object"));
        Node.Object? words = corrections[id] as Node.Object;
        Node.Object merged = Node.Layered(known, words);
        Fields entry = new(merged, problems);
        Facts.Read(entry);
        string? preferred = entry.Text("upstream"), nameThere = entry.Text("model");
        CatalogueEntry result = new()
        {
            Id = id,
            Name = entry.Text("name") ?? id,
            Aliases = (entry.Texts("as") ?? []).Where(alias => IsOwn(alias, id, entry)).Select(alias => alias.Value).ToSequence(),
            Preferred = preferred,
            OwnUpstream = id.Split('/') is [var vendor, _, ..] && _vendors[vendor] is Node.Text own ? own.Value : null,
            Released = entry.Date("released"),
            Note = entry.Text("note"),
        };
        Node.Object? family = Family(entry, id);
        if (preferred is not null && upstreams[preferred] is null && preferred != Upstream.Local.Name)
            entry.Complain(merged["upstream"]!.At, $"\"{preferred}\"", UpstreamExpected(preferred));
        List<Place> places = [];
        foreach ((string upstream, Fields place) in entry.Named("at"))
        {
            if (upstreams[upstream] is null && upstream != Upstream.Local.Name) place.Complain(place.At, $"\"{upstream}\"", UpstreamExpected(upstream));
            Facts.Read(place);
            // The user's name for it goes with the upstream that he names.
            string? said = place.Text("model");
            places.Add(At(upstream, (upstream == preferred ? nameThere : null) ?? said ?? id, family, known, words));
            place.Close();
        }
        if (preferred is not null && places.All(place => place.Upstream != preferred))
            places.Add(At(preferred, nameThere ?? Unprefixed(id, preferred), family, known, words));
        entry.Close();
        if (places.Count == 0) entry.Complain(entry.At, "a model without an upstream", "\"upstream\"");
        return result with { Places = places.ToSequence() };
    }

    /// <summary>Two models of one alias would leave to chance which is asked.</summary>
    bool IsOwn(Node.Text alias, string id, Fields entry)
    {
        if (_owners.TryAdd(alias.Value, id)) return true;
        entry.Complain(alias.At, $"{alias.Shown} a second time (after {_owners[alias.Value]})", "a name that no other model has");
        return false;
    }

    /// <summary>A model that no list names, at an upstream that was named.</summary>
    public Place Unlisted(string upstream, string model) => At(upstream, model, FamilyOf(model), null, null);

    Place At(string upstream, string model, Node.Object? family, Node.Object? known, Node.Object? words)
    {
        Node.Object? served = upstreams[upstream] as Node.Object;
        Node.Object? assumed = served?["assume"] as Node.Object;
        Node.Object? dialect = served?["dialect"] is { } word ? new(word.At, [new("dialect", word)]) : null;
        Node.Object spoken = Node.Layered(assumed, dialect, PlaceIn(known), words, PlaceIn(words));
        Node.Object merged = Node.Layered(family, known, spoken);
        Facts facts = Facts.Read(new(merged, problems));
        Facts.CheckComplete(merged, problems);
        Dialect? said = Vocabulary.Dialects[Word(spoken, "dialect")];
        if (words?["dialect"] is { } asked && said is { } accent && Vocabulary.Formats[Word(served, "format")] is { } format && !Fits(accent, format))
            problems.Add(new(asked.At, asked.Shown, $"a dialect of the format \"{Vocabulary.Formats[format]}\", which \"{upstream}\" speaks"));
        return new(upstream, model)
        {
            Retired = facts.Retired,
            Facts = facts with { Dialect = said },
            FamilyDialect = Vocabulary.Dialects[Word(Node.Layered(family, known), "dialect")],
        };

        Node.Object? PlaceIn(Node.Object? entry) => (entry?["at"] as Node.Object)?[upstream] as Node.Object;
    }

    /// <summary>Whether a dialect is one of this format.</summary>
    public static bool Fits(Dialect dialect, WireFormat format) => (dialect is Dialect.Claude or Dialect.Messages) == (format == WireFormat.Anthropic);

    /// <summary>Someone's own <c>lab/qwen</c> at <c>lab</c> is called <c>qwen</c> there.</summary>
    static string Unprefixed(string id, string upstream) => id.StartsWith(upstream + "/", StringComparison.Ordinal) ? id[(upstream.Length + 1)..] : id;

    static string Word(Node.Object? node, string name) => (node?[name] as Node.Text)?.Value ?? "";

    Node.Object? Family(Fields entry, string id)
    {
        if (entry.Text("family") is not { } name) return FamilyOf(id) ?? FamilyOf((entry.Source["model"] as Node.Text)?.Value ?? "");
        if (_families[name] is Node.Object family) return WithoutNames(family);
        entry.Complain(entry.Source["family"]!.At, $"\"{name}\"", string.Join(" | ", _families.Members.Select(member => member.Name)));
        return null;
    }

    Node.Object? FamilyOf(string model)
    {
        foreach (Member family in _families.Members)
            if (family.Value is Node.Object facts && facts["named"] is Node.List named
                && named.Items.Any(part => part is Node.Text text && model.Contains(text.Value, StringComparison.OrdinalIgnoreCase)))
                return WithoutNames(facts);
        return null;
    }

    static Node.Object WithoutNames(Node.Object family) =>
        family with { Members = family.Members.Where(member => member.Name != "named").ToSequence() };

    string UpstreamExpected(string name) => Nearest.To(name, upstreams.Members.Select(member => member.Name)) switch
    {
        [var nearest, ..] => $"an upstream; the nearest is \"{nearest}\"",
        _ => $"an upstream: {string.Join(", ", upstreams.Members.Select(member => member.Name))}",
    };
}

/// <summary>A name that stands for the first of several models that can be had.</summary>
sealed record Alias(string Name, Sequence<string> Models);
