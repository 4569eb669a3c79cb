// Reads the public catalogue of models.dev (MIT): https://models.dev/api.json. It refuses to know where the text came from and where it goes.

using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <summary>The outcome of reading a catalogue that came from outside.</summary>
public abstract record ReadUpdate
{
    private ReadUpdate() { }

    public sealed record Taken(CatalogueUpdate Update) : ReadUpdate;

    /// <param name="Problems">All of them, at least one; each with its place in the text.</param>
    public sealed record Refused(Sequence<Problem> Problems) : ReadUpdate;
}

/// <summary>
/// An object of providers, each with <c>models</c> by name; of a model are read <c>name</c>, <c>release_date</c>, <c>tool_call</c>, <c>modalities</c>,
/// <c>limit</c> (tokens), <c>cost</c> (US dollars per million tokens; <c>tiers</c> by context), and <c>base_model</c>, <c>provider/model</c>, whose facts stand where
/// its own are missing, but for those that <c>base_model_omit</c> lists. Members that are not known are passed over.
/// </summary>
public static class ModelsDev
{
    const int MostTokens = 100_000_000;

    /// <summary>Its providers that are upstreams here.</summary>
    static readonly (string Provider, string Upstream, string? Vendor)[] Providers =
    [
        ("novita-ai", "novita", null), ("moonshotai", "moonshot", "moonshotai"), ("zai", "zai", "zai"), ("deepseek", "deepseek", "deepseek"),
        ("anthropic", "anthropic", "anthropic"), ("openai", "openai", "openai"), ("openrouter", "openrouter", null),
    ];

    /// <summary>Vendors by the names that resellers give them.</summary>
    static readonly Dictionary<string, string> Vendors = new() { ["z-ai"] = "zai", ["zai-org"] = "zai", ["thudm"] = "zai", ["deepseek-ai"] = "deepseek" };

    /// <param name="source">Where the text is from, for complaints.</param>
    /// <param name="date">The day as of which it is taken.</param>
    public static ReadUpdate Read(string source, string text, DateOnly date)
    {
        List<Problem> problems = [];
        if (NodeParser.Parse(source, text, problems) is not { } root) return new ReadUpdate.Refused(problems.ToSequence());
        List<LearntModel> learnt = [];
        foreach ((string provider, string upstream, string? vendor) in Providers)
        {
            if (new Fields(root, problems).Object(provider) is not { } found) continue;
            foreach ((string name, Fields fields) in found.Named("models"))
                if (Learn(new(Inherited(root, fields.Source, 0), problems), upstream, vendor, name) is { } model) learnt.Add(model);
        }
        if (problems.Count == 0 && learnt.Count == 0)
            problems.Add(new(root.At, "no model of a provider that is known here", $"the catalogue of models.dev, with one of {string.Join(", ", Providers.Select(known => known.Provider))}"));
        return problems.Count > 0 ? new ReadUpdate.Refused(problems.Distinct().ToSequence()) : new ReadUpdate.Taken(new(date, learnt.ToSequence()));
    }

    static LearntModel? Learn(Fields model, string upstream, string? vendor, string name)
    {
        Fields? limit = model.Object("limit"), modalities = model.Object("modalities");
        int? window = Positive(limit?.Count("context", 0, MostTokens)), output = Positive(limit?.Count("output", 0, MostTokens));
        Prices? prices = model.Object("cost") is { } cost ? ReadPrices(cost) : null;
        string shown = model.Text("name") ?? name;
        bool callsTools = model.Flag("tool_call") == true;
        bool seesImages = modalities?.Texts("input") is { } inputs && inputs.Any(input => input.Value == "image");
        string? day = model.Text("release_date");
        // Resellers list their own aliases beside the models.
        if (name.StartsWith('~')) return null;

        CatalogueEntry? known = Known(upstream, vendor, name);
        // Too little is known of the others to drive an agent with them.
        if (known is null && (!callsTools || window is null)) return null;
        if (window is not null && output > window) output = window;
        Place? place = known?.Places.FirstOrDefault(there => there.Upstream == upstream && there.Model == name);
        return new(known?.Id ?? NewId(vendor, name), upstream, name, window, output, Changed(prices, place?.Facts.Prices),
            known is null ? new(shown, DateOnly.TryParseExact(day, "yyyy-MM-dd", out DateOnly released) ? released : null, seesImages) : null);
    }

