// What a name given to `baltoro use` comes to in one configuration.

using Baltoro.Chat;

namespace Baltoro.Models;

/// <summary>The outcome of choosing what the model name <c>baltoro</c> is to mean.</summary>
public abstract record Choice
{
    private Choice() { }

    /// <summary>Nobody chose: the configuration's default stands.</summary>
    public sealed record None : Choice
    {
        public static readonly None Instance = new();
    }

    /// <param name="Name">As it was chosen: a model's name, a route, or names with commas between them.</param>
    /// <param name="Targets">What will be asked, in this order; at least one.</param>
    /// <param name="Models">All models, with <c>baltoro</c> meaning this one.</param>
    public sealed record Made(string Name, Sequence<Target> Targets, ModelDirectory Models) : Choice;

    /// <param name="Problem">Why the name means nothing here; the configuration's default stands.</param>
    public sealed record Unresolved(string Name, string Problem) : Choice;

    /// <param name="configured">The models as the configuration has them.</param>
    /// <param name="name">Null when nobody chose.</param>
    public static Choice Of(ModelDirectory configured, string? name)
    {
        ArgumentNullException.ThrowIfNull(configured);
        if (name is null) return None.Instance;
        if (ModelDirectory.IsDefault(name)) return new Unresolved(name, "\"baltoro\" cannot mean itself.");
        ModelDirectory chosen = configured.WithDefault(name);
        return chosen.FindAll("baltoro") is Lookup<Sequence<Target>>.Found found
            ? new Made(name, found.Value, chosen)
            : new Unresolved(name, $"{chosen.FindAll("baltoro")}");
    }
}
