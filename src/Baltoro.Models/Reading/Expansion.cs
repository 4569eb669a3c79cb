// `${NAME}` in texts, replaced by what the environment says. It refuses to read the environment itself.

using System.Text;
using Baltoro.Chat;

namespace Baltoro.Models.Reading;

static class Expansion
{
    /// <summary>
    /// The same tree with every text expanded. A variable that is not set, or set to nothing, makes its text <see cref="Node.Unset"/>:
    /// whoever reads the value decides whether that matters.
    /// </summary>
    public static Node.Object Expand(Node.Object node, IReadOnlyDictionary<string, string> environment, List<Problem> problems) => node with
    {
        Members = node.Members.Select(member => member with { Value = Expand(member.Value, environment, problems) }).ToSequence(),
    };

    static Node Expand(Node node, IReadOnlyDictionary<string, string> environment, List<Problem> problems) => node switch
    {
        Node.Object map => Expand(map, environment, problems),
        Node.List list => list with { Items = list.Items.Select(item => Expand(item, environment, problems)).ToSequence() },
        Node.Text text when Mentions(text) => Replace(text, environment, problems),
        _ => node,
    };

    public static bool Mentions(Node.Text text) => text.Value.Contains("${", StringComparison.Ordinal);

    static Node Replace(Node.Text text, IReadOnlyDictionary<string, string> environment, List<Problem> problems)
    {
        StringBuilder result = new();
        ReadOnlySpan<char> rest = text.Value;
        for (int start; (start = rest.IndexOf("${")) >= 0;)
        {
            int end = rest[start..].IndexOf('}');
            string name = end < 0 ? "" : rest[(start + 2)..(start + end)].ToString();
            if (name.Length == 0 || char.IsAsciiDigit(name[0]) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_'))
            {
                // The text is not shown: what stands around a slip of the pen may be a key.
                problems.Add(new(text.At, "\"${\" without the name of a variable and \"}\"", "${NAME}"));
                return new Node.Text(text.At, "");
            }
            if (!environment.TryGetValue(name, out string? value) || string.IsNullOrWhiteSpace(value)) return new Node.Unset(text.At, name);
            result.Append(rest[..start]).Append(value.Trim());
            rest = rest[(start + end + 1)..];
        }
        return new Node.Text(text.At, result.Append(rest).ToString());
    }
}
