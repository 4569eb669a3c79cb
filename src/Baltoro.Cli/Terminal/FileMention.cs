// Files that a person mentions with @: found while typing, handed over with the task. It refuses to know the model.

using System.Text;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

static partial class FileMention
{
    const int MostBytes = 200_000, MostListed = 8;

    /// <summary>Where the mention begins that the cursor stands in, with its @; null when it stands in none.</summary>
    public static int? At(Editor editor)
    {
        int start = editor.Cursor;
        while (start > 0 && !char.IsWhiteSpace(editor.Text[start - 1])) start--;
        return start < editor.Cursor && editor.Text[start] == '@' ? start : null;
    }

    /// <summary>Those of the paths that the beginning may mean: those that start so first, then those with a file that does, then those that hold it.</summary>
    public static Sequence<string> Completions(IEnumerable<string> paths, string beginning) =>
        paths.Where(path => path.Contains(beginning, StringComparison.OrdinalIgnoreCase))
            .OrderBy(path => path.StartsWith(beginning, StringComparison.OrdinalIgnoreCase) ? 0 : Path.GetFileName(path.AsSpan()).StartsWith(beginning, StringComparison.OrdinalIgnoreCase) ? 1 : 2)
            .ThenBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal)
            .Take(MostListed).ToSequence();

    /// <summary>A path as it is mentioned.</summary>
    public static string Of(string path) => path.Any(char.IsWhiteSpace) ? $"@\"{path}\"" : $"@{path}";

    /// <summary>The task, and behind it each file that it mentions and that is there.</summary>
    /// <param name="told">Called with what a person should know of a mention that hands nothing over.</param>
    public static Sequence<Block> Content(string folder, string task, Action<string> told)
    {
        List<Block> blocks = [new Block.Text(task)];
        foreach (string mentioned in Mentions().Matches(task).Select(match => match.Groups["path"].Value).Distinct())
        {
            // A sentence may end behind a name.
            string path = Path.GetFullPath(Path.Combine(folder, mentioned));
            if (!Path.Exists(path)) path = Path.GetFullPath(Path.Combine(folder, mentioned.TrimEnd('.', ':', '?', '!', ')', '\'')));
            if (Directory.Exists(path)) blocks.Add(new Block.Text($"The user mentions the folder {path}."));
            else if (File.Exists(path)) blocks.Add(new Block.Text(Told(path)));
            // An address or a decorator is not meant to be a file.
            else if (mentioned.AsSpan().IndexOfAny('/', '.') >= 0) told($"@{mentioned}: there is no such file here; it goes to the model as you wrote it.");
        }
        return blocks.ToSequence();
    }

    static string Told(string path)
    {
        try
        {
            // Only what has an end can be handed over.
            FileInfo file = new(path);
            if (file.Length is 0 or > MostBytes || (file.Attributes & FileAttributes.Device) != 0) return $"The user mentions the file {path}. It has {file.Length} bytes: read what you need of it.";
            byte[] bytes = File.ReadAllBytes(path);
            return bytes.AsSpan().IndexOf((byte)0) >= 0 ? $"The user mentions the file {path}. It is not text: look at it with Read." : $"The user mentions the file {path}:\n\n{Encoding.UTF8.GetString(bytes)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"The user mentions the file {path}, which cannot be read: {e.Message}";
        }
    }

    [GeneratedRegex("""(?<!\S)@(?:"(?<path>[^"\n]+)"|(?<path>[^\s,;"]+))""")]
    private static partial Regex Mentions();
}
