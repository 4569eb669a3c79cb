// Picks the passages of a long text that have to do with a question, by its words. It understands neither.

using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Baltoro.Agent.Tools.Web;

static partial class Passages
{
    /// <summary>Letters of a word that may say something; shorter ones are in every passage.</summary>
    const int ShortestWord = 4;

    /// <summary>
    /// At most <paramref name="limit"/> characters: the beginning, and of the rest the paragraphs with the most words of the question, in their
    /// order, with a mark where some are left out.
    /// </summary>
    public static string Of(string text, string question, int limit)
    {
        string[] parts = text.Split("\n\n");
        HashSet<string> words = [.. Words(question)];
        int[] best = [.. Enumerable.Range(0, parts.Length)
            .Select(i => (Index: i, Hits: Words(parts[i]).Distinct().Count(words.Contains)))
            // The beginning says what the page is; it counts as much as a passage with every word.
            .OrderByDescending(part => part.Index < 3 ? words.Count + 1 : part.Hits).ThenBy(part => part.Index).Select(part => part.Index)];
        HashSet<int> kept = [];
        int room = limit;
        foreach (int index in best)
        {
            if (parts[index].Length + 10 > room) continue;
            room -= parts[index].Length + 10;
            kept.Add(index);
        }
        if (kept.Count == 0) return text[..limit];
        StringBuilder result = new();
        int before = -1;
        foreach (int index in kept.Order())
        {
            if (before >= 0) result.Append(index == before + 1 ? "\n\n" : "\n\n[…]\n\n");
            result.Append(parts[index]);
            before = index;
        }
        return result.ToString();
    }

    static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Value).Where(word => word.Length >= ShortestWord).Select(word => word.ToLower(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"[\p{L}\p{N}_]+")]
    private static partial Regex Word();
}
