// Reads a script of sed as far as to say whether it runs commands or writes files. It knows no shell.

namespace Baltoro.Agent.Permissions;

static class SedScript
{
    /// <summary>Whether it holds a command <c>e</c>, <c>w</c> or <c>W</c>, or an <c>s</c> with one of the flags <c>e</c> and <c>w</c>. What is not understood counts as one that does.</summary>
    public static bool Reaches(string script)
    {
        int at = 0;
        while (at < script.Length)
        {
            if (char.IsWhiteSpace(script[at]) || script[at] is ';' or '{' or '}' or '!' or ',' or '$' or '~' or '+' || char.IsAsciiDigit(script[at])) at++;
            else if (script[at] == '/' || script[at] == '\\' && at + 1 < script.Length)
            {
                // An address. Behind it, I and M are flags.
                if (script[at] == '\\') at++;
                if (!Skip(script, ref at, 1)) return true;
                while (at < script.Length && script[at] is 'I' or 'M') at++;
            }
            else if (script[at] is 's' or 'y')
            {
                bool isSubstitution = script[at++] == 's';
                if (at == script.Length || !Skip(script, ref at, 2)) return true;
                int flags = at;
                while (at < script.Length && script[at] is not (';' or '}' or '\n')) at++;
                if (isSubstitution && script.AsSpan(flags, at - flags).IndexOfAny('e', 'w') >= 0) return true;
            }
            else if (script[at] is 'e' or 'w' or 'W') return true;
            else if (script[at] is 'a' or 'i' or 'c' or '#') at = LineEnd(script, at);
            else if (script[at] is 'r' or 'R' or 'b' or 't' or 'T' or ':' or 'q' or 'Q' or 'l' or 'L') at = Next(script, at);
            else at++;
        }
        return false;
    }

    /// <summary>Behind so many parts that end with the sign at <paramref name="at"/>; false when one has no end.</summary>
    static bool Skip(string script, ref int at, int parts)
    {
        char sign = script[at++];
        bool inClass = false;
        for (; at < script.Length; at++)
        {
            if (script[at] == '\\') at++;
            else if (script[at] == '[' && !inClass && sign != '[') inClass = script.IndexOf(']', at) > 0 && parts > 0 && script.IndexOf(']', at) < EndOf(script, at, sign);
            else if (script[at] == ']') inClass = false;
            else if (script[at] == sign && !inClass && --parts == 0)
            {
                at++;
                return true;
            }
        }
        return false;
    }

    static int EndOf(string script, int at, char sign) => script.IndexOf(sign, at) is >= 0 and var end ? Math.Max(end, script.LastIndexOf(sign)) : script.Length;

    static int LineEnd(string script, int at) => script.IndexOf('\n', at) is >= 0 and var end ? end + 1 : script.Length;

    static int Next(string script, int at)
    {
        while (at < script.Length && script[at] is not (';' or '}' or '\n')) at++;
        return at;
    }
}
