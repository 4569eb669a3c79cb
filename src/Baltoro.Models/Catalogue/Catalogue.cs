// The models that are known, by every name that they go by. It refuses to know which of them this user can reach.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <summary>All known models. Immutable.</summary>
public sealed class Catalogue
{
    internal const string File = "catalogue.json";

    static readonly Lazy<Node.Object> BuiltInFile = new(ReadBuiltIn);
    static readonly Lazy<Catalogue> BuiltInCatalogue = new(() =>
    {
        List<Problem> problems = [];
        Node.Object file = BuiltInFile.Value;
        Catalogue catalogue = new CatalogueReader(file, new(default, []), CatalogueReader.Part(file, "upstreams"), problems).Read();
        return problems.Count == 0 ? catalogue : throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    });

    readonly Dictionary<string, Sequence<CatalogueEntry>> _names = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, Sequence<CatalogueEntry>> _tails = new(StringComparer.OrdinalIgnoreCase);
    readonly Dictionary<string, Sequence<CatalogueEntry>> _aliases = new(StringComparer.OrdinalIgnoreCase);

    internal Catalogue(DateOnly date, Sequence<CatalogueEntry> entries, Sequence<Alias> aliases, Sequence<string> defaults)
    {
        (Date, Entries, Defaults) = (date, entries, defaults);
        Dictionary<string, CatalogueEntry> ids = new(StringComparer.OrdinalIgnoreCase);
        foreach (CatalogueEntry entry in entries) ids.TryAdd(entry.Id, entry);
        foreach (Alias alias in aliases)
            _aliases[alias.Name] = alias.Models.Select(id => ids.GetValueOrDefault(id)).OfType<CatalogueEntry>().ToSequence();
        foreach (CatalogueEntry entry in entries)
        {
            foreach (string alias in entry.Aliases) _aliases[alias] = [entry];
            foreach (Place place in entry.Places)
            {
                Add(_names, place.Model, entry);
                Add(_tails, Tail(place.Model), entry);
            }
            Add(_tails, Tail(entry.Id), entry);
        }
        // An id means its own model, whatever other places call by that name.
        foreach (CatalogueEntry entry in entries) _names[entry.Id] = [entry];
        Aliases = aliases.Select(alias => alias.Name).ToSequence();
    }

    /// <summary>The catalogue that comes with the program.</summary>
    public static Catalogue BuiltIn => BuiltInCatalogue.Value;

    internal static Node.Object BuiltInNodes => BuiltInFile.Value;

    /// <summary>The day of which the built-in facts are.</summary>
    public DateOnly Date { get; }

    public Sequence<CatalogueEntry> Entries { get; }

    /// <summary>Names that stand for the first of several models that can be had.</summary>
    public Sequence<string> Aliases { get; }

    /// <summary>What to try, in order, where nobody named a default.</summary>
    internal Sequence<string> Defaults { get; }

    /// <summary>
    /// The model of this name: an id, an alias, a model's name as some upstream writes it, with <c>upstream/</c> or <c>upstream:</c>
    /// before it or not. Case does not count; neither does <c>[1m]</c> at the end, by which Claude Code asks for a large window.
    /// </summary>
    public Lookup<CatalogueEntry> Find(string name) => Resolve(name).Then<CatalogueEntry>(entries => new Lookup<CatalogueEntry>.Found(entries[0]));

    /// <summary>The same, with all models that an alias stands for, the preferred first. Never empty.</summary>
    internal Lookup<Sequence<CatalogueEntry>> Resolve(string name)
    {
        string wanted = Clean(name);
        if (_aliases.TryGetValue(wanted, out Sequence<CatalogueEntry> entries) && !entries.IsEmpty) return new Lookup<Sequence<CatalogueEntry>>.Found(entries);
        if (_names.TryGetValue(wanted, out entries) || _tails.TryGetValue(wanted, out entries)) return One(name, entries);
        return wanted.IndexOfAny(['/', ':']) is > 0 and var cut && AtUpstream(wanted[..cut], wanted[(cut + 1)..]) is [_, ..] there
            ? One(name, there.Select(found => found.Entry).Distinct().ToSequence())
            : new Lookup<Sequence<CatalogueEntry>>.Unknown(name, Nearest.To(wanted, [.. _aliases.Keys, .. Entries.Select(entry => entry.Id), .. _tails.Keys]));
    }

    /// <summary>The models that are served at an upstream under some name of theirs.</summary>
    internal Sequence<(CatalogueEntry Entry, Place Place)> AtUpstream(string upstream, string name)
    {
        string wanted = Clean(name);
        bool Same(string other) => wanted.Equals(other, StringComparison.OrdinalIgnoreCase);
        var served = Entries.SelectMany(entry => entry.Places, (entry, place) => (Entry: entry, Place: place))
            .Where(at => at.Place.Upstream.Equals(upstream, StringComparison.OrdinalIgnoreCase)).ToArray();
        var exact = served.Where(at => Same(at.Place.Model) || Same(at.Entry.Id) || at.Entry.Aliases.Any(Same)).ToSequence();
        return exact.IsEmpty ? served.Where(at => Same(Tail(at.Place.Model)) || Same(Tail(at.Entry.Id))).ToSequence() : exact;
    }

    /// <summary>The name without what only the client means.</summary>
    internal static string Clean(string name)
    {
        string trimmed = name.Trim();
        return trimmed.EndsWith("[1m]", StringComparison.OrdinalIgnoreCase) ? trimmed[..^4].TrimEnd() : trimmed;
    }

    static Lookup<Sequence<CatalogueEntry>> One(string name, Sequence<CatalogueEntry> entries) => entries.Count == 1
        ? new Lookup<Sequence<CatalogueEntry>>.Found(entries)
        : new Lookup<Sequence<CatalogueEntry>>.Ambiguous(name, entries.Select(entry => entry.Id).ToSequence());

    static string Tail(string name) => name[(name.LastIndexOf('/') + 1)..];

    static void Add(Dictionary<string, Sequence<CatalogueEntry>> names, string name, CatalogueEntry entry)
    {
        Sequence<CatalogueEntry> before = names.GetValueOrDefault(name);
        if (!before.Any(known => known.Id == entry.Id)) names[name] = [.. before, entry];
    }

    static Node.Object ReadBuiltIn()
    {
        using Stream stream = typeof(Catalogue).Assembly.GetManifestResourceStream(File)
            ?? throw new InvalidOperationException($"{File} is not in the assembly.");
        using StreamReader reader = new(stream);
        List<Problem> problems = [];
        Node.Object? nodes = NodeParser.Parse(File, reader.ReadToEnd(), problems);
        return problems.Count == 0 ? nodes! : throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
    }
}
