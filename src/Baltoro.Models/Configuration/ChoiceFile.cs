// What was said last with `baltoro use`: one name in one file, shared by all gateways of a user. It refuses to know what the name means.

namespace Baltoro.Models;

/// <summary>Safe to use from several threads and processes: the last one to write wins.</summary>
/// <param name="folder">The state folder; need not exist.</param>
public sealed class ChoiceFile(string folder) : IChoices
{
    /// <summary>No model's name is longer, and no file that was put there by mistake is read for long.</summary>
    const int Longest = 1024;

    public string Path { get; } = System.IO.Path.Combine(folder, "choice");

    /// <summary>Another one after each change. One look at the file's time; allocates nothing.</summary>
    public DateTime Stamp => File.GetLastWriteTimeUtc(Path);

    /// <summary>The name; null when nothing is chosen.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public string? Read()
    {
        try
        {
            using StreamReader reader = new(Path);
            char[] text = new char[Longest];
            string name = new(text, 0, reader.ReadBlock(text));
            return name.Split('\n')[0].Trim() is { Length: > 0 } first ? first : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It cannot be written; what was chosen before stands.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public void Write(string name) => AtomicFile.Write(Path, name + "\n");

    /// <summary>Chooses nothing: the configuration's default stands again.</summary>
    public void Clear() => File.Delete(Path);
}
