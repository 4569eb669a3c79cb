// Whether there are keys, and whether the name `baltoro` leads to a model that can be asked. Nobody is asked.

using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Checkup;

static class ModelChecks
{
    /// <summary>Days.</summary>
    const int OldAfter = 90;

    public static IEnumerable<Finding> Keys(Settings settings)
    {
        string[] present = [.. settings.Upstreams.Where(upstream => upstream.Key is Key.Set).Select(upstream => upstream.Name)];
        Key.Missing[] missing = [.. settings.Upstreams.Select(upstream => upstream.Key).OfType<Key.Missing>()];
        if (settings.Upstreams.Any(upstream => upstream.Key is not Key.Missing))
            yield return new Finding.Good("keys", present.Length > 0 ? $"set for {string.Join(", ", present)}" : "none is needed");
        else yield return new Finding.Wrong("keys", "no upstream has one", $"set one of {string.Join(", ", missing.Select(key => key.Variable))}");
    }

    /// <summary>Prices and new models are as old as the catalogue.</summary>
    public static Finding Catalogue(Settings settings, Surroundings around) => around.Today.DayNumber - settings.Models.Date.DayNumber is > OldAfter and var days
        ? new Finding.Note("catalogue", $"{days} days old: prices and windows may have changed", "baltoro models update")
        : new Finding.Good("catalogue", $"of {settings.Models.Date:yyyy-MM-dd}");

    public static IEnumerable<Finding> Default(Settings settings, Surroundings around)
    {
        Choice choice;
        string? unreadable = null;
        try
        {
            choice = Choice.Of(settings.Models, ConfigurationLoading.Choices(settings, around)?.Read());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UserException)
        {
            (choice, unreadable) = (Choice.None.Instance, e.Message);
        }
        if (unreadable is not null) yield return new Finding.Wrong("choice", $"cannot be read: {unreadable}", "put the rights of its file, or the server that keeps it, right");
        if (choice is Choice.Unresolved unresolved)
            yield return new Finding.Wrong("choice", $"\"{unresolved.Name}\" is not served here: {unresolved.Problem}", "baltoro use MODEL, or baltoro use --reset");

        ModelDirectory models = choice is Choice.Made made ? made.Models : settings.Models;
        if (models.FindAll("baltoro") is not Lookup<Sequence<Target>>.Found { Value: var targets }) yield break;
        string means = $"\"baltoro\" means {UseCommand.Describe(targets)}";
        if (targets.FirstOrDefault(target => target.HasKey) is not { } usable)
            yield return new Finding.Wrong("default model", $"{means}, for which there is no key", $"set {((Key.Missing)targets[0].Upstream.Key).Variable}, or baltoro use MODEL");
        else if (usable.Retired <= around.Today)
            yield return new Finding.Wrong("default model", $"{means}, which is gone since {usable.Retired:yyyy-MM-dd}", "baltoro use MODEL");
        else yield return new Finding.Good("default model", means);
    }
}
