// Files that lead from one to the next, each with a thing that is asked. It refuses to know who follows.

namespace Baltoro.Worlds;

/// <param name="Chain">The files in order.</param>
/// <param name="Clues">For each, the words right in front of its thing, and of the next file's name; the latter are empty for the last.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="Values">The thing in each.</param>
/// <param name="Answer">The file into which they are to be written, one a line.</param>
public sealed record CollectWorld(string Request, IReadOnlyList<string> Chain, IReadOnlyList<(string Telling, string Onward)> Clues, string Kind, IReadOnlyList<string> Values, string Answer) : World(Request)
{
    static readonly string[] Forms =
    [
        "[Follow|Walk] the [trail|chain|trail of files] [that starts at|from|starting at|beginning with] {a} and [collect|gather|write down] the {kind} of [each|every] file in {b}",
        "[Start|Begin] [at|with] {a} and go from file to file. [Collect|Gather|Write|Put] the {kind} of [each|every] file [in|into] {b}",
        "[Collect|Gather] the {kind} of [each|every] file [on|along] the trail [from|that starts at|that begins with] {a} [in|into] {b}",
        "[Each|Every] file has a {kind} and names the next one, from {a} on. [Write|Put] them all into {b}",
        "Into {b} [write|put] the {kind} of [each|every] file of the trail that [starts at|begins with] {a}",
        "Trail from {a}, every {kind} to {b}",
        "I need the {kind} from [each|every] file of the chain that begins with {a}, in {b}",
    ];

    public override Skill Skill => Skill.Collect;

    public override IReadOnlyDictionary<string, string> Done => With(new KeyValuePair<string, string>(Answer, string.Join('\n', Values)));

    public static CollectWorld Make(Draw draw, Split split, int length)
    {
        Names names = new(draw, split);
        Bodies bodies = new(draw, names, split);
        string[] chain = names.Files(length + 1);
        string answer = chain[^1];
        chain = chain[..^1];
        string kind = Facts.Kind(draw);
        string[] values = [.. Enumerable.Range(0, length).Select(_ => Facts.Value(draw, names, kind))];
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        List<(string, string)> clues = [];
        for (int i = 0; i < length; i++)
        {
            Body body = i + 1 < length ? bodies.Leading(chain[i], chain[i + 1], (kind, values[i]), kind) : bodies.Last(chain[i], kind, values[i]);
            files[chain[i]] = body.Text;
            clues.Add((body.Telling, body.Onward));
        }
        return new(Asking.Draw(draw, split, Forms, ("a", chain[0]), ("b", answer), ("kind", kind)), chain, clues, kind, values, answer) { Files = files };
    }
}
