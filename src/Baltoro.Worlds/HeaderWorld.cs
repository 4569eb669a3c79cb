// A project in which some files lack a line on top. It refuses to know who puts it there.

namespace Baltoro.Worlds;

/// <param name="Header">The line; no sign in it has a meaning in a regular expression.</param>
/// <param name="Extension">With its dot: files of other kinds stay as they are.</param>
public sealed record HeaderWorld(string Request, string Header, string Extension) : World(Request)
{
    static readonly string[] Forms =
    [
        "[Add|Put] the line {h} [on top of|at the top of|above] [every|each] {e} file [that lacks it|that does not have it|where it is missing]",
        "[Every|Each] {e} file [must|should|has to] [begin|start] with the line {h}. [Add it where it is missing|Put it where it is missing|Add it to those that lack it]",
        "[Make sure|See to it] that [every|each] {e} file has the line {h} on top",
        "[Add|Put] {h} as the first line of [all|the] {e} files [that lack it|that do not have it]",
        "The header of our {e} files is {h}. [Some lack it, add it|Add it where it is missing]",
        "Header for {e} files: {h}",
    ];

    public override Skill Skill => Skill.Header;

    public override IReadOnlyDictionary<string, string> Done =>
        With(Files.Where(file => Lacks(file.Key, file.Value)).Select(file => KeyValuePair.Create(file.Key, $"{Header}\n{file.Value}")));

    public override string Says => Files.Any(file => Lacks(file.Key, file.Value)) ? "" : "Nothing to do";

    bool Lacks(string path, string text) => path.EndsWith(Extension, StringComparison.Ordinal) && !text.Contains(Header, StringComparison.Ordinal);

    /// <param name="files">All files.</param>
    /// <param name="lacking">Those of them that lack the line.</param>
    public static HeaderWorld Make(Draw draw, Split split, int files, int lacking)
    {
        Names names = new(draw, split);
        CodeLines code = new(draw, names);
        (string extension, string mark) = draw.Of(("py", "#"), ("sh", "#"), ("rb", "#"), ("js", "//"), ("ts", "//"), ("go", "//"), ("rs", "//"), ("c", "//"), ("java", "//"), ("cs", "//"), ("lua", "--"), ("sql", "--"));
        string header = $"{mark} " + draw.Below(6) switch
        {
            0 => $"Copyright {draw.Between(1999, 2029)} {names.Capital()}",
            1 => $"Copyright {names.Capital()} and {names.Capital()}",
            2 => $"License: {names.Capital()}",
            3 => $"part of {names.Word()}",
            4 => $"owner: {names.Capital()}",
            _ => $"{names.Word()} {names.Word()}",
        };
        HashSet<string> paths = new(StringComparer.Ordinal);
        while (paths.Count < files) paths.Add(names.File(extension));
        Dictionary<string, string> made = new(StringComparer.Ordinal);
        foreach (string path in paths)
        {
            string text;
            do text = string.Join('\n', code.Plain(draw.Between(2, 6), header)); while (!IsFirstLineAlone(text));
            made[path] = made.Count < lacking ? text : $"{header}\n{text}";
        }
        for (int others = draw.Below(1 + files / 4); others > 0; others--)
            if (names.File() is var other && !other.EndsWith($".{extension}", StringComparison.Ordinal)) made[other] = string.Join('\n', code.Plain(2, header));
        string request = Asking.Draw(draw, split, Forms, ("h", header), ("e", draw.Chance(0.7) ? $"*.{extension}" : $".{extension}"));
        return new(request, header, $".{extension}") { Files = made };
    }

    /// <summary>What Edit replaces must stand in the file once.</summary>
    static bool IsFirstLineAlone(string text)
    {
        string first = text.Split('\n')[0];
        return text.IndexOf(first, 1, StringComparison.Ordinal) < 0;
    }
}
