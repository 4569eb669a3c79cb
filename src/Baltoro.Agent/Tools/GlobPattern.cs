// A pattern over paths, as in .gitignore and ripgrep's --glob. It looks at no disk.

using System.Buffers;

namespace Baltoro.Agent.Tools;

/// <summary>
/// <c>*</c> and <c>?</c> stay inside a folder, <c>**</c> does not, <c>[a-z]</c> and <c>[!a-z]</c> are one character. A pattern without a slash
/// (but at its end) fits a name at any depth; one with a slash fits the whole path. Takes at most as many steps as the pattern is long for each
/// character of the path, whatever both are. Safe from any thread.
/// </summary>
sealed class GlobPattern
{
    static readonly SearchValues<char> Special = SearchValues.Create("*?[]{}\\");

    readonly string? _exact, _ending;
    readonly bool _isPath;
    readonly GlobMachine? _machine;

    GlobPattern(string pattern, bool isPath, bool isGit)
    {
        _isPath = isPath;
        // What most patterns are: a name, a path, or a name's ending.
        if (pattern.AsSpan().IndexOfAny(Special) < 0) _exact = pattern;
        else if (!isPath && pattern.Length > 1 && pattern[0] == '*' && pattern.AsSpan(1).IndexOfAny(Special) < 0) _ending = pattern[1..];
        else if (isPath && pattern.StartsWith("**/", StringComparison.Ordinal) && IsName(pattern.AsSpan(3))) (_exact, _isPath) = (pattern[3..], false);
        else _machine = GlobCompiler.Compile(pattern, isGit);
    }

    /// <summary>As git reads it, to the letter; characters and not bytes are what <c>?</c> stands for.</summary>
    /// <param name="pattern">Without a leading <c>!</c> and one trailing slash, which mean different things in different places.</param>
    public static GlobPattern OfGit(string pattern)
    {
        bool isPath = pattern.Contains('/', StringComparison.Ordinal);
        return new(pattern.StartsWith('/') ? pattern[1..] : pattern, isPath, isGit: true);
    }

    /// <summary>As ripgrep reads it: <c>{a,b}</c> is a choice, and a bracket or brace that is not closed is one.</summary>
    /// <param name="pattern">Without a leading <c>!</c>.</param>
    public static GlobPattern OfGlob(string pattern) => new(pattern.TrimStart('/'), pattern.Contains('/', StringComparison.Ordinal), isGit: false);

    /// <param name="path">With <c>/</c> between its parts, relative to where the pattern applies.</param>
    public bool Matches(ReadOnlySpan<char> path) => Matches(path, out _);

    /// <param name="steps">How much work it was.</param>
    public bool Matches(ReadOnlySpan<char> path, out long steps)
    {
        steps = 1;
        ReadOnlySpan<char> subject = _isPath ? path : path[(path.LastIndexOf('/') + 1)..];
        if (_exact is not null) return subject.SequenceEqual(_exact);
        return _ending is not null ? subject.EndsWith(_ending, StringComparison.Ordinal) : _machine!.Accepts(subject, out steps);
    }

    static bool IsName(ReadOnlySpan<char> pattern) => pattern.IndexOfAny(Special) < 0 && !pattern.Contains('/');
}
