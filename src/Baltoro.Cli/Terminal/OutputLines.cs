// What a program says as lines that a terminal can keep: without its escapes, and of a line that it writes over only what was last to be seen. It refuses to know the program.

using System.Text;
using Baltoro.Agent.Tools;

namespace Baltoro.Cli.Terminal;

/// <summary>Not thread-safe.</summary>
sealed class OutputLines
{
    /// <summary>A line without an end must end some time.</summary>
    const int Longest = 16_384;

    readonly StringBuilder _open = new();

    /// <summary>The line that is not at its end; empty where there is none.</summary>
    public string Open => TerminalText.Plain(_open.ToString(Math.Max(0, _open.Length - 2_000), Math.Min(2_000, _open.Length)));

    /// <summary>The lines that the text ends.</summary>
    public IEnumerable<string> Add(string text)
    {
        int start = 0;
        for (int end; (end = text.IndexOf('\n', start)) >= 0; start = end + 1) yield return End(text.AsSpan(start, end - start));
        _open.Append(text, start, text.Length - start);
        if (_open.Length > Longest) yield return End("");
    }

    /// <summary>What is left when nothing more comes; null for nothing.</summary>
    public string? Rest() => _open.Length > 0 ? End("") : null;

    string End(ReadOnlySpan<char> last)
    {
        string line = TerminalText.Plain(_open.Append(last).ToString());
        _open.Clear();
        return line;
    }
}
