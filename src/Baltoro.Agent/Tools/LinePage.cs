// Takes a page of numbered lines out of a text of any length, holding no more than the page. It knows no files.

using System.Globalization;
using System.Text;

namespace Baltoro.Agent.Tools;

/// <param name="Text">The lines, each with its number, a tab and a line feed.</param>
/// <param name="Count">How many lines that is.</param>
/// <param name="Total">Lines of the whole text; null where they were not counted.</param>
/// <param name="More">Whether lines follow.</param>
sealed record LinePage(string Text, int Count, int? Total, bool More)
{
    /// <param name="first">Counted from 1.</param>
    /// <param name="lines">The most lines.</param>
    /// <param name="width">Characters of a line, more are cut and counted.</param>
    /// <param name="limit">Characters of the page; at least one line comes back.</param>
    /// <param name="toTheEnd">Whether the text is read on behind the page to count its lines.</param>
    public static async Task<LinePage> Of(TextReader text, int first, int lines, int width, int limit, bool toTheEnd, CancellationToken cancellation)
    {
        StringBuilder page = new();
        StringBuilder line = new();
        char[] block = new char[32_768];
        int number = 1, count = 0;
        long length = 0;
        bool full = false, more = false;

        void Close()
        {
            if (number >= first && !full)
            {
                string end = length > width ? $" [… {length - width} characters more]" : "";
                if (line.Length > 0 && line[^1] == '\r' && end.Length == 0) line.Length--;
                if (count > 0 && page.Length + line.Length + end.Length > limit)
                {
                    full = true;
                    more = true;
                }
                else
                {
                    page.Append(CultureInfo.InvariantCulture, $"{number}\t").Append(line).Append(end).Append('\n');
                    full = ++count == lines;
                }
            }
            else if (full)
            {
                more = true;
            }
            number++;
            line.Clear();
            length = 0;
        }

        while (!(more && !toTheEnd))
        {
            int read = await text.ReadAsync(block, cancellation);
            if (read == 0) break;
            for (int at = 0; at < read;)
            {
                int end = Array.IndexOf(block, '\n', at, read - at);
                int piece = (end < 0 ? read : end) - at;
                if (number >= first && !full) line.Append(block, at, (int)Math.Min(piece, Math.Max(0, width - length)));
                length += piece;
                at += piece;
                if (end < 0) continue;
                at++;
                Close();
            }
        }
        if (length > 0) Close();
        bool counted = toTheEnd || !more;
        return new LinePage(page.ToString(), count, counted ? number - 1 : null, more);
    }
}
