// Where the configuration files are on each platform; it refuses to look whether they are there.

namespace Baltoro.Models;

public static class ConfigurationPaths
{
    /// <summary>The user's own file: <c>XDG_CONFIG_HOME</c> where it is set, else the platform's folder. Null without a home.</summary>
    public static string? User(IReadOnlyDictionary<string, string> environment, Platform platform)
    {
        ArgumentNullException.ThrowIfNull(environment);
        // The XDG specification: a path that is not absolute counts as unset.
        string? folder = Variable("XDG_CONFIG_HOME") is { } xdg && Path.IsPathRooted(xdg) ? xdg : platform switch
        {
            Platform.Windows => Variable("APPDATA"),
            Platform.MacOS => Variable("HOME") is { } home ? Path.Combine(home, "Library", "Application Support") : null,
            _ => Variable("HOME") is { } home ? Path.Combine(home, ".config") : null,
        };
        return folder is null ? null : Path.Combine(folder, "baltoro", "config.json");

        string? Variable(string name) => environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
    }

    /// <summary>The project's file.</summary>
    public static string Project(string folder) => Path.Combine(folder, ".baltoro", "config.json");
}

/// <summary>The platforms whose folders differ.</summary>
public enum Platform
{
    Linux,
    MacOS,
    Windows,
}
