// What a path to a model stands for: a GGUF file, or the folder of a checkpoint. Knows nothing of what is inside.

namespace Baltoro.Engine;

/// <summary>Pure, but for looking whether a folder is there.</summary>
public static class ModelPath
{
    /// <summary>The checkpoint's folder, where the path is one, or the configuration, the index or a part of one; null for a GGUF file.</summary>
    public static string? Folder(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        return Directory.Exists(path) ? Path.TrimEndingDirectorySeparator(path)
            : path.EndsWith(".safetensors", StringComparison.Ordinal) || path.EndsWith(".json", StringComparison.Ordinal) ? Path.GetDirectoryName(Path.GetFullPath(path))! : null;
    }

    /// <summary>The one path under which a model is known: absolute, and of a checkpoint its folder's.</summary>
    public static string Full(string path) => Path.GetFullPath(Folder(path) ?? path);

    /// <summary>What the path calls the model.</summary>
    public static string Name(string path) => Folder(path) is { } folder ? Path.GetFileName(Path.GetFullPath(folder)) : Path.GetFileNameWithoutExtension(path);

    /// <summary>Where the packed weights are kept: beside a GGUF file, or in a checkpoint's folder.</summary>
    public static string Panels(string path) => Folder(path) is { } folder ? Path.Combine(folder, "model.panels") : path + ".panels";

    /// <summary>When what a model says of itself was last written; weights of a checkpoint do not count.</summary>
    public static DateTime Written(string path) => Folder(path) is not { } folder || !Directory.Exists(folder) ? File.GetLastWriteTimeUtc(path)
        : new DirectoryInfo(folder).EnumerateFiles().Where(file => file.Extension is ".json" or ".jinja" or ".model").Select(file => file.LastWriteTimeUtc)
            .DefaultIfEmpty(Directory.GetLastWriteTimeUtc(folder)).Max();
}
