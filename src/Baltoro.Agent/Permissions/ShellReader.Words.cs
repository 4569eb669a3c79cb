// The words of a shell's commands: quotes, and what stands in a word that only the shell will know (POSIX.1-2024, 2.2 and 2.6). It expands nothing.

using System.Text;

namespace Baltoro.Agent.Permissions;

sealed partial class ShellReader
{
    ShellWord Word()
    {
        StringBuilder word = new();
        int start = _at;
        while (_at < text.Length)
        {
            char c = text[_at];
            if (c is ' ' or '\t' or '\n' or ';' or '&' or '|' or ')') break;
            if (c is '<' or '>' && !(_at + 1 < text.Length && text[_at + 1] == '(')) break;
            if (c == '(') break;
            switch (c)
            {
                case '\\':
                    _at++;
                    if (_at < text.Length && text[_at] != '\n') word.Append(text[_at]);
                    _at++;
                    break;
                case '\'':
                    int end = text.IndexOf('\'', _at + 1);
                    if (end < 0) throw new ShellSyntaxException("a ' is missing.");
                    word.Append(text, _at + 1, end - _at - 1);
                    _at = end + 1;
                    break;
                case '"':
                    _at++;
                    DoubleQuoted(word);
                    break;
                case '$' when At("$'"):
                    _at += 2;
                    AnsiQuoted(word);
                    break;
                case '$' when At("$\""):
                    _at += 2;
                    DoubleQuoted(word);
                    break;
                case '$' or '`':
                    Expansion(word, quoted: false);
                    break;
                case '<' or '>':
                    _at += 2;
                    Commands(')');
                    word.Append(ShellWord.Unknown);
                    break;
                case '*' or '?' or '[' when !(c == '[' && _at == start):
                    word.Append(ShellWord.Unknown);
                    _at++;
                    break;
                case '{' when _at + 1 < text.Length && !char.IsWhiteSpace(text[_at + 1]) && text[_at + 1] != '}':
                    word.Append(ShellWord.UnknownWords);
                    _at++;
                    break;
                default:
                    word.Append(c is ShellWord.Unknown or ShellWord.UnknownWords ? ShellWord.UnknownWords : c);
                    _at++;
                    break;
            }
        }
        return new ShellWord(word.ToString());
    }

    void DoubleQuoted(StringBuilder word)
    {
        while (true)
        {
            if (_at >= text.Length) throw new ShellSyntaxException("a \" is missing.");
            switch (text[_at])
            {
                case '"':
                    _at++;
                    return;
                case '\\' when _at + 1 < text.Length && text[_at + 1] is '"' or '\\' or '$' or '`' or '\n':
                    if (text[_at + 1] != '\n') word.Append(text[_at + 1]);
                    _at += 2;
                    break;
                case '$' or '`':
                    Expansion(word, quoted: true);
                    break;
                default:
                    word.Append(text[_at++]);
                    break;
            }
        }
    }

    /// <summary>$'…', whose escapes can spell any name; those that are not letters are as good as unknown.</summary>
    void AnsiQuoted(StringBuilder word)
    {
        while (true)
        {
            if (_at >= text.Length) throw new ShellSyntaxException("a ' is missing.");
            if (text[_at] == '\'')
            {
                _at++;
                return;
            }
            if (text[_at] == '\\')
            {
                word.Append(ShellWord.Unknown);
                _at += 2;
                while (_at < text.Length && char.IsAsciiHexDigit(text[_at])) _at++;
            }
            else
            {
                word.Append(text[_at++]);
            }
        }
    }

    /// <summary>$x, ${…}, $(…), $((…)) or `…`.</summary>
    void Expansion(StringBuilder word, bool quoted)
    {
        char unknown = quoted ? ShellWord.Unknown : ShellWord.UnknownWords;
        if (text[_at] == '`')
        {
            int end = _at + 1;
            while (end < text.Length && text[end] != '`') end += text[end] == '\\' ? 2 : 1;
            if (end >= text.Length) throw new ShellSyntaxException("a ` is missing.");
            findings.Script(text[(_at + 1)..end].Replace("\\`", "`", StringComparison.Ordinal).Replace("\\$", "$", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal));
            _at = end + 1;
            word.Append(unknown);
            return;
        }
        if (At("$(("))
        {
            _at += 3;
            Nested(Balanced("))"));
            word.Append(unknown);
        }
        else if (At("$("))
        {
            _at += 2;
            Commands(')');
            word.Append(unknown);
        }
        else if (At("${"))
        {
            _at += 2;
            int start = _at, open = 1;
            while (_at < text.Length && open > 0)
            {
                if (text[_at] == '\\') _at++;
                else if (text[_at] == '{') open++;
                else if (text[_at] == '}') open--;
                _at++;
            }
            if (open > 0) throw new ShellSyntaxException("a '}' is missing.");
            string inside = text[start..(_at - 1)];
            if (inside.EndsWith("@P", StringComparison.Ordinal)) findings.Doubt("It expands a variable as a prompt, which runs what the variable holds.");
            Nested(inside);
            word.Append(unknown);
        }
        else
        {
            _at++;
            int start = _at;
            while (_at < text.Length && IsName(text[_at])) _at++;
            if (_at == start && _at < text.Length && text[_at] is '@' or '*' or '#' or '?' or '-' or '$' or '!') _at++;
            word.Append(_at == start ? '$' : unknown);
        }
    }

    /// <summary>Text in which only substitutions matter, as inside double quotes.</summary>
    void Nested(string inside)
    {
        ShellReader reader = new(inside, findings);
        reader.Substitutions();
    }

    void Substitutions()
    {
        StringBuilder ignored = new();
        while (_at < text.Length)
        {
            if (text[_at] == '\\') _at += 2;
            else if (text[_at] is '$' or '`') Expansion(ignored, quoted: true);
            else _at++;
        }
    }

    /// <summary>The text up to a closing sign, quotes respected; the position is behind the sign.</summary>
    string Balanced(string close)
    {
        int start = _at;
        while (_at < text.Length)
        {
            if (At(close))
            {
                string inside = text[start.._at];
                _at += close.Length;
                return inside;
            }
            if (text[_at] == '\\') _at++;
            _at++;
        }
        throw new ShellSyntaxException($"a '{close.Trim()}' is missing.");
    }
}
