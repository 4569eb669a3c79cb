// A project with marked lines that are to be gathered in a report. It refuses to know who gathers them.

namespace Baltoro.Worlds;

/// <param name="Marker">Such as TODO.</param>
/// <param name="Report">The file into which the lines are to be written, each behind its file and number.</param>
public sealed record TodosWorld(string Request, string Marker, string Report) : World(Request)
{
    static readonly string[] Forms =
    [
        "[Collect|Gather|Put|Write] [every|each] {m} [of this project|of this folder|in this folder|] [in|into] {b}",
        "[Collect|Gather] all {m} [lines|comments|marks] [in|into] {b}",
        "[Make|Write] a report {b} of [every|each] {m}",
        "[Find|Look for] [every|each] {m} and [write|put] it into {b}",
        "Into {b} [write|put] [every line|all lines] with {m}",
        "I need [a list of every|all lines with] {m} in {b}",
        "{b} [should|shall|is to] list [every|each] {m} [of this project|in this folder|]",
        "List the {m} lines in {b}",
    ];

    public override Skill Skill => Skill.Todos;

    /// <summary>The lines as Grep shows them: by folder and name, then as they stand.</summary>
    public IReadOnlyList<string> Lines => [.. Files.OrderBy(file => file.Key, StringComparer.Ordinal)
        .SelectMany(file => file.Value.Split('\n').Select((line, i) => (Line: line, Shown: $"{file.Key}:{i + 1}:{line}")))
        .Where(each => each.Line.Contains(Marker, StringComparison.Ordinal)).Select(each => each.Shown)];

    public override IReadOnlyDictionary<string, string> Done => Lines.Count == 0 ? Files : With(KeyValuePair.Create(Report, string.Join('\n', Lines)));

    public override string Says => Lines.Count == 0 ? "Nothing to do" : "";

    /// <param name="files">All files.</param>
    /// <param name="marked">Those of them that have a marked line, or two.</param>
    public static TodosWorld Make(Draw draw, Split split, int files, int marked)
    {
        Names names = new(draw, split);
        CodeLines code = new(draw, names);
        string marker = draw.Chance(0.7) ? "TODO" : draw.Of("FIXME", "HACK", "XXX", "BUG", "REVIEW");
        // In folders the order of names and the order of the walk can differ; a report is judged line by line.
        HashSet<string> all = new(StringComparer.Ordinal);
        while (all.Count < files + 1)
            if (names.File() is var name && !name.Contains('/', StringComparison.Ordinal)) all.Add(name);
        string[] paths = [.. all];
        Dictionary<string, string> made = new(StringComparer.Ordinal);
        for (int i = 0; i < files; i++)
        {
            List<string> lines = code.Plain(draw.Between(1, 6), marker);
            if (i < marked)
                for (int marks = draw.Chance(0.2) ? 2 : 1; marks > 0; marks--) lines.Insert(draw.Below(lines.Count + 1), Mark());
            made[paths[i]] = string.Join('\n', lines);
        }
        return new(Asking.Draw(draw, split, Forms, ("m", marker), ("b", paths[^1])), marker, paths[^1]) { Files = made };

        string Mark()
        {
            string what = $"{draw.Of("check", "fix", "test", "remove", "rename", "move", "clean", "add", "handle", "update", "ask about")} {(draw.Chance(0.4) ? "the " : "")}{names.Word()}";
            return draw.Of($"// {marker} {what}", $"# {marker} {what}", $"# {marker}: {what}", $"// {marker}: {what}", $"-- {marker} {what}", $"{marker} {what}");
        }
    }
}
