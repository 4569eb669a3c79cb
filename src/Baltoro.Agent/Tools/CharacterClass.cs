// The characters between the brackets of a path pattern. It does not know what stands around them.

namespace Baltoro.Agent.Tools;

/// <summary>As git's wildmatch reads them; the slash is never a member. Immutable.</summary>
sealed class CharacterClass
{
    readonly List<(char First, char Last)> _members = [];
    bool _isNegated;

    CharacterClass() { }

    public bool Contains(char c)
    {
        if (c == '/') return false;
        foreach ((char first, char last) in _members)
            if (c >= first && c <= last) return !_isNegated;
        return _isNegated;
    }

    /// <summary>Null for one that is not closed, or names a group that there is not.</summary>
    /// <param name="at">Where its opening bracket is; where its closing one is behind it, unless the outcome is null.</param>
    public static CharacterClass? Read(string pattern, ref int at)
    {
        CharacterClass read = new();
        int i = at + 1;
        if (i < pattern.Length && pattern[i] is '!' or '^')
        {
            read._isNegated = true;
            i++;
        }
        // The character that a range may go on from.
        char? before = null;
        // A bracket that comes first is a member.
        for (bool isFirst = true; i < pattern.Length; i++, isFirst = false)
        {
            char c = pattern[i];
            if (c == ']' && !isFirst)
            {
                at = i;
                return read;
            }
            if (c == '-' && before is { } first && i + 1 < pattern.Length && pattern[i + 1] != ']')
            {
                if (pattern[++i] == '\\' && ++i == pattern.Length) return null;
                read._members.Add((first, pattern[i]));
                before = null;
                continue;
            }
            if (c == '[' && i + 1 < pattern.Length && pattern[i + 1] == ':')
            {
                int end = pattern.IndexOf(']', i + 2);
                if (end < 0) return null;
                if (end > i + 2 && pattern[end - 1] == ':')
                {
                    if (Group(pattern[(i + 2)..(end - 1)]) is not { } group) return null;
                    read._members.AddRange(group);
                    before = null;
                    i = end;
                    continue;
                }
            }
            if (c == '\\')
            {
                if (++i == pattern.Length) return null;
                c = pattern[i];
            }
            read._members.Add((c, c));
            before = c;
        }
        return null;
    }

    static (char, char)[]? Group(string name) => name switch
    {
        "alnum" => [('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => [('A', 'Z'), ('a', 'z')],
        "blank" => [(' ', ' '), ('\t', '\t')],
        "cntrl" => [('\0', '\x1f'), ('\x7f', '\x7f')],
        "digit" => [('0', '9')],
        "graph" => [('!', '~')],
        "lower" => [('a', 'z')],
        "print" => [(' ', '~')],
        "punct" => [('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => [(' ', ' '), ('\t', '\r')],
        "upper" => [('A', 'Z')],
        "xdigit" => [('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => null,
    };
}