    /// <summary>Null where it says nothing new: then what the built-in catalogue knows beyond these four amounts stands.</summary>
    static Prices? Changed(Prices? said, Prices? known) => said is null || known is null ? said
        : (said.Input, said.Output, said.CacheRead, said.CacheWrite) == (known.Input, known.Output, known.CacheRead, known.CacheWrite) && (said.Long is null || said.Long == known.Long) ? null
        : said.CacheWrite == known.CacheWrite ? said with { CacheWriteHour = known.CacheWriteHour } : said;

    static int? Positive(int? count) => count > 0 ? count : null;

    static Prices? ReadPrices(Fields cost)
    {
        if (Amounts(cost) is not { } prices) return null;
        LongPrompt? longPrompt = null;
        if (cost["tiers"] is Node.List tiers)
        {
            foreach (Fields tier in tiers.Items.OfType<Node.Object>().Select(item => cost.Inside(item)))
                if (tier.Object("tier")?.Count("size", 1, MostTokens) is { } above && Amounts(tier) is { } more && (longPrompt is null || above < longPrompt.Above))
                    longPrompt = new(above, more);
        }
        else if (cost.Object("context_over_200k") is { } over && Amounts(over) is { } more) longPrompt = new(200_000, more);
        return prices with { Long = longPrompt };
    }

    static Prices? Amounts(Fields cost)
    {
        decimal? input = cost.Amount("input"), output = cost.Amount("output"), read = cost.Amount("cache_read"), written = cost.Amount("cache_write");
        // Vendors that cache by themselves charge nothing extra for it: a zero there says no more than a gap does.
        return input is { } asked && output is { } answered ? new(asked, answered, read, written > 0 ? written : null) : null;
    }

    /// <summary>The model with the facts of the one that it is based on.</summary>
    static Node.Object Inherited(Node.Object root, Node.Object model, int depth)
    {
        const int Deepest = 4;
        if (depth == Deepest || model["base_model"] is not Node.Text { Value: var path } || path.IndexOf('/', StringComparison.Ordinal) is not (> 0 and var cut)) return model;
        if (root[path[..cut]] is not Node.Object provider || provider["models"] is not Node.Object models || models[path[(cut + 1)..]] is not Node.Object other) return model;
        string[] left = model["base_model_omit"] is Node.List omitted ? [.. omitted.Items.OfType<Node.Text>().Select(name => name.Value)] : [];
        Node.Object inherited = Inherited(root, other, depth + 1);
        // What it costs is each provider's own affair.
        return Node.Over(model, inherited with { Members = inherited.Members.Where(member => member.Name != "cost" && !left.Contains(member.Name)).ToSequence() });
    }

    static CatalogueEntry? Known(string upstream, string? vendor, string name) =>
        Catalogue.BuiltIn.Entries.FirstOrDefault(entry => entry.Places.Any(place => place.Upstream == upstream && place.Model == name))
        ?? Catalogue.BuiltIn.Entries.FirstOrDefault(entry => Plain(entry.Id) == Plain(NewId(vendor, name)) && entry.Places.All(place => place.Upstream != upstream));

    static string NewId(string? vendor, string name)
    {
        if (vendor is not null) return $"{vendor}/{name}";
        int cut = name.IndexOf('/', StringComparison.Ordinal);
        return cut > 0 && Vendors.TryGetValue(name[..cut], out string? known) ? $"{known}{name[cut..]}" : name;
    }

    /// <summary>Vendors and resellers put dots and dashes as they like.</summary>
    static string Plain(string id) => id.ToLowerInvariant().Replace('.', '-');
}
