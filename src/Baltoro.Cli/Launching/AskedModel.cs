// The models that a client is started with: the names it will ask for, and what they mean now. It refuses to know which client.

using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Launching;

/// <param name="Name">As the client will ask for it.</param>
/// <param name="Small">The same for what is small: titles and the like, never the conversation itself.</param>
/// <param name="Targets">What the first means at the moment; at least one.</param>
sealed record AskedModel(string Name, string Small, Sequence<Target> Targets)
{
    /// <param name="name">Null for `baltoro`, so that `baltoro use` can switch the client while it runs.</param>
    /// <param name="small">Null for the same as <paramref name="name"/>.</param>
    /// <exception cref="UserException">A name means nothing.</exception>
    public static AskedModel Of(string? name, string? small, Settings settings, IChoices? choices)
    {
        ModelDirectory models = Choice.Of(settings.Models, choices?.Read()) is Choice.Made made ? made.Models : settings.Models;
        string main = name ?? "baltoro";
        if (small is not null) Find(models, small);
        return new(main, small ?? main, Find(models, main));
    }

    /// <exception cref="UserException">There is no key for any of them; it says which to set.</exception>
    public AskedModel WithKey(Settings settings)
    {
        if (Targets.Any(target => target.HasKey)) return this;
        string[] all = [.. settings.Upstreams.Select(upstream => upstream.Key).OfType<Key.Missing>().Select(key => key.Variable)];
        bool isDefault = Name == "baltoro" && settings.Upstreams.All(upstream => upstream.Key is Key.Missing);
        throw new UserException(isDefault
            ? $"No upstream has a key yet. Set one of these variables and start this again:\n  {string.Join(", ", all)}"
            : $"There is no key for {Targets[0].Card.Id}: set {((Key.Missing)Targets[0].Upstream.Key).Variable}, or choose another model (`baltoro models --available`).");
    }

    public Destination At(string url, Surroundings around)
    {
        Destination there = Destination.Of(url, Name, Small, Targets);
        return around.GatewayKey is { } key ? there with { Token = key } : there;
    }

    public string Describe() => UseCommand.Describe([Targets.FirstOrDefault(target => target.HasKey) ?? Targets[0]]);

    static Sequence<Target> Find(ModelDirectory models, string name) => models.FindAll(name) switch
    {
        Lookup<Sequence<Target>>.Found found => found.Value,
        var other => throw new UserException($"{other}"),
    };
}
