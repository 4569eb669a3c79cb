// CR LF and LF, and nothing else that Unicode calls a line end: those are content. It knows no files.

namespace Baltoro.Agent.Tools;

static class LineEnds
{
    public static string Lf(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal);

    public static string CrLf(string text) => Lf(text).Replace("\n", "\r\n", StringComparison.Ordinal);

    /// <summary>True when every line of the text ends in CR LF, and there is one.</summary>
    public static bool AllCrLf(string text)
    {
        bool any = false;
        for (int i = text.IndexOf('\n', StringComparison.Ordinal); i >= 0; i = text.IndexOf('\n', i + 1))
        {
            if (i == 0 || text[i - 1] != '\r') return false;
            any = true;
        }
        return any;
    }
}
