// Walks over the files of a project: without what it ignores, without following links. It opens none of them.

using System.IO.Enumeration;

namespace Baltoro.Agent.Tools;

public static class FileWalk
{
    /// <summary>What version control keeps for itself.</summary>
    static readonly HashSet<string> Skipped = [".git", ".hg", ".svn", ".jj"];

    static readonly EnumerationOptions Options = new() { IgnoreInaccessible = true, AttributesToSkip = 0, ReturnSpecialDirectories = false };

    /// <summary>
    /// The files below a folder, hidden ones too, in the order of their names, as absolute paths. A link is neither shown nor followed, so
    /// that the walk ends and stays where it began; a folder that cannot be read is passed over.
    /// </summary>
    /// <param name="root">Absolute.</param>
    /// <param name="project">Absolute; where rules begin outside of a repository.</param>
    public static IEnumerable<string> Files(string root, string project, CancellationToken cancellation)
    {
        // A stack of our own: a tree may be deeper than a thread's.
        Stack<(string Path, IgnoreRules? Inside)> left = new([(root, IgnoreRules.At(root, project))]);
        while (left.TryPop(out (string Path, IgnoreRules? Inside) next))
        {
            cancellation.ThrowIfCancellationRequested();
            if (next.Inside is not { } rules)
            {
                yield return next.Path;
                continue;
            }
            foreach (Entry entry in In(next.Path).OrderByDescending(entry => entry.Name, StringComparer.Ordinal))
            {
                cancellation.ThrowIfCancellationRequested();
                string path = Path.Join(next.Path, entry.Name);
                if (rules.Ignores(path, entry.IsFolder)) continue;
                if (!entry.IsFolder) left.Push((path, null));
                else if (!Skipped.Contains(entry.Name)) left.Push((path, rules.Below(path)));
            }
        }
    }

    static List<Entry> In(string folder)
    {
        try
        {
            return [.. new FileSystemEnumerable<Entry>(folder, static (ref FileSystemEntry entry) => new(entry.FileName.ToString(), entry.IsDirectory), Options)
            {
                ShouldIncludePredicate = static (ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) == 0,
            }];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Gone meanwhile, or its path is longer than the system takes.
            return [];
        }
    }

    readonly record struct Entry(string Name, bool IsFolder);
}
