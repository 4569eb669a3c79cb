// Finds the configuration files and reads them; what they say is read elsewhere.

using System.CommandLine;
using Baltoro.Agent.Tools;
using Baltoro.Gateway.Ledger;
using Baltoro.Models;

namespace Baltoro.Cli.Commands;

static class ConfigurationLoading
{
    /// <summary>Bytes; the catalogue that `baltoro models update` learns is the largest of them.</summary>
    const int LargestFile = 32 << 20;

    public static Option<string?> Option { get; } = new("--config")
    {
        Description = "Read this file in place of your own configuration file.",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The sources as the surroundings have them; flags that a command has of its own are added with <c>with</c>.</summary>
    /// <param name="file">From <c>--config</c>; null for the user's own file, which need not exist.</param>
    /// <exception cref="UserException">A file that is there, or that was asked for, cannot be read.</exception>
    public static ConfigurationSources Sources(Surroundings around, string? file) => new()
    {
        User = file is not null ? Read(Path.GetFullPath(file, around.Folder), isRequired: true)
            : ConfigurationPaths.User(around.Environment, around.Platform) is { } own ? Read(own, isRequired: false) : null,
        Project = Read(ConfigurationPaths.Project(around.Folder), isRequired: false),
        Learnt = Learnt(around) is { } learnt ? Read(learnt, isRequired: false) : null,
        Environment = around.Environment,
        Today = around.Today,
    };

    /// <summary>Where `baltoro models update` keeps what it learnt; null where there is no home.</summary>
    public static string? Learnt(Surroundings around) =>
        ConfigurationPaths.State(around.Environment, around.Platform) is { } folder ? Path.Combine(folder, CatalogueUpdate.FileName) : null;

    /// <exception cref="UserException">The configuration is not valid; all that is wrong with it is said.</exception>
    public static Settings Settings(ConfigurationSources sources) => Configuration.Read(sources) switch
    {
        Configuration.Valid valid => valid.Settings,
        var invalid => throw new UserException($"{invalid}"),
    };

    /// <summary>Where `baltoro use` leaves its choice: with the other gateways' where they share a server; null where there is neither that nor a home.</summary>
    public static IChoices? Choices(Settings settings, Surroundings around) => settings.Shared is { } url ? new SharedChoices(url, TimeProvider.System)
        : ConfigurationPaths.State(around.Environment, around.Platform) is { } folder ? new ChoiceFile(folder) : null;

    /// <summary>Said where <see cref="Ledger"/> has no place.</summary>
    public const string NoHome = "There is no home folder to keep a ledger in: set HOME or XDG_STATE_HOME.";

    /// <summary>Where requests are written down; null where there is no home and the configuration names no place. The caller disposes it.</summary>
    public static ILedgerStore? Ledger(Settings settings, Surroundings around)
    {
        string address = settings.Ledger ?? "ledger.db";
        try
        {
            if (Ledgers.IsServer(address)) return Ledgers.At(address);
        }
        catch (FormatException e)
        {
            throw new UserException(e.Message);
        }
        // What the program remembers lies together, wherever it was started.
        string? folder = ConfigurationPaths.State(around.Environment, around.Platform);
        return folder is null && !Path.IsPathFullyQualified(address) ? null : Ledgers.At(Path.GetFullPath(address, folder ?? around.Folder));
    }

    /// <summary>The project's may be a pipe, or without end: whoever cloned it has not looked.</summary>
    static ConfigurationFile? Read(string path, bool isRequired) => SmallText.Read(path, LargestFile) switch
    {
        SmallText.Whole whole => new(path, whole.Content),
        SmallText.Refused refused => throw new UserException(TerminalText.SafeLine($"{path}: cannot be read: {refused.Why}")),
        _ => isRequired ? throw new UserException($"{path}: cannot be read: there is no such file.") : null,
    };
}

/// <summary>Something that only the user can put right. The command ends with exit code 2 and this text.</summary>
sealed class UserException(string message) : Exception(message);
