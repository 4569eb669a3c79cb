// Reads the configuration of this machine and folder; what the words in it mean is not known here.

using System.Collections;
using Baltoro.Models;

namespace Baltoro.Cli;

/// <summary>Gathers the files and variables that configure a command.</summary>
static class Configured
{
    /// <param name="file">The file that <c>--config</c> names; null for the user's own.</param>
    /// <param name="flags">What the command line says otherwise.</param>
    /// <exception cref="IOException">A file that was named cannot be read.</exception>
    public static Configuration Read(string? file, Func<ConfigurationSources, ConfigurationSources>? flags = null)
    {
        Dictionary<string, string> environment = [];
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables()) environment[(string)variable.Key] = (string?)variable.Value ?? "";
        Platform platform = OperatingSystem.IsWindows() ? Platform.Windows : OperatingSystem.IsMacOS() ? Platform.MacOS : Platform.Linux;

        ConfigurationSources sources = new()
        {
            User = file is not null ? new(file, File.ReadAllText(file)) : Optional(ConfigurationPaths.User(environment, platform)),
            Project = Optional(ConfigurationPaths.Project(Environment.CurrentDirectory)),
            Environment = environment,
            Today = DateOnly.FromDateTime(DateTime.UtcNow),
        };
        return Configuration.Read(flags is null ? sources : flags(sources));
    }

    static ConfigurationFile? Optional(string? path) => path is not null && File.Exists(path) ? new(path, File.ReadAllText(path)) : null;
}
