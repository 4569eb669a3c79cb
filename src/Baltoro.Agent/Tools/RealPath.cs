// Where a path leads once every link on the way is followed. It opens nothing.

namespace Baltoro.Agent.Tools;

/// <summary>Follows links.</summary>
public static class RealPath
{
    /// <summary>As many as Linux follows.</summary>
    const int MaxLinks = 40;

    /// <summary>
    /// The path with every link in it followed, also links in the middle and links to what does not exist. What does not exist has
    /// no links and stays as it is.
    /// </summary>
    /// <param name="absolute">Absolute.</param>
    /// <exception cref="IOException">More than 40 links: a circle.</exception>
    public static string Of(string absolute)
    {
        if (OperatingSystem.IsWindows()) return Path.GetFullPath(absolute);
        Stack<string> left = new(Parts(absolute).Reverse());
        string done = "/";
        int links = 0;
        while (left.TryPop(out string? part))
        {
            if (part == ".") continue;
            if (part == "..")
            {
                done = Path.GetDirectoryName(done) ?? "/";
                continue;
            }
            string next = Path.Join(done, part);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                done = next;
                continue;
            }
            if (++links > MaxLinks) throw new IOException($"{absolute}: links that lead in a circle.");
            if (target.StartsWith('/')) done = "/";
            foreach (string piece in Parts(target).Reverse()) left.Push(piece);
        }
        return done;
    }

    static string[] Parts(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);
}
