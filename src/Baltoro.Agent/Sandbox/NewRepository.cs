// A repository that a sandboxed program has made where there was none: what would have git run something, outside of the sandbox and later, is taken out of it. It runs no git.

using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Sandbox;

/// <summary>Works on held folders and follows no link, because other programs may still be at work inside.</summary>
static class NewRepository
{
    const int LargestSettings = 1 << 20;

    /// <param name="git">The folder <c>.git</c>, absolute, links above it followed; need not be there.</param>
    public static void Tame(string git)
    {
        if (!Path.Exists(git) && new FileInfo(git).LinkTarget is null) return;
        // What only leads elsewhere leads to a place that nobody has looked at.
        if (IsLink(git) || !Directory.Exists(git))
        {
            Remove(git);
            return;
        }
        try
        {
            using HeldFolder held = HeldFolder.Make(git);
            foreach (string name in (string[])["commondir", "config.worktree"]) Remove(Path.Join(held.Name, name));
            Settings(Path.Join(held.Name, "config"));
            string hooks = Path.Join(held.Name, "hooks");
            if (IsLink(hooks) || File.Exists(hooks)) Remove(hooks);
            else if (Directory.Exists(hooks)) Hooks(Path.Join(git, "hooks"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Its folder has gone or become a link; the end of the program that is at it is another chance.
        }
    }

    /// <summary>Takes away a file, a link or a whole folder, where it is there.</summary>
    public static void Remove(string planted)
    {
        try
        {
            if (Directory.Exists(planted) && !IsLink(planted)) Directory.Delete(planted, recursive: true);
            else File.Delete(planted);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    static void Hooks(string folder)
    {
        using HeldFolder held = HeldFolder.Make(folder);
        foreach (string hook in Directory.EnumerateFileSystemEntries(held.Name).Where(hook => !hook.EndsWith(".sample", StringComparison.Ordinal)).ToArray()) Remove(hook);
    }

    static void Settings(string file)
    {
        SmallText read = IsLink(file) ? new SmallText.Refused("It is a link.") : SmallText.Read(file, LargestSettings);
        if (read is SmallText.Absent) return;
        string tame = read is SmallText.Whole whole ? GitSettings.Tame(whole.Content) : "";
        if (read is SmallText.Whole same && same.Content == tame) return;
        Remove(file);
        // Only where nothing is: no link is written through.
        using FileStream anew = new(file, FileMode.CreateNew, FileAccess.Write);
        using StreamWriter writer = new(anew);
        writer.Write(tame);
    }

    static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
