// Reads bash as far as is needed to know which commands it would run (POSIX.1-2024 chapter 2, and bash's own). It runs and expands nothing.

using Baltoro.Chat;

namespace Baltoro.Agent.Permissions;

/// <summary>
/// One pass over a script. Compound commands need no tree: their keywords are skipped, and every simple command between them is found,
/// whichever branch it stands in. Here stand the commands; words and what they expand to, and redirections with their here-documents, have files of
/// their own.
/// </summary>
sealed partial class ShellReader(string text, ShellFindings findings)
{
    /// <summary>Words that stand where a command could and run nothing themselves.</summary>
    static readonly HashSet<string> Keywords = ["if", "then", "else", "elif", "fi", "do", "done", "while", "until", "{", "}", "!", "time", "esac", "coproc"];

    int _at;

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
