// The error of every model file that is not what it claims to be: which file, where in it, what is wrong. Knows no format.

namespace Baltoro.Engine;

/// <summary>A model file is damaged, hostile, or of a kind that this engine does not read.</summary>
/// <param name="file">The file's path.</param>
/// <param name="offset">Where in the file, in bytes, the problem was met.</param>
/// <param name="problem">What was found and what was expected, opening with the key or tensor it is about.</param>
public sealed class ModelFileException(string file, long offset, string problem) : Exception($"{file}: at byte {offset}: {Printable(problem)}")
{
    /// <summary>A file's own words, without anything that a terminal would obey.</summary>
    internal static string Printable(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c)) : text;

    /// <summary>Where in the file, in bytes, the problem was met.</summary>
    public long Offset { get; } = offset;
}
