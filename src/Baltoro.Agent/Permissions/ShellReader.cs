// Reads bash as far as is needed to know which commands it would run (POSIX.1-2024 chapter 2, and bash's own). It runs and expands nothing.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

/// <summary>
/// One pass over a script. Compound commands need no tree: their keywords are skipped, and every simple command between them is found,
/// whichever branch it stands in.
/// </summary>
sealed class ShellReader(string text, ShellFindings findings)
{
    /// <summary>Words that stand where a command could and run nothing themselves.</summary>
    static readonly HashSet<string> Keywords = ["if", "then", "else", "elif", "fi", "do", "done", "while", "until", "{", "}", "!", "time", "esac", "coproc"];

    int _at;
    readonly List<(string Delimiter, bool Literal, bool Tabs, bool ToShell)> _hereDocuments = [];

    public void ReadAll() => Commands(end: '\0');

    /// <summary>Commands up to the closing parenthesis, or the end of the text.</summary>
    void Commands(char end)
    {
        while (true)
        {
            Blanks(newLines: true);
            if (_at >= text.Length)
            {
                if (end != '\0') throw new ShellSyntaxException($"a '{end}' is missing.");
                return;
            }
            if (text[_at] == end)
            {
                _at++;
                return;
            }
            if (text[_at] is ';' or '&' or '|') _at++;
            else if (text[_at] == ')') throw new ShellSyntaxException("there is a ')' too many.");
            else Command();
        }
    }

    void Command()
    {
        if (text[_at] == '(')
        {
            _at++;
            if (At("("))
            {
                // ((…)): arithmetic, in which substitutions run.
                _at++;
                Nested(Balanced("))"));
                Redirections();
                return;
            }
            Commands(')');
            Redirections();
            return;
        }
        List<string> assignments = [];
        List<ShellWord> words = [];
        List<string> rawWords = [];
        while (true)
        {
            Blanks(newLines: false);
            if (_at >= text.Length || text[_at] is '\n' or ';' or '|' or ')' || text[_at] == '&' && !At("&>")) break;
            if (Redirection(rawWords)) continue;
            if (text[_at] == '(')
            {
                // name() { … }: the body is read as the commands that follow.
                if (words.Count == 1 && IsFunctionHead())
                {
                    words.Clear();
                    rawWords.Clear();
                    return;
                }
                throw new ShellSyntaxException("a '(' stands where none is expected.");
            }
            int start = _at;
            ShellWord word = Word();
            string raw = text[start.._at];
            if (words.Count == 0)
            {
                if (IsAssignment(raw, out string variable))
                {
                    assignments.Add(variable);
                    if (_at < text.Length && text[_at] == '(' && raw.EndsWith('='))
                    {
                        _at++;
                        Array();
                    }
                    continue;
                }
                if (Keywords.Contains(raw)) continue;
                if (raw is "function")
                {
                    Blanks(newLines: false);
                    Word();
                    Blanks(newLines: false);
                    if (At("(")) IsFunctionHead();
                    return;
                }
                if (raw is "for" or "select")
                {
                    ForHead();
                    return;
                }
                if (raw is "case")
                {
                    CaseHead();
                    return;
                }
                if (raw is "[[")
                {
                    Nested(Balanced(" ]]"));
                    Redirections();
                    return;
                }
            }
            words.Add(word);
            rawWords.Add(raw);
        }
        if (words.Count > 0)
        {
            findings.Command(new SimpleCommand([.. assignments], [.. words]));
        }
        else
        {
            foreach (string variable in assignments)
                if (Variables.Steers(variable)) findings.Doubt($"It sets {variable}, which changes what later commands mean.");
        }
        if (_at == text.Length && _hereDocuments.Count > 0) throw new ShellSyntaxException("a here-document has no body.");
    }

    bool IsFunctionHead()
    {
        if (!At("(")) return false;
        _at++;
        Blanks(newLines: false);
        if (!At(")")) throw new ShellSyntaxException("a '(' stands where none is expected.");
        _at++;
        return true;
    }

    void ForHead()
    {
        Blanks(newLines: false);
        if (At("(("))
        {
            _at += 2;
            Nested(Balanced("))"));
            return;
        }
        string variable = Word().Text;
        if (Variables.Steers(variable)) findings.Doubt($"It sets {variable}, which changes what later commands mean.");
        Blanks(newLines: true);
        if (!At("in") || _at + 2 < text.Length && !char.IsWhiteSpace(text[_at + 2])) return;
        _at += 2;
        Blanks(newLines: false);
        while (_at < text.Length && text[_at] is not (';' or '\n'))
        {
            Word();
            Blanks(newLines: false);
        }
    }

