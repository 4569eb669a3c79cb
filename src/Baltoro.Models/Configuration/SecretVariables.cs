// Which environment variables a configuration takes something from that is nobody else's business. It refuses to read them.

using System.Text.RegularExpressions;
using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

/// <summary>
/// Whatever a configuration names as <c>${NAME}</c> may be secret, wherever it stands: a token is an argument or a part of a URL as well as a header. Left out is
/// what programs cannot do without and nobody keeps a secret in: who the user is, and places.
/// </summary>
public static partial class SecretVariables
{
    /// <summary>A shorter value says too little to be told from any other.</summary>
    const int ShortestKey = 8;

    /// <summary>Names in order, of those that a text mentions as <c>${NAME}</c> or <c>${NAME:-otherwise}</c>.</summary>
    public static Sequence<string> NamedIn(string text)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        Collect(text, names);
        return names.ToSequence();
    }

    /// <summary>Names in order: those that stand as <c>${NAME}</c> anywhere, and those that hold the value of a key.</summary>
    /// <param name="sources">Not expanded.</param>
    internal static Sequence<string> In(IEnumerable<Node> sources, IEnumerable<Key> keys, IReadOnlyDictionary<string, string> environment)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (Node source in sources) Collect(source, names);
        HashSet<string> values = [.. keys.OfType<Key.Set>().Select(key => key.Secret).Where(secret => secret.Length >= ShortestKey)];
        foreach ((string name, string value) in environment)
            if (values.Contains(value.Trim()) && !Open().IsMatch(name)) names.Add(name);
        return names.ToSequence();
    }

    static void Collect(Node node, SortedSet<string> names)
    {
        switch (node)
        {
            case Node.Object map:
                foreach (Member member in map.Members) Collect(member.Value, names);
                break;
            case Node.List list:
                foreach (Node item in list.Items) Collect(item, names);
                break;
            case Node.Text text:
                Collect(text.Value, names);
                break;
        }
    }

    static void Collect(string text, SortedSet<string> names)
    {
        foreach (Match match in Variable().Matches(text))
            if (!Open().IsMatch(match.Groups[1].ValueSpan)) names.Add(match.Groups[1].Value);
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Variable();

    [GeneratedRegex("^(PWD|USER|LOGNAME|SHELL|LANG|HOSTNAME)$|(HOME|PATH|ROOT|DIR)$")]
    private static partial Regex Open();
}
