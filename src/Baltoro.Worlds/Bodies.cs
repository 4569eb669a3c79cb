// The inside of a trail's files: a few lines in the manner of their kind, one of which leads on or tells what is asked. It knows no order of files.

namespace Baltoro.Worlds;

/// <summary>A file's text, and in it the words right in front of what matters.</summary>
/// <param name="Onward">In front of the next file's name, with what stands between; empty in the last file.</param>
/// <param name="Telling">In front of the thing that is asked for, beginning with its kind; empty where there is none.</param>
readonly record struct Body(string Text, string Onward, string Telling);

/// <summary>Writes one file after another. Not thread-safe.</summary>
sealed class Bodies(Draw draw, Names names, Split split)
{
    static readonly string[] Ties = [": ", ": ", ": ", ": ", " -> ", " -> ", " = ", " => ", " - ", "=", " "];

    /// <summary>A file that leads on to <paramref name="next"/>, and may have a word of its own.</summary>
    /// <param name="word">What a collector looks for, with its kind; null for none.</param>
    /// <param name="asked">What is asked for at the end. Training often has a thing of that kind on the way, which must be passed by.</param>
    public Body Leading(string file, string next, (string Kind, string Value)? word, string asked)
    {
        List<string> lines = Noise(file, word is null ? 3 : 1);
        (string lead, string onward) = Lead(Wordings.Onward, next);
        Put(lines, lead);
        string telling = "";
        if (word is { } own)
        {
            (string fact, telling) = Fact(own.Kind, own.Value);
            Put(lines, fact);
        }
        else if (draw.Chance(Often(0.05))) Put(lines, Fact(split == Split.Train && draw.Chance(0.6) ? asked : Facts.Kind(draw), Facts.Value(draw, names, "name")).Line);
        if (draw.Chance(Often(0.12))) Put(lines, Lead(Wordings.Aside, names.File()).Line);
        return new(Dress(file, lines), onward, telling);
    }

    /// <summary>The file at the end.</summary>
    public Body Last(string file, string kind, string value)
    {
        List<string> lines = Noise(file, 2);
        (string fact, string telling) = Fact(kind, value);
        Put(lines, fact);
        if (draw.Chance(0.35))
        {
            string other = Facts.Kind(draw);
            if (other != kind) Put(lines, Fact(other, Facts.Value(draw, names, other)).Line);
        }
        if (draw.Chance(0.3)) lines.Add(draw.Of("the end", "end of the trail", "the trail ends here", "this is the last file", "nothing follows", "no next file", "last stop"));
        if (draw.Chance(Often(0.08))) Put(lines, Lead(Wordings.Aside, names.File()).Line);
        return new(Dress(file, lines), "", telling);
    }

    /// <summary>Lines that lead astray are four times as many in training: they are what trails fail by, and their words are many.</summary>
    double Often(double chance) => split == Split.Train ? 4 * chance : chance;

    (string Line, string Before) Lead(string[] forms, string file)
    {
        while (true)
        {
            // In training the words that lead on are now and then none that anybody would take for that: what is left is a name of a file at the end of a line.
            bool isAny = split == Split.Train && forms == Wordings.Onward && draw.Chance(0.08);
            string lead = isAny ? string.Join(' ', Enumerable.Range(0, draw.Between(1, 3)).Select(_ => names.Word())) : Asking.Expand(draw, draw.Of<string>(forms)), tie = draw.Of<string>(Ties);
            (string open, string close) = draw.Below(20) switch { < 17 => ("", ""), 17 => ("`", "`"), 18 => ("\"", "\""), _ => ("'", "'") };
            if (draw.Chance(0.3)) lead = Names.Capital(lead);
            if (!Held.Fits(lead + tie + open, split)) continue;
            return ($"{lead}{tie}{open}{file}{close}{(draw.Chance(0.03) ? "." : "")}", lead + tie + open);
        }
    }

