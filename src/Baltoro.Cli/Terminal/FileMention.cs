// Files that a person mentions with @: found while typing, handed over with the task. It refuses to know the model.

using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

static partial class FileMention
{
    const int MostBytes = 200_000, MostListed = 8, MostLooked = 20_000;

    /// <summary>The mention that the cursor stands in, without its @; null when it stands in none.</summary>
    public static string? At(Editor editor)
    {
        int start = editor.Cursor;
        while (start > 0 && !char.IsWhiteSpace(editor.Text[start - 1])) start--;
        return start < editor.Cursor && editor.Text[start] == '@' ? editor.Text[(start + 1)..editor.Cursor] : null;
    }

    /// <summary>Paths below the folder that the beginning may mean: those that start so first, then those that hold it.</summary>
    public static Sequence<string> Completions(string folder, string beginning)
    {
        EnumerationOptions below = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint, MaxRecursionDepth = 12 };
        string[] paths = [.. Directory.EnumerateFiles(folder, "*", below)
            .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
            .Where(path => !Passed().IsMatch(path))
            .Take(MostLooked)
            .Where(path => path.Contains(beginning, StringComparison.OrdinalIgnoreCase))];
        return paths.OrderBy(path => path.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) ? 0 : 1).ThenBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)
            .Take(MostListed).ToSequence();
    }

    /// <summary>The task, and behind it each file that it mentions and that is there.</summary>
    public static Sequence<Block> Content(string folder, string task)
    {
        List<Block> blocks = [new Block.Text(task)];
        foreach (string path in Mentions().Matches(task).Select(match => match.Groups["path"].Value).Distinct())
        {
            string full = Path.GetFullPath(Path.Combine(folder, path));
            if (!File.Exists(full)) continue;
            FileInfo file = new(full);
            if (file.Length > MostBytes) blocks.Add(new Block.Text($"The user mentions the file {full}. It has {file.Length} bytes: read what you need of it."));
            else blocks.Add(new Block.Text($"The user mentions the file {full}:\n\n{File.ReadAllText(full)}"));
        }
        return blocks.ToSequence();
    }

    [GeneratedRegex(@"(?<!\S)@(?<path>[^\s,;]+)")]
    private static partial Regex Mentions();

    /// <summary>What nobody means.</summary>
    [GeneratedRegex(@"(^|/)(\.git|node_modules|bin|obj|\.venv|__pycache__|artifacts)/")]
    private static partial Regex Passed();
}
