// Which of some names someone may have meant; it refuses to know what is named.

namespace Baltoro.Chat;

public static class Nearest
{
    /// <summary>Up to three names that are close to <paramref name="name"/>, closest first; case does not count.</summary>
    /// <param name="share">The share of its letters that may have to change. A person who mistypes hits near; a model that guesses, less so.</param>
    public static Sequence<string> To(string name, IEnumerable<string> names, double share = 1.0 / 3)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length == 0) return [];
        int reach = Math.Max(1, (int)(name.Length * share));
        return names
            .Distinct(StringComparer.OrdinalIgnoreCase)
            // No edit makes up for more letters than that; this also keeps absurd names cheap.
            .Where(candidate => Math.Abs(candidate.Length - name.Length) <= reach)
            .Select(candidate => (Name: candidate, Distance: Distance(name, candidate)))
            .Where(candidate => candidate.Distance <= reach)
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Take(3).Select(candidate => candidate.Name).ToSequence();
    }

    /// <summary>Single letters inserted, deleted, replaced, or swapped with their neighbour (Levenshtein and Damerau).</summary>
    static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replaced = cost[i - 1, j - 1] + (Same(i, j) ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(i, j - 1) && Same(i - 1, j)) cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[a.Length, b.Length];

        bool Same(int i, int j) => char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
    }
}
