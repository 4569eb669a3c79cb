// Whether a pattern of a rule fits: surely, possibly or not. It does not know what follows from that.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

enum Fit
{
    No,

    /// <summary>It depends on what only the shell will know.</summary>
    Possibly,
    Surely,
}

/// <summary>
/// Patterns for commands, word by word (<c>git push *</c>, <c>npm run test:*</c>), and for paths (<c>src/**</c>). Time is the product of the
/// two lengths, whatever they hold.
/// </summary>
static class Pattern
{
    const char Separator = '\0';

    /// <summary>Part of a word; anything; nothing or further words. Private-use characters that commands cannot bring in.</summary>
    const char Star = '\uE100', Anything = '\uE101', Rest = '\uE102';

    public static Fit Command(string pattern, Sequence<ShellWord> words)
    {
        string text = string.Join(Separator, words.Select(word => word.Text.Replace(Separator, ' ')));
        string compiled = OfCommand(pattern);
        return Matches(compiled, text, possibly: false) ? Fit.Surely : Matches(compiled, text, possibly: true) ? Fit.Possibly : Fit.No;
    }

    /// <param name="pattern">With <c>*</c> within a name and <c>**</c> across folders; a folder's name covers what is in it.</param>
    public static bool Path(string pattern, string path)
    {
        string separated = path.Replace('/', Separator);
        string compiled = pattern.TrimEnd('/').Replace("/**/", "\0" + Anything, StringComparison.Ordinal)
            .Replace("**", Anything.ToString(), StringComparison.Ordinal).Replace('*', Star).Replace('/', Separator);
        return Matches(compiled + Rest, separated, possibly: false);
    }

    static string OfCommand(string pattern)
    {
        if (pattern.EndsWith(":*", StringComparison.Ordinal)) pattern = pattern[..^2] + " *";
        string[] words = pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        StringBuilder compiled = new();
        for (int i = 0; i < words.Length; i++)
        {
            bool last = i == words.Length - 1;
            if (words[i] == "*" && last && i > 0) return compiled.Append(Rest).ToString();
            if (i > 0) compiled.Append(Separator);
            if (words[i] == "*") compiled.Append(Anything);
            // "rm -rf*" is meant to cover what follows too.
            else if (last && words[i].EndsWith('*')) compiled.Append(words[i][..^1].Replace('*', Star)).Append(Anything);
            else compiled.Append(words[i].Replace('*', Star));
        }
        return compiled.ToString();
    }

    static bool Matches(string pattern, string text, bool possibly)
    {
        bool[] next = new bool[text.Length + 1], here = new bool[text.Length + 1];
        for (int i = pattern.Length; i >= 0; i--)
        {
            for (int j = text.Length; j >= 0; j--)
            {
                bool end = j == text.Length;
                char t = end ? Separator : text[j];
                bool unknown = !end && possibly && (t is ShellWord.Unknown or ShellWord.UnknownWords);
                bool vanishes = unknown || !end && possibly && t == Separator && j + 1 < text.Length && text[j + 1] == ShellWord.UnknownWords;
                here[j] = (i == pattern.Length ? '\uFFFF' : pattern[i]) switch
                {
                    '\uFFFF' => end || vanishes && here[j + 1],
                    Rest => end || t == Separator || unknown,
                    Anything => next[j] || !end && here[j + 1],
                    Star => next[j] || !end && t != Separator && (t != ShellWord.UnknownWords || possibly) && here[j + 1],
                    var p when unknown => here[j + 1] || (p != Separator || t == ShellWord.UnknownWords) && next[j],
                    var p => !end && p == t && next[j + 1] || vanishes && here[j + 1],
                };
            }
            (next, here) = (here, next);
        }
        return next[0];
    }
}
