// Turns a regular expression in ripgrep's syntax (that of Rust's regex crate) into one of .NET's linear-time engine. It searches nothing.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Baltoro.Agent.Tools;

/// <summary>What a model's regular expression turned out to be.</summary>
abstract record SearchPattern
{
    SearchPattern() { }

    /// <param name="Regex">Takes time in proportion to the text, whatever the pattern.</param>
    public sealed record Valid(Regex Regex) : SearchPattern;

    /// <param name="Why">What is wrong with it and what to write instead, for the model.</param>
    public sealed record Refused(string Why) : SearchPattern;

    const int Longest = 4000;

    /// <param name="multiline">The pattern may match across lines, and its dots match line ends; otherwise it is about single lines.</param>
    public static SearchPattern Of(string pattern, bool ignoreCase, bool multiline)
    {
        if (pattern.Length > Longest) return new Refused($"The pattern is longer than {Longest} characters.");
        RegexOptions options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Multiline
            | (ignoreCase ? RegexOptions.IgnoreCase : 0) | (multiline ? RegexOptions.Singleline : 0);
        try
        {
            return new Valid(new Regex(new Translation(pattern, perLine: !multiline).Translate(), options));
        }
        catch (RegexParseException e)
        {
            return new Refused($"The pattern {pattern} is not a regular expression: {e.Message} Escape what is meant literally, such as \\( or \\{{.");
        }
        catch (NotSupportedException)
        {
            return new Refused($"The pattern {pattern} cannot be searched in linear time: lookaround (?= (?! (?<, backreferences and atomic groups are not supported, or it repeats too much. Search for less and filter what you find.");
        }
        catch (FormatException e)
        {
            return new Refused($"The pattern {pattern}: {e.Message}");
        }
    }

    /// <summary>One pass over a pattern.</summary>
    sealed class Translation(string pattern, bool perLine)
    {
        readonly StringBuilder _out = new(pattern.Length + 16);
        int _at;

        char Next => _at + 1 < pattern.Length ? pattern[_at + 1] : '\0';

        public string Translate()
        {
            for (; _at < pattern.Length; _at++)
            {
                switch (pattern[_at])
                {
                    case '\\': Escape(inClass: false); break;
                    case '[': Class(); break;
                    case '(' when pattern.AsSpan(_at).StartsWith("(?P<", StringComparison.Ordinal):
                        _out.Append("(?<");
                        _at += 3;
                        break;
                    case '{' when Next == ',':
                        _out.Append("{0");
                        break;
                    default: _out.Append(pattern[_at]); break;
                }
            }
            return _out.ToString();
        }

        void Escape(bool inClass)
        {
            char kind = Next;
            switch (kind)
            {
                case 'x' or 'u' or 'U' when _at + 2 < pattern.Length && pattern[_at + 2] == '{':
                    int close = pattern.IndexOf('}', _at);
                    if (close < 0) throw new FormatException($"\\{kind}{{ is not closed.");
                    Code(pattern.AsSpan(_at + 3, close - _at - 3), inClass);
                    _at = close;
                    return;
                case 'U' when _at + 9 < pattern.Length:
                    Code(pattern.AsSpan(_at + 2, 8), inClass);
                    _at += 9;
                    return;
                case 'p' or 'P' when _at + 2 < pattern.Length && pattern[_at + 2] != '{':
                    _out.Append('\\').Append(kind).Append('{').Append(pattern[_at + 2]).Append('}');
                    _at += 2;
                    return;
                // A word's start or end: the edge of a word is enough where a word character is beside it, and it always is.
                case '<' or '>' when !inClass:
                    _out.Append(@"\b");
                    break;
                case 'b' when !inClass && (Follows("{start}") || Follows("{end}")):
                    _out.Append(@"\b");
                    _at = pattern.IndexOf('}', _at);
                    return;
                // Each line is a text of its own.
                case 'A' when perLine && !inClass: _out.Append('^'); break;
                case 'z' or 'Z' when perLine && !inClass: _out.Append('$'); break;
                // A line has no line end in it. Were these to take it in, a match could begin in every line and end in the last.
                case 's' when perLine && !inClass: _out.Append(@"[^\S\n]"); break;
                case 'W' or 'D' when perLine && !inClass: _out.Append(@"[^\").Append(char.ToLowerInvariant(kind)).Append(@"\n]"); break;
                case 'h' or 'H' or 'R' or 'K' or 'Q' or 'E' when !inClass:
                    throw new FormatException($"\\{kind} is not known here.");
                default:
                    _out.Append('\\');
                    if (kind != '\0') _out.Append(kind);
                    break;
            }
            _at++;
        }

        bool Follows(string what) => pattern.AsSpan(Math.Min(pattern.Length, _at + 2)).StartsWith(what, StringComparison.Ordinal);

        void Code(ReadOnlySpan<char> hex, bool inClass)
        {
            if (!int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || !Rune.IsValid(code))
                throw new FormatException($"{hex} is not the number of a character.");
            if (code > 0xFFFF && inClass) throw new FormatException($"U+{code:X} in a class: characters beyond U+FFFF can stand outside of classes only.");
            foreach (char c in char.ConvertFromUtf32(code)) _out.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}");
        }

        void Class()
        {
            int start = _at;
            _out.Append('[');
            if (Next == '^')
            {
                _out.Append('^');
                _at++;
            }
            bool first = true;
            for (_at++; _at < pattern.Length; _at++, first = false)
            {
                char c = pattern[_at];
                if (c == ']' && !first)
                {
                    _out.Append(perLine ? @"-[\n]]" : "]");
                    return;
                }
                switch (c)
                {
                    case '\\': Escape(inClass: true); break;
                    case '[' when Next == ':': Named(); break;
                    case '[': throw new FormatException("a class inside of a class is not supported; a literal [ in a class is written \\[.");
                    case '&' or '-' or '~' when Next == c && !first && _at + 2 < pattern.Length && pattern[_at + 2] != ']':
                        throw new FormatException($"{c}{c} in a class is not supported; write the class out, or escape the character.");
                    case ']': _out.Append(@"\]"); break;
                    case '-' when first || Next == ']': _out.Append(@"\-"); break;
                    default: _out.Append(c); break;
                }
            }
            throw new FormatException($"the class that begins at character {start + 1} is not closed; a literal [ is written \\[.");
        }

        void Named()
        {
            int close = pattern.IndexOf(":]", _at, StringComparison.Ordinal);
            string name = close < 0 ? "" : pattern[(_at + 2)..close];
            _out.Append(name switch
            {
                "alpha" => "a-zA-Z",
                "digit" => "0-9",
                "alnum" => "a-zA-Z0-9",
                "upper" => "A-Z",
                "lower" => "a-z",
                "word" => "a-zA-Z0-9_",
                "xdigit" => "0-9a-fA-F",
                "space" => @"\t\n\v\f\r ",
                "blank" => @"\t ",
                "punct" => @"!-/:-@\[-`{-~",
                "cntrl" => @"\x00-\x1F\x7F",
                "graph" => "!-~",
                "print" => " -~",
                "ascii" => @"\x00-\x7F",
                _ => throw new FormatException($"[:{name}:] is not a class that is known."),
            });
            _at = close + 1;
        }
    }
}
