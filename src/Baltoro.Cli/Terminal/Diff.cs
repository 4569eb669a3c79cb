// Which lines a change takes away and which it adds; it refuses to know files and colours.

using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>A line of a difference.</summary>
abstract record DiffLine(string Text)
{
    public sealed record Kept(string Text) : DiffLine(Text);

    public sealed record Taken(string Text) : DiffLine(Text);

    public sealed record Added(string Text) : DiffLine(Text);
}

static class Diff
{
    /// <summary>Beyond this the two texts are shown one after the other: nobody reads such a difference on a terminal.</summary>
    const int MostCells = 1_000_000;

    /// <summary>By the longest common subsequence of lines, after equal beginnings and ends.</summary>
    public static Sequence<DiffLine> Of(string before, string after)
    {
        string[] old = Lines(before), now = Lines(after);
        int head = 0, tail = 0;
        while (head < old.Length && head < now.Length && old[head] == now[head]) head++;
        while (tail < old.Length - head && tail < now.Length - head && old[^(tail + 1)] == now[^(tail + 1)]) tail++;
        return
        [
            .. old[..head].Select(DiffLine (line) => new DiffLine.Kept(line)),
            .. Middle(old[head..(old.Length - tail)], now[head..(now.Length - tail)]),
            .. old[(old.Length - tail)..].Select(DiffLine (line) => new DiffLine.Kept(line)),
        ];
    }

    static string[] Lines(string text)
    {
        string[] lines = text.Length == 0 ? [] : text.ReplaceLineEndings("\n").Split('\n');
        // The end of the last line begins no other.
        return lines is [.. var all, ""] ? all : lines;
    }

    static List<DiffLine> Middle(string[] old, string[] now)
    {
        List<DiffLine> lines = [];
        if ((long)old.Length * now.Length > MostCells)
        {
            lines.AddRange(old.Select(line => new DiffLine.Taken(line)));
            lines.AddRange(now.Select(line => new DiffLine.Added(line)));
            return lines;
        }
        // common[i, j]: the longest common subsequence of old[i..] and now[j..].
        int[,] common = new int[old.Length + 1, now.Length + 1];
        for (int i = old.Length - 1; i >= 0; i--)
            for (int j = now.Length - 1; j >= 0; j--)
                common[i, j] = old[i] == now[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        for (int i = 0, j = 0; i < old.Length || j < now.Length;)
        {
            if (i < old.Length && j < now.Length && old[i] == now[j])
            {
                lines.Add(new DiffLine.Kept(old[i++]));
                j++;
            }
            else if (i < old.Length && (j == now.Length || common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add(new DiffLine.Taken(old[i++]));
            }
            else
            {
                lines.Add(new DiffLine.Added(now[j++]));
            }
        }
        return lines;
    }
}
