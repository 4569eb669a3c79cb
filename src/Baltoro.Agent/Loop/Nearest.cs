// The name that was probably meant; it refuses to know what is named.

namespace Baltoro.Agent.Loop;

static class Nearest
{
    /// <returns>The known name with the fewest edits, case left aside; null when more than half of it would have to change.</returns>
    public static string? To(string name, IEnumerable<string> known)
    {
        const int Longest = 100;
        if (name.Length is 0 or > Longest) return null;
        (string Name, int Edits)[] ranked = [.. known.Where(each => each.Length <= Longest).Select(each => (each, Distance(name.ToUpperInvariant(), each.ToUpperInvariant()))).OrderBy(each => each.Item2)];
        return ranked is [var best, ..] && best.Edits * 2 <= Math.Max(name.Length, best.Name.Length) ? best.Name : null;
    }

    /// <summary>Levenshtein's.</summary>
    static int Distance(string one, string other)
    {
        int[] above = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 0; i < one.Length; i++)
        {
            int[] row = new int[other.Length + 1];
            row[0] = i + 1;
            for (int j = 0; j < other.Length; j++)
                row[j + 1] = Math.Min(Math.Min(row[j], above[j + 1]) + 1, above[j] + (one[i] == other[j] ? 0 : 1));
            above = row;
        }
        return above[^1];
    }
}
