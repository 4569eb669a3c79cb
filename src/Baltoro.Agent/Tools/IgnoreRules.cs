// What a project says is not its own: .gitignore and .ignore of a folder and of those above it, as gitignore(5) tells. It walks nothing.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The rules that hold in one folder. Immutable; safe from any thread.</summary>
sealed class IgnoreRules
{
    /// <summary>A larger file of rules is not read: no rules file is.</summary>
    const int LargestFile = 1 << 20;

    /// <summary>Rules of one folder, and of all that hold in it together: a project may bring more in order to be slow, and what it has beyond them is not ignored.</summary>
    const int MostOfOne = 2_000, Most = 5_000;

    static readonly string[] Files = [".gitignore", ".ignore"];

    readonly IgnoreRules? _above;
    readonly string _folder;
    readonly Rule[] _rules;
    readonly int _count;

    IgnoreRules(IgnoreRules? above, string folder, Rule[] rules) => (_above, _folder, _rules, _count) = (above, folder, rules, (above?._count ?? 0) + rules.Length);

    /// <summary>
    /// The rules where a walk begins: those of all folders from the repository's top, or from <paramref name="project"/> outside of a
    /// repository, down to <paramref name="root"/>. That the root itself is ignored does not matter: it was asked for.
    /// </summary>
    /// <param name="root">Absolute.</param>
    /// <param name="project">Absolute.</param>
    public static IgnoreRules At(string root, string project)
    {
        string[] upwards = [.. Upwards(root)];
        string top = upwards.FirstOrDefault(folder => Path.Exists(Path.Join(folder, ".git"))) ?? (Workspace.IsWithin(root, project) ? project : root);
        IgnoreRules rules = new(null, top, Read(top, [Path.Join(".git", "info", "exclude")]));
        return upwards.Reverse().Where(folder => Workspace.IsWithin(folder, top)).Aggregate(rules, static (above, folder) => above.Below(folder));
    }

    static IEnumerable<string> Upwards(string folder)
    {
        for (string? at = folder; at is not null; at = Path.GetDirectoryName(at)) yield return at;
    }

    /// <summary>The rules in a folder below, its own files included.</summary>
    /// <param name="folder">Absolute.</param>
    public IgnoreRules Below(string folder) => _count < Most && Read(folder, Files) is { Length: > 0 } own ? new(this, folder, own) : this;

    /// <param name="path">Absolute, in the folder of these rules or below; none of its folders is ignored.</param>
    public bool Ignores(string path, bool isFolder)
    {
        for (IgnoreRules? rules = this; rules is not null; rules = rules._above)
        {
            ReadOnlySpan<char> relative = path.AsSpan(rules._folder.Length).TrimStart('/');
            // The last rule that fits decides, and one of a deeper folder before one of a higher.
            for (int i = rules._rules.Length - 1; i >= 0; i--)
            {
                Rule rule = rules._rules[i];
                if ((isFolder || !rule.FoldersOnly) && rule.Pattern.Matches(relative)) return !rule.IsException;
            }
        }
        return false;
    }

    static Rule[] Read(string folder, string[] names)
    {
        List<Rule> rules = [];
        foreach (string name in names)
        {
            string path = Path.Join(folder, name);
            if (!File.Exists(path) || RegularFile.OpenToRead(path) is not RegularFile.Open { Stream: var stream }) continue;
            using (stream)
            {
                if (stream.Length > LargestFile) continue;
                using StreamReader reader = new(stream, Encoding.UTF8);
                foreach (string line in reader.ReadToEnd().Split('\n'))
                    if (rules.Count < MostOfOne && Parse(line) is { } rule) rules.Add(rule);
            }
        }
        return [.. rules];
    }

    /// <summary>Null for a comment and an empty line.</summary>
    static Rule? Parse(string line)
    {
        if (line.StartsWith('#')) return null;
        if (line.EndsWith('\r')) line = line[..^1];
        line = line[..EndOf(line)];
        bool isException = line.StartsWith('!');
        if (isException) line = line[1..];
        bool foldersOnly = line.EndsWith('/');
        if (foldersOnly) line = line[..^1];
        return line.Length == 0 ? null : new Rule(GlobPattern.OfGit(line), isException, foldersOnly);
    }

    /// <summary>Blanks at the end do not count, but an escaped one does.</summary>
    static int EndOf(string line)
    {
        int end = 0;
        for (int i = 0; i < line.Length; i++)
        {
            bool isEscaped = line[i] == '\\';
            if (isEscaped) i++;
            if (isEscaped || line[i] != ' ') end = Math.Min(i + 1, line.Length);
        }
        return end;
    }

    sealed record Rule(GlobPattern Pattern, bool IsException, bool FoldersOnly);
}
