// Which of some names someone may have meant.

using Baltoro.Chat;

namespace Baltoro.Models.Reading;

static class Nearest
{
    /// <summary>Up to three names that are close to <paramref name="name"/>, closest first; case does not count.</summary>
    public static Sequence<string> To(string name, IEnumerable<string> names) => names
        .Distinct(StringComparer.OrdinalIgnoreCase)
        .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
        .Where(candidate => candidate.Distance <= Math.Max(1, name.Length / 3))
        .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
        .Take(3).Select(candidate => candidate.Name).ToSequence();

    /// <summary>Levenshtein's: single letters inserted, deleted or replaced.</summary>
    static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            (int diagonal, row[0]) = (row[0], i);
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1);
                (diagonal, row[j]) = (row[j], Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1));
            }
        }
        return row[b.Length];
    }
}
