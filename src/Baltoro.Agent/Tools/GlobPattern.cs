// A pattern over paths, as in .gitignore and ripgrep's --glob. It looks at no disk.

using System.Buffers;
using System.Text;
using System.Text.RegularExpressions;

namespace Baltoro.Agent.Tools;

/// <summary>
/// <c>*</c> and <c>?</c> stay inside a folder, <c>**</c> does not, <c>[a-z]</c> and <c>[!a-z]</c> are one character. A pattern without a slash
/// (but at its end) fits a name at any depth; one with a slash fits the whole path. Takes time in proportion to the path. Safe from any thread.
/// </summary>
sealed class GlobPattern
{
    static readonly SearchValues<char> Special = SearchValues.Create("*?[]{}\\/");

    readonly string? _name, _ending;
    readonly Lazy<Regex>? _regex;

    /// <param name="pattern">Without a leading <c>!</c> and a trailing slash, which mean different things in different places.</param>
    /// <param name="braces">Whether <c>{a,b}</c> is a choice; in .gitignore it is not.</param>
    public GlobPattern(string pattern, bool braces)
    {
        bool isAnchored = pattern.Contains('/', StringComparison.Ordinal);
        string rest = pattern.StartsWith("**/", StringComparison.Ordinal) ? pattern[3..] : isAnchored ? "/" : pattern;
        // What most patterns are: a name, or its ending.
        if (rest.AsSpan().IndexOfAny(Special) < 0) _name = rest;
        else if (rest.Length > 1 && rest[0] == '*' && rest.AsSpan(1).IndexOfAny(Special) < 0) _ending = rest[1..];
        else _regex = new(() => new Regex(Expression(isAnchored ? pattern.TrimStart('/') : "**/" + pattern, braces), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline));
    }

    /// <summary>Whether the first match costs milliseconds, and holds memory from then on: a pattern that is neither a name nor an ending.</summary>
    public bool IsCostly => _regex is not null;

    /// <param name="path">With <c>/</c> between its parts, relative to where the pattern applies.</param>
    public bool Matches(ReadOnlySpan<char> path)
    {
        if (_regex is not null) return _regex.Value.IsMatch(path);
        ReadOnlySpan<char> name = path[(path.LastIndexOf('/') + 1)..];
        return _name is not null ? name.SequenceEqual(_name) : name.EndsWith(_ending, StringComparison.Ordinal);
    }

    static string Expression(string pattern, bool braces)
    {
        StringBuilder regex = new(@"\A(?:", pattern.Length * 2);
        int depth = 0;
        for (int i = 0; i < pattern.Length; i++)
        {
            char c = pattern[i];
            switch (c)
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    int after = i + 2;
                    while (after < pattern.Length && pattern[after] == '*') after++;
                    bool begins = i == 0 || pattern[i - 1] is '/' or '{' or ',';
                    if (begins && after < pattern.Length && pattern[after] == '/')
                    {
                        regex.Append("(?:[^/]+/)*");
                        after++;
                    }
                    else
                    {
                        regex.Append(begins && after == pattern.Length ? ".+" : "[^/]*");
                    }
                    i = after - 1;
                    break;
                case '*': regex.Append("[^/]*"); break;
                case '?': regex.Append("[^/]"); break;
                case '\\' when i + 1 < pattern.Length: regex.Append(Regex.Escape(pattern[++i].ToString())); break;
                case '[' when ClassEnd(pattern, i) is > 0 and var end:
                    Class(regex, pattern[(i + 1)..end]);
                    i = end;
                    break;
                case '{' when braces && pattern.IndexOf('}', i) > 0:
                    regex.Append("(?:");
                    depth++;
                    break;
                case '}' when depth > 0:
                    regex.Append(')');
                    depth--;
                    break;
                case ',' when depth > 0: regex.Append('|'); break;
                default: regex.Append(Regex.Escape(c.ToString())); break;
            }
        }
        while (depth-- > 0) regex.Append(')');
        return regex.Append(@")\z").ToString();
    }

    /// <summary>Where the class that begins at <paramref name="start"/> is closed; -1 when it is not, and its bracket is a bracket.</summary>
    static int ClassEnd(string pattern, int start)
    {
        int at = start + 1;
        if (at < pattern.Length && pattern[at] is '!' or '^') at++;
        // A bracket that comes first is a member.
        if (at < pattern.Length && pattern[at] == ']') at++;
        for (; at < pattern.Length; at++)
        {
            if (pattern[at] == '\\') at++;
            else if (pattern[at] == ']') return at;
        }
        return -1;
    }

    static void Class(StringBuilder regex, string members)
    {
        regex.Append('[');
        if (members[0] is '!' or '^')
        {
            regex.Append('^');
            members = members[1..];
        }
        for (int i = 0; i < members.Length; i++)
        {
            char c = members[i];
            if (c == '\\' && i + 1 < members.Length) c = members[++i];
            else if (c == '-' && i > 0 && i + 1 < members.Length && members[i + 1] >= members[i - 1])
            {
                regex.Append('-');
                continue;
            }
            if (c is '[' or ']' or '\\' or '^' or '-') regex.Append('\\');
            regex.Append(c);
        }
        // No class takes in the slash.
        regex.Append("-[/]]");
    }
}
