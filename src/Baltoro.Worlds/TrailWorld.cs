// Files that lead from one to the next; what is asked stands in the last. It refuses to know who follows.

namespace Baltoro.Worlds;

/// <param name="Chain">The files in order, as they are called by the one before.</param>
/// <param name="Clues">For each file that is there, the words right in front of the next file's name or, in the last, of the thing.</param>
/// <param name="Kind">What is asked for, such as <c>code word</c>.</param>
/// <param name="Value">The thing itself; empty where the trail breaks off.</param>
/// <param name="Answer">The file into which it is to be written.</param>
public sealed record TrailWorld(string Request, IReadOnlyList<string> Chain, IReadOnlyList<string> Clues, string Kind, string Value, string Answer) : World(Request)
{
    static readonly string[] Forms =
    [
        "[Start|Begin] [at|with|in] {a} [and follow the trail|and follow the trail from file to file|and go from file to file|and go on from file to file|and follow the links]. [Write|Put|Save] the {kind} [at the end|at its end|in the last file|that you find at the end] [into|in] {b}",
        "[Follow|Walk] the [trail|chain|trail of files|chain of files] [that starts at|that begins with|from|starting at|starting with] {a} and [write|put|save] the {kind} [at its end|in its last file|that you find there] [into|to] {b}",
        "Each file names the next one, [from|beginning with|starting at] {a} on. [Find|Look for] the {kind} [at the end|in the last one] and [write|put|save] it [into|to] {b}",
        "I need the {kind} [at the end of the trail|from the last file of the chain] that [starts at|begins with] {a}. [Write|Put] it [into|to] {b}",
        "Into {b} [write|put] the {kind} [at the end of the trail|that stands in the last file of the trail] that [starts at|begins with] {a}",
        "What is the {kind} at the end of the trail from {a}? [Write|Put] it [into|to] {b}",
        "Open {a} and [go where it leads|follow where it leads|go on from there], file after file. [At the end there is a|The last file has a] {kind}: [write|put] it [into|to] {b}",
        "{a} is the first file of a trail. [Write|Put|Save] the {kind} [at its end|from its last file] [into|to] {b}",
        "[Go|Walk] from {a} to the last file and [write|put|save] the {kind} [into|to] {b}",
        "Trail from {a}, {kind} to {b}",
    ];

    public override Skill Skill => Skill.Trail;

    public override IReadOnlyDictionary<string, string> Done => Value.Length == 0 ? Files : With(new KeyValuePair<string, string>(Answer, Value));

    public override string Says => Value.Length == 0 ? $"there is no {Chain[^1]}" : "";

    /// <summary>A trail of so many files.</summary>
    /// <param name="renamed">The share of files that bear another extension than the file before says.</param>
    /// <param name="broken">Whether the last file is missing; it is there where two names differ in their extensions only.</param>
    public static TrailWorld Make(Draw draw, Split split, int length, double renamed = 0, bool broken = false)
    {
        Names names = new(draw, split);
        Bodies bodies = new(draw, names, split);
        string[] chain = names.Files(length + 1);
        string answer = chain[^1];
        chain = chain[..^1];
        string kind = Facts.Kind(draw), value = Facts.Value(draw, names, kind);
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        List<string> clues = [];
        HashSet<string> stems = [.. chain.Append(answer).Select(Stem)];
        bool distinct = stems.Count == length + 1;
        // A missing file of another's name would not be missing: Read names the one that is there.
        broken &= distinct;
        for (int i = 0; i < length; i++)
        {
            if (broken && i == length - 1) break;
            // Another extension, only where nothing else bears this name: else the trail would not be clear.
            string lies = chain[i];
            if (distinct && i > 0 && draw.Chance(renamed))
                do lies = Path.ChangeExtension(chain[i], Path.GetExtension(names.File())); while (lies == chain[i]);
            Body body = i + 1 < length ? bodies.Leading(lies, chain[i + 1], null, kind) : bodies.Last(lies, kind, value);
            files[lies] = body.Text;
            clues.Add(i + 1 < length ? body.Onward : body.Telling);
        }
        string request = Asking.Draw(draw, split, Forms, ("a", chain[0]), ("b", answer), ("kind", kind));
        return new(request, chain, clues, kind, broken ? "" : value, answer) { Files = files };
    }

    static string Stem(string path) => Path.ChangeExtension(path, null).ToUpperInvariant();
}
