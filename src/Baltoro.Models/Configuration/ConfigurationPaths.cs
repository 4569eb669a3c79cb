// Where the program's files are on each platform; it refuses to look whether they are there.

namespace Baltoro.Models;

public static class ConfigurationPaths
{
    /// <summary>The user's own file: <c>XDG_CONFIG_HOME</c> where it is set, else the platform's folder. Null without a home.</summary>
    public static string? User(IReadOnlyDictionary<string, string> environment, Platform platform)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return Folder(environment, platform, "XDG_CONFIG_HOME", "APPDATA", ".config") is { } folder ? Path.Combine(folder, "config.json") : null;
    }

    /// <summary>
    /// The folder of what the program remembers between runs: <c>XDG_STATE_HOME</c> where it is set, else the platform's folder. Null without a
    /// home. It need not exist.
    /// </summary>
    public static string? State(IReadOnlyDictionary<string, string> environment, Platform platform)
    {
        ArgumentNullException.ThrowIfNull(environment);
        return Folder(environment, platform, "XDG_STATE_HOME", "LOCALAPPDATA", Path.Combine(".local", "state"));
    }

    /// <summary>The project's file.</summary>
    public static string Project(string folder) => Path.Combine(folder, ".baltoro", "config.json");

    static string? Folder(IReadOnlyDictionary<string, string> environment, Platform platform, string xdg, string windows, string unix)
    {
        // The XDG specification: a path that is not absolute counts as unset.
        string? folder = Variable(xdg) is { } said && Path.IsPathRooted(said) ? said : platform switch
        {
            Platform.Windows => Variable(windows),
            Platform.MacOS => Variable("HOME") is { } home ? Path.Combine(home, "Library", "Application Support") : null,
            _ => Variable("HOME") is { } home ? Path.Combine(home, unix) : null,
        };
        return folder is null ? null : Path.Combine(folder, "baltoro");

        string? Variable(string name) => environment.TryGetValue(name, out string? value) && value.Length > 0 ? value : null;
    }
}

/// <summary>The platforms whose folders differ.</summary>
public enum Platform
{
    Linux,
    MacOS,
    Windows,
}
