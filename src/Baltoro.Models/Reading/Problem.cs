// What is wrong in a file, in one sentence: where, what was found, what was expected. It refuses to know what the file is for.

using System.Globalization;

namespace Baltoro.Models.Reading;

/// <summary>A place in a file.</summary>
/// <param name="File">Its path as the user knows it, or the name of an environment variable or flag.</param>
/// <param name="Line">Counted from one; zero where there are no lines.</param>
/// <param name="Path">From the root to the value, such as <c>upstreams.lab.url</c>; empty for the root.</param>
public readonly record struct Spot(string File, int Line, string Path)
{
    public override string ToString() => Harmless((Line, Path) switch
    {
        (0, null or "") => File,
        (0, _) => $"{File}: {Path}",
        (_, null or "") => $"{File}:{Line}",
        _ => $"{File}:{Line}: {Path}",
    });

    /// <summary>Names and values are a stranger's where a project's file is read: what a terminal would obey is shown as a question mark.</summary>
    internal static string Harmless(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format ? '?' : c));
}

/// <summary>Something that the user must correct. Its text may be shown: it never holds a key or a header's value.</summary>
public sealed record Problem(Spot At, string Found, string Expected)
{
    public string Found { get; } = Spot.Harmless(Found);

    public override string ToString() => $"{At}: found {Found}, expected {Expected}";
}
