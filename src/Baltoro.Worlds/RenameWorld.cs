// A project in which an identifier is to get another name. It refuses to know who gives it.

namespace Baltoro.Worlds;

/// <param name="Old">Part of no other name in the project.</param>
/// <param name="New">Does not contain <paramref name="Old"/>.</param>
public sealed record RenameWorld(string Request, string Old, string New) : World(Request)
{
    static readonly string[] Forms =
    [
        "Rename {a} to {b} [in all files|in every file|everywhere|in this project|in this folder|]",
        "[Replace|Change] the [identifier|name|function|variable] {a} [by|with] {b} [in all files|everywhere|]",
        "{a} should be called {b} [in all files|everywhere|from now on]",
        "The name {a} is wrong: [use|it must be] {b} [in all files|everywhere|instead]",
        "[Use|Write] {b} instead of {a} [in all files|everywhere|in this project]",
        "[We|I] want {a} renamed to {b} [in all files|everywhere|]",
        "Give {a} the new name {b} [in all files|everywhere|]",
        "Refactor: {a} becomes {b}",
        "{a} -> {b} [in all files|everywhere|]",
    ];

    public override Skill Skill => Skill.Rename;

    public override IReadOnlyDictionary<string, string> Done => With(Files.Select(file => KeyValuePair.Create(file.Key, file.Value.Replace(Old, New, StringComparison.Ordinal))));

    public override string Says => Files.Values.Any(text => text.Contains(Old, StringComparison.Ordinal)) ? "" : "Nothing to do";

    /// <param name="files">All files.</param>
    /// <param name="hits">Those of them that have the identifier.</param>
    public static RenameWorld Make(Draw draw, Split split, int files, int hits)
    {
        Names names = new(draw, split);
        CodeLines code = new(draw, names);
        string old, @new;
        do (old, @new) = (names.Identifier(), names.Identifier()); while (old.Length < 5 || @new.Contains(old, StringComparison.Ordinal));
        Dictionary<string, string> made = new(StringComparer.Ordinal);
        string[] paths = names.Files(files);
        for (int i = 0; i < files; i++)
        {
            List<string> lines = code.Plain(draw.Between(1, 6), old);
            if (i < hits)
            {
                for (int uses = draw.Between(1, 3); uses > 0; uses--)
                {
                    string line;
                    do line = code.Using(old); while (line.Replace(old, "", StringComparison.Ordinal).Contains(old, StringComparison.Ordinal));
                    lines.Insert(draw.Below(lines.Count + 1), line);
                }
            }
            made[paths[i]] = string.Join('\n', lines);
        }
        string request = Asking.Draw(draw, split, Forms, ("a", old), ("b", @new));
        return new(request, old, @new) { Files = made };
    }
}
