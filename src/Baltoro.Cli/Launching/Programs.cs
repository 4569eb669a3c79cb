// Finds programs as a shell would; it refuses to start them.

namespace Baltoro.Cli.Launching;

static class Programs
{
    /// <summary>The first file of that name on the path that can be run; null when there is none.</summary>
    public static string? Find(string name, IReadOnlyDictionary<string, string> environment)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd", ".bat"] : [""];
        return (
            from folder in environment.GetValueOrDefault("PATH", "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            from ending in endings
            let file = Path.Combine(folder, name + ending)
            where File.Exists(file) && CanBeRun(file)
            select file).FirstOrDefault();
    }

    static bool CanBeRun(string file) => OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(file) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;
}
