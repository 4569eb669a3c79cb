// Which environment variables a configuration takes its secrets from. It refuses to read them.

using System.Text.RegularExpressions;
using Baltoro.Chat;
using Baltoro.Models.Reading;

namespace Baltoro.Models;

static partial class SecretVariables
{
    /// <summary>Members whose texts are secret, or may be.</summary>
    static readonly HashSet<string> Members = ["key", "headers", "env", "ledger", "shared"];

    /// <summary>What programs cannot do without, and nobody keeps a secret in.</summary>
    static readonly HashSet<string> Open = ["HOME", "PATH", "PWD", "USER", "LOGNAME", "SHELL", "LANG", "TMPDIR", "HOSTNAME"];

    /// <summary>A shorter value says too little to be told from any other.</summary>
    const int ShortestKey = 8;

    /// <summary>Names in order: those that stand as <c>${NAME}</c> where a secret may, and those that hold the value of a key.</summary>
    /// <param name="sources">Not expanded.</param>
    public static Sequence<string> In(IEnumerable<Node> sources, IEnumerable<Key> keys, IReadOnlyDictionary<string, string> environment)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (Node source in sources) Collect(source, isSecret: false, names);
        HashSet<string> values = [.. keys.OfType<Key.Set>().Select(key => key.Secret).Where(secret => secret.Length >= ShortestKey)];
        foreach ((string name, string value) in environment)
            if (values.Contains(value.Trim())) names.Add(name);
        names.ExceptWith(Open);
        return names.ToSequence();
    }

    static void Collect(Node node, bool isSecret, SortedSet<string> names)
    {
        switch (node)
        {
            case Node.Object map:
                foreach (Member member in map.Members) Collect(member.Value, isSecret || Members.Contains(member.Name), names);
                break;
            case Node.List list:
                foreach (Node item in list.Items) Collect(item, isSecret, names);
                break;
            case Node.Text text when isSecret:
                foreach (Match match in Variable().Matches(text.Value)) names.Add(match.Groups[1].Value);
                break;
        }
    }

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)")]
    private static partial Regex Variable();
}
