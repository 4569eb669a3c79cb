// How often what was mended on one reply's way; it refuses to know how.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Gateway.Measures;

/// <summary>Counts by kind. Not thread-safe.</summary>
sealed class Mends
{
    readonly SortedDictionary<Mend, int> _counts = [];

    public bool IsEmpty => _counts.Count == 0;

    /// <summary>Only kinds that happened, in the order in which <see cref="Mend"/> lists them.</summary>
    public IReadOnlyCollection<KeyValuePair<Mend, int>> Counts => _counts;

    public void Add(Mend kind) => _counts[kind] = _counts.GetValueOrDefault(kind) + 1;

    /// <summary>A kind as headers, logs and labels write it: <c>markup-parsed</c>.</summary>
    public static string NameOf(Mend kind) => JsonNamingPolicy.KebabCaseLower.ConvertName(kind.ToString());

    /// <summary>As the header <c>x-baltoro-repairs</c> has it: <c>markup-parsed=1, retried=2</c>.</summary>
    public override string ToString() => string.Join(", ", _counts.Select(count => $"{NameOf(count.Key)}={count.Value}"));
}
