// Where a configuration comes from, in rising order of precedence. Files and environment are handed in, never read here.

namespace Baltoro.Models;

/// <summary>A configuration file that was read.</summary>
/// <param name="Path">As complaints are to name it.</param>
public sealed record ConfigurationFile(string Path, string Text);

/// <summary>Everything that configures.</summary>
public sealed record ConfigurationSources
{
    /// <summary>What <c>baltoro models update</c> learnt; null when nothing.</summary>
    public ConfigurationFile? Learnt { get; init; }

    /// <summary>The user's own file, or the one that <c>--config</c> names in its place; null when there is none.</summary>
    public ConfigurationFile? User { get; init; }

    /// <summary>
    /// <c>.baltoro/config.json</c> of the project. It may come from a stranger's repository, so it must not say where keys are sent.
    /// </summary>
    public ConfigurationFile? Project { get; init; }

    /// <summary>Key variables; any that a file names; <c>BALTORO_HOST</c>, <c>BALTORO_PORT</c>, <c>BALTORO_DEFAULT</c>.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>From the command line; null where the user said nothing.</summary>
    public string? Host { get; init; }

    public int? Port { get; init; }

    public string? Default { get; init; }

    /// <summary>The day by which retirements are judged.</summary>
    public DateOnly Today { get; init; } = Catalogue.BuiltIn.Date;
}