    /// <summary>case WORD in PATTERN) commands ;; … esac</summary>
    void CaseHead()
    {
        Blanks(newLines: false);
        Word();
        Blanks(newLines: true);
        if (!At("in")) throw new ShellSyntaxException("a case has no 'in'.");
        _at += 2;
        while (true)
        {
            Blanks(newLines: true);
            if (_at >= text.Length) throw new ShellSyntaxException("a case has no 'esac'.");
            if (At("esac") && (_at + 4 == text.Length || !IsName(text[_at + 4])))
            {
                _at += 4;
                return;
            }
            if (text[_at] == '(') _at++;
            while (!At(")"))
            {
                Blanks(newLines: false);
                if (_at >= text.Length) throw new ShellSyntaxException("a case's pattern has no ')'.");
                if (text[_at] == '|') _at++;
                else if (text[_at] != ')') Word();
            }
            _at++;
            while (true)
            {
                Blanks(newLines: true);
                if (_at >= text.Length) throw new ShellSyntaxException("a case has no 'esac'.");
                if (At(";;"))
                {
                    _at += At(";;&") ? 3 : 2;
                    break;
                }
                if (At(";&"))
                {
                    _at += 2;
                    break;
                }
                if (At("esac") && (_at + 4 == text.Length || !IsName(text[_at + 4]))) break;
                if (text[_at] is ';' or '&' or '|') _at++;
                else if (text[_at] == ')') throw new ShellSyntaxException("there is a ')' too many.");
                else Command();
            }
        }
    }

    void Array()
    {
        while (true)
        {
            Blanks(newLines: true);
            if (_at >= text.Length) throw new ShellSyntaxException("a list has no ')'.");
            if (text[_at] == ')')
            {
                _at++;
                return;
            }
            Word();
        }
    }

    void Redirections()
    {
        List<string> none = [];
        do Blanks(newLines: false);
        while (_at < text.Length && Redirection(none));
    }

    /// <summary>Reads one redirection if there is one.</summary>
    bool Redirection(List<string> words)
    {
        int at = _at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        if (at == _at && text[at] == '{')
        {
            int close = text.IndexOf('}', at);
            if (close > 0 && close + 1 < text.Length && text[close + 1] is '<' or '>' && text[(at + 1)..close].All(IsName)) at = close + 1;
        }
        if (at >= text.Length) return false;
        if (text[at] == '&' && at + 1 < text.Length && text[at + 1] == '>') at++;
        if (text[at] is not ('<' or '>')) return false;
        // <(…) and >(…) are words.
        if (at == _at && at + 1 < text.Length && text[at + 1] == '(') return false;
        _at = at;
        string sign = ((string[])["<<<", "<<-", "<<", "<>", "<&", "<", ">>", ">|", ">&", ">"]).First(At);
        _at += sign.Length;
        Blanks(newLines: false);
        if (_at >= text.Length) throw new ShellSyntaxException($"nothing follows '{sign}'.");
        int start = _at;
        ShellWord target = Word();
        if (_at == start) throw new ShellSyntaxException($"nothing follows '{sign}'.");
        if (sign is "<<" or "<<-")
        {
            string raw = text[start.._at];
            _hereDocuments.Add((target.Text, raw.AsSpan().IndexOfAny('\'', '"', '\\') >= 0, sign == "<<-", words.Count > 0 && Shells.Has(words[0])));
        }
        if (sign is ">" or ">>" or ">|" or "<>" || sign == ">&" && !(target.IsLiteral && target.Text.All(c => char.IsAsciiDigit(c) || c == '-')))
            findings.Write(target);
        if (target.Text.StartsWith("/dev/tcp/", StringComparison.Ordinal) || target.Text.StartsWith("/dev/udp/", StringComparison.Ordinal))
            findings.Doubt($"It connects to {target}.");
        return true;
    }

    /// <summary>The bodies that follow the line's end.</summary>
    void HereDocuments()
    {
        foreach ((string delimiter, bool literal, bool tabs, bool toShell) in _hereDocuments.ToArray())
        {
            StringBuilder body = new();
            while (true)
            {
                if (_at >= text.Length) throw new ShellSyntaxException($"the here-document {delimiter} does not end.");
                int end = text.IndexOf('\n', _at);
                if (end < 0) end = text.Length;
                string line = text[_at..end];
                _at = Math.Min(text.Length, end + 1);
                if ((tabs ? line.TrimStart('\t') : line) == delimiter) break;
                body.Append(line).Append('\n');
            }
            if (!literal) Nested(body.ToString());
            if (!toShell) continue;
            if (literal) findings.Script(body.ToString());
            else findings.Doubt("A shell reads its commands from text that is only known when it runs.");
        }
        _hereDocuments.Clear();
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

    void Blanks(bool newLines)
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\r') _at++;
            else if (At("\\\n")) _at += 2;
            else if (text[_at] == '#' && (_at == 0 || text[_at - 1] is ' ' or '\t' or '\n' or ';' or '&' or '|' or '('))
                while (_at < text.Length && text[_at] != '\n') _at++;
            else if (text[_at] == '\n' && newLines)
            {
                _at++;
                HereDocuments();
            }
            else break;
        }
    }

    bool At(string sign) => string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0;

    static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    static bool IsAssignment(string raw, out string variable)
    {
        int at = 0;
        while (at < raw.Length && IsName(raw[at])) at++;
        variable = raw[..at];
        if (at == 0 || at == raw.Length || char.IsAsciiDigit(raw[0])) return false;
        if (raw[at] == '[' && raw.IndexOf(']', at) is > 0 and var close) at = close + 1;
        if (at < raw.Length && raw[at] == '+') at++;
        return at < raw.Length && raw[at] == '=';
    }
}
