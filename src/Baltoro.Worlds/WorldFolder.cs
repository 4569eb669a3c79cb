// A world as a folder on disk: laid before the work, held against what it must be behind it. It refuses to know who worked in it.

using System.Text;

namespace Baltoro.Worlds;

public static class WorldFolder
{
    /// <summary>All files are of one old day, so that what is changed later is newer and nothing else tells them apart.</summary>
    static readonly DateTime Laid = new(2026, 1, 5, 9, 0, 0, DateTimeKind.Utc);

    static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <param name="folder">Made where it is missing; empty.</param>
    /// <exception cref="IOException">The system refused.</exception>
    public static void Lay(World world, string folder)
    {
        ArgumentNullException.ThrowIfNull(world);
        Directory.CreateDirectory(folder);
        foreach ((string path, string text) in world.Files)
        {
            string file = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, text, Utf8);
            File.SetLastWriteTimeUtc(file, Laid);
        }
    }

    /// <summary>What is not as it must be when the work is done, a sentence each; empty when all is right. A line feed at a file's end is no difference.</summary>
    /// <exception cref="IOException">The system refused.</exception>
    public static IReadOnlyList<string> Differences(World world, string folder)
    {
        ArgumentNullException.ThrowIfNull(world);
        IReadOnlyDictionary<string, string> done = world.Done;
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            found[Path.GetRelativePath(folder, file).Replace('\\', '/')] = File.ReadAllText(file);
        List<string> differences = [];
        foreach ((string path, string text) in done.OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (!found.TryGetValue(path, out string? there)) differences.Add($"{path} is missing.");
            else if (there.TrimEnd('\n') != text) differences.Add(world.Files.GetValueOrDefault(path) == text ? $"{path} was changed." : $"{path}: found {Short(there)}, expected {Short(text)}.");
        }
        differences.AddRange(found.Keys.Except(done.Keys).Order(StringComparer.Ordinal).Select(path => $"{path} should not be there."));
        return differences;
    }

    static string Short(string text) => text.Length <= 60 ? $"\"{text.Replace("\n", "\\n", StringComparison.Ordinal)}\"" : $"{text.Length} characters";
}
