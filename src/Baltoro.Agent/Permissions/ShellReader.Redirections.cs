// Redirections of a shell's commands, and the here-documents that follow a line (POSIX.1-2024, 2.7). It opens nothing.

using System.Text;

namespace Baltoro.Agent.Permissions;

sealed partial class ShellReader
{
    readonly List<(string Delimiter, bool Literal, bool Tabs, bool ToShell)> _hereDocuments = [];

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
}
