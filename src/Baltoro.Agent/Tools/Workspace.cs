// The folder a session works in, and how the paths that a model writes become paths of this machine. It does not judge them.

namespace Baltoro.Agent.Tools;

/// <summary>Where a session works. Immutable; safe from any thread.</summary>
public sealed class Workspace
{
    /// <param name="folder">The project's folder; it exists.</param>
    /// <param name="scratch">Where long outputs go; it exists and belongs to the session.</param>
    /// <param name="privateTmp">What the sandboxed shell sees as <c>/tmp</c>, so that the file tools see the same; null when it sees the machine's.</param>
    public Workspace(string folder, string scratch, string? privateTmp = null)
    {
        Folder = RealPath.Of(Path.GetFullPath(folder));
        Scratch = RealPath.Of(Path.GetFullPath(scratch));
        PrivateTmp = privateTmp is null ? null : RealPath.Of(Path.GetFullPath(privateTmp));
    }

    /// <summary>Absolute, with links resolved.</summary>
    public string Folder { get; }

    /// <summary>Absolute, with links resolved.</summary>
    public string Scratch { get; }

    public string? PrivateTmp { get; }

    /// <summary>
    /// Asked about the real path of what is about to be read or written, once it is held: between a call's judgement and its work, a command
    /// in the background may have put a link in the way. Null permits.
    /// </summary>
    public Func<string, bool>? MayRead { get; init; }

    /// <summary>The same for writing.</summary>
    public Func<string, bool>? MayWrite { get; init; }

    /// <summary>The absolute path that a model's path means: relative ones start at the project's folder, <c>~</c> is the home folder. Links stay.</summary>
    public string Absolute(string path)
    {
        if (path is "~" || path.StartsWith("~/", StringComparison.Ordinal))
            path = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..];
        string full = Path.GetFullPath(path, Folder);
        if (PrivateTmp is null || IsWithin(full, Folder) || IsWithin(full, Scratch) || !IsWithin(full, "/tmp")) return full;
        return Path.Join(PrivateTmp, full["/tmp".Length..]);
    }

    /// <summary>A path as it is shown to the model: relative inside the project, absolute elsewhere.</summary>
    public string Shown(string absolute)
    {
        if (absolute == Folder) return ".";
        if (IsWithin(absolute, Folder)) return Path.GetRelativePath(Folder, absolute);
        if (PrivateTmp is not null && IsWithin(absolute, PrivateTmp)) return "/tmp" + absolute[PrivateTmp.Length..];
        return absolute;
    }

    /// <summary>Whether <paramref name="path"/> is <paramref name="folder"/> or lies in it. Both absolute; says nothing about links.</summary>
    public static bool IsWithin(string path, string folder) =>
        path.StartsWith(folder, StringComparison.Ordinal)
        && (path.Length == folder.Length || folder.EndsWith(Path.DirectorySeparatorChar) || path[folder.Length] == Path.DirectorySeparatorChar);
}
