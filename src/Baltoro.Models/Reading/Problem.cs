// What is wrong in a file, in one sentence: where, what was found, what was expected. It refuses to know what the file is for.

namespace Baltoro.Models.Reading;

/// <summary>A place in a file.</summary>
/// <param name="File">Its path as the user knows it, or the name of an environment variable or flag.</param>
/// <param name="Line">Counted from one; zero where there are no lines.</param>
/// <param name="Path">From the root to the value, such as <c>upstreams.lab.url</c>; empty for the root.</param>
public readonly record struct Spot(string File, int Line, string Path)
{
    public override string ToString() => (Line, Path) switch
    {
        (0, null or "") => File,
        (0, _) => $"{File}: {Path}",
        (_, null or "") => $"{File}:{Line}",
        _ => $"{File}:{Line}: {Path}",
    };
}

/// <summary>Something that the user must correct. Its text may be shown: it never holds a key or a header's value.</summary>
public sealed record Problem(Spot At, string Found, string Expected)
{
    public override string ToString() => $"{At}: found {Found}, expected {Expected}";
}
