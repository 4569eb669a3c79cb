// The outcome of asking for something by name.

using Baltoro.Chat;

namespace Baltoro.Models;

/// <summary>What a name means.</summary>
public abstract record Lookup<T>
{
    private Lookup() { }

    public sealed record Found(T Value) : Lookup<T>;

    /// <param name="Nearest">Names that may have been meant, nearest first; may be empty.</param>
    public sealed record Unknown(string Name, Sequence<string> Nearest) : Lookup<T>
    {
        public override string ToString() => Nearest.IsEmpty
            ? $"There is no model \"{Name}\"; `baltoro models` lists those that there are."
            : $"There is no model \"{Name}\". Did you mean {string.Join(" or ", Nearest.Select(name => $"\"{name}\""))}?";
    }

    /// <param name="Candidates">Names that each mean one thing.</param>
    public sealed record Ambiguous(string Name, Sequence<string> Candidates) : Lookup<T>
    {
        public override string ToString() => $"\"{Name}\" means more than one model: {string.Join(", ", Candidates)}.";
    }

    /// <summary>A file of the machine that its user has not given free.</summary>
    public sealed record Withheld(string Name) : Lookup<T>
    {
        public override string ToString() =>
            $"\"{Name}\" is a file that clients of this gateway may not name; its configuration would give it free under \"models\", or its folder under \"localFolders\".";
    }

    /// <summary>The same outcome for what the found thing leads to.</summary>
    internal Lookup<TOther> Then<TOther>(Func<T, Lookup<TOther>> next) => this switch
    {
        Found found => next(found.Value),
        Unknown unknown => new Lookup<TOther>.Unknown(unknown.Name, unknown.Nearest),
        Ambiguous ambiguous => new Lookup<TOther>.Ambiguous(ambiguous.Name, ambiguous.Candidates),
        Withheld withheld => new Lookup<TOther>.Withheld(withheld.Name),
        _ => throw new InvalidOperationException($"Unknown outcome {GetType().Name}."),
    };
}