    (string Line, string Before) Fact(string kind, string value)
    {
        while (true)
        {
            string opening = Asking.Expand(draw, Wordings.Opening), between = draw.Of<string>(Wordings.Between), named = kind;
            if (draw.Chance(0.3)) (opening, named) = opening.Length == 0 ? ("", Names.Capital(kind)) : (Names.Capital(opening), kind);
            if (Held.Fits(opening + between, split)) return (opening + named + between + value, named + between);
        }
    }

    void Put(List<string> lines, string line) => lines.Insert(draw.Below(lines.Count + 1), line);

    List<string> Noise(string file, int most)
    {
        List<string> lines = [];
        for (int count = draw.Below(most + 1); count > 0; count--) lines.Add(IsCode(file) && draw.Chance(0.4) ? Code() : Prose());
        return lines;
    }

    string Prose() => draw.Below(12) switch
    {
        0 => $"{names.Capital()} and {names.Word()}",
        1 => $"checked on {draw.Between(1, 28)} {Month()}",
        2 => $"about {names.Word()}",
        3 => $"the {names.Word()} is {draw.Of("old", "new", "late", "ready", "broken", "fine", "small", "full")}",
        4 => $"{draw.Between(2, 99)} {names.Word()}",
        5 => draw.Of("draft", "notes", "to do", "work in progress", "for later", "reviewed", "final version"),
        6 => $"{names.Word()} {names.Word()}",
        7 => $"asked {names.Capital()} about it",
        8 => $"version {draw.Between(1, 9)}.{draw.Between(0, 9)}",
        9 => $"owner {names.Capital()}",
        10 => $"page {draw.Between(1, 400)}",
        _ => $"more {names.Word()} for the {names.Word()}",
    };

    string Code() => draw.Below(6) switch
    {
        0 => $"{names.Word()} = {draw.Between(0, 99)}",
        1 => $"{names.Word()} = {names.Word()} + {draw.Between(1, 9)}",
        2 => $"return {names.Word()}",
        3 => $"{names.Word()}({names.Word()})",
        4 => $"call {names.Identifier()}",
        _ => $"set {names.Word()} {draw.Between(1, 99)}",
    };

    string Month() => draw.Of("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December");

    static bool IsCode(string file) => Mark(file) is not ("" or "*");

    /// <summary>How a remark begins in files of this kind.</summary>
    static string Mark(string file) => Path.GetExtension(file) switch
    {
        ".py" or ".sh" or ".rb" or ".yaml" or ".toml" or ".conf" => "#",
        ".js" or ".ts" or ".go" or ".rs" or ".c" or ".java" or ".cs" => "//",
        ".sql" or ".lua" => "--",
        ".ini" => ";",
        ".css" => "/*",
        ".html" => "<!--",
        ".md" => "*",
        _ => "",
    };

    /// <summary>Lines made to look like their file's kind.</summary>
    string Dress(string file, List<string> lines)
    {
        string mark = Mark(file);
        if (mark == "*")
        {
            string bullet = draw.Of("", "", "- ", "* ", "> ", "# ");
            return string.Join('\n', lines.Select((line, i) => bullet == "# " && i > 0 ? line : bullet + line));
        }
        if (mark.Length == 0)
        {
            bool together = lines.Count is 2 or 3 && draw.Chance(0.05);
            return string.Join(together ? draw.Of("; ", " | ", ", ") : "\n", lines);
        }
        string end = mark switch { "/*" => " */", "<!--" => " -->", _ => "" };
        return string.Join('\n', lines.Select(line => IsStatement(line) ? line : $"{mark} {line}{end}"));
    }

    /// <summary>Code stays as it is; everything else becomes a remark.</summary>
    static bool IsStatement(string line) => line.StartsWith("return ", StringComparison.Ordinal) || line.StartsWith("call ", StringComparison.Ordinal) || line.StartsWith("set ", StringComparison.Ordinal);
}
