// Names of files, identifiers and things, as projects have them. It knows no wording.

using System.Text;

namespace Baltoro.Worlds;

/// <summary>Draws names of one split. Not thread-safe.</summary>
public sealed class Names(Draw draw, Split split)
{
    const string Consonants = "bcdfghjklmnprstvwxz", Vowels = "aeiouy";

    static readonly string[] Extensions = ["md", "txt", "py", "js", "ts", "go", "rs", "c", "java", "cs", "sh", "rb", "yaml", "toml", "ini", "json", "sql", "lua", "css", "html", "log", "conf"];

    readonly List<string> _drawn = [];

    /// <summary>A word in small letters, or rarely digits among them.</summary>
    public string Word()
    {
        // Names of one project are made of few words. The list of real words is short and brings that by itself.
        if (_drawn.Count > 0 && split != Split.RealWords && draw.Chance(0.12)) return _drawn[draw.Below(_drawn.Count)];
        while (true)
        {
            string word = Any();
            if (split != Split.RealWords && !Held.Fits(word, split)) continue;
            _drawn.Add(word);
            return word;
        }
    }

    string Any()
    {
        if (split == Split.RealWords) return draw.Of<string>(WordLists.Real);
        int kind = draw.Below(100);
        if (kind < 45) return draw.Of<string>(WordLists.Common);
        StringBuilder word = new();
        if (kind < 80)
        {
            for (int syllables = draw.Between(2, 3); syllables > 0; syllables--)
            {
                word.Append(draw.Of<char>(Consonants)).Append(draw.Of<char>(Vowels));
                if (draw.Chance(0.3)) word.Append(draw.Of<char>(Consonants));
            }
        }
        else if (kind < 95)
        {
            for (int letters = draw.Between(3, 6); letters > 0; letters--) word.Append((char)('a' + draw.Below(26)));
        }
        else
        {
            word.Append((char)('a' + draw.Below(26)));
            for (int signs = draw.Between(2, 4); signs > 0; signs--) word.Append(draw.Of<char>("0123456789abcdef"));
        }
        return word.ToString();
    }

    public string Capital() => Capital(Word());

    internal static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];

    /// <summary>A file's name with its extension; one in ten lies in a folder.</summary>
    public string File() => File(draw.Of<string>(Extensions));

    public string File(string extension)
    {
        string stem = draw.Below(100) switch
        {
            < 60 => Word(),
            < 72 => Pair("-"),
            < 84 => Pair("_"),
            < 92 => $"{Word()}{draw.Between(1, 99)}",
            _ => Capital(),
        };
        return draw.Chance(0.1) ? $"{Word()}/{stem}.{extension}" : $"{stem}.{extension}";
    }

    /// <summary>Distinct files.</summary>
    public string[] Files(int count)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        while (names.Count < count) names.Add(File());
        return [.. names];
    }

    string Pair(string between)
    {
        string first = Word();
        return first + between + Another(first);
    }

    string Another(string first)
    {
        while (true)
            if (Word() is var word && word != first) return word;
    }

    /// <summary>A name in a program, in one of the usual styles.</summary>
    public string Identifier()
    {
        string first = Word();
        return draw.Below(4) switch
        {
            0 => first,
            1 => $"{first}_{Another(first)}",
            2 => Capital(first) + Capital(Another(first)),
            _ => first + Capital(Another(first)),
        };
    }
}
