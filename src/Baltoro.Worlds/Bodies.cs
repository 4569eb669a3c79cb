// The inside of a trail's files: a few lines in the manner of their kind, one of which leads on or tells what is asked. It knows no order of files.

using System.Globalization;

namespace Baltoro.Worlds;

/// <summary>A file's text, and in it the words right in front of what matters.</summary>
/// <param name="Onward">In front of the next file's name, with what stands between; empty in the last file.</param>
/// <param name="Telling">In front of the thing that is asked for, beginning with its kind; empty where there is none.</param>
readonly record struct Body(string Text, string Onward, string Telling);

/// <summary>Writes one file after another. Not thread-safe.</summary>
sealed class Bodies(Draw draw, Names names, Split split)
{
    /// <summary>Words in front of the name of the file that comes next. What stands between word and name is drawn beside it.</summary>
    static readonly string[] Onward =
    [
        "next", "next file", "next stop", "next page", "next part", "next one", "next is", "next comes", "the next file is", "the next one is", "the next part is in",
        "go to", "go on to", "go on with", "go on in", "now go to", "continue in", "continue with", "continue at", "continued in", "continues in", "to be continued in",
        "see", "see now", "now see", "then see", "read", "read on in", "read next", "now read", "then read", "please read", "open", "open next", "now open", "then open",
        "the trail goes on in", "the trail leads to", "the trail continues in", "this leads to", "this points to", "leads to", "points to", "from here to", "from here go to",
        "proceed to", "proceed with", "move on to", "move to", "turn to", "look in", "look at", "look next in", "now look in", "up next", "then comes", "then", "then on to",
        "on to", "off to", "head for", "follow", "follow this", "followed by", "jump to", "switch to", "forward to", "forward", "link", "target", "successor", "goto", "what follows is in",
    ];

    /// <summary>Words in front of the name of a file that does not come next.</summary>
    static readonly string[] Aside =
    [
        "not", "not in", "never", "back", "back to", "back link", "came from", "comes from", "previous", "previous file", "before this", "formerly", "formerly in", "old name", "old",
        "was in", "moved from", "replaces", "copied from", "instead of", "do not open", "do not read", "ignore", "skip", "unlike", "unused", "deleted",
    ];

    /// <summary>How a file tells a thing: {0} is its kind, {1} the thing.</summary>
    static readonly string[] Telling =
    [
        "the {0} is {1}", "{0}: {1}", "{0} = {1}", "{0} is {1}", "{0} -> {1}", "this file's {0} is {1}", "here is the {0}: {1}", "note the {0} {1}", "your {0}: {1}", "{0}={1}", "{0} {1}",
        "my {0} is {1}", "take the {0} {1}", "the {0}: {1}", "the {0} here is {1}", "the {0} = {1}", "our {0} is {1}", "our {0}: {1}", "that {0} is {1}", "and the {0} is {1}", "the {0} you want is {1}",
        "{0} => {1}", "{0} - {1}", "now the {0}: {1}", "with the {0} {1}",
    ];

    readonly string[] _telling = Held.Of(Telling, split);

    static readonly string[] Ties = [" ", " ", " ", ": ", ": ", ": ", " -> ", " = ", " => ", " - ", "="];

    /// <summary>A file that leads on to <paramref name="next"/>, and may have a word of its own.</summary>
    /// <param name="word">What a collector looks for, with its kind; null for none.</param>
    public Body Leading(string file, string next, (string Kind, string Value)? word)
    {
        List<string> lines = Noise(file, word is null ? 3 : 1);
        (string lead, string onward) = Lead(Onward, next);
        Put(lines, lead);
        string telling = "";
        if (word is { } own)
        {
            (string fact, telling) = Fact(own.Kind, own.Value);
            Put(lines, fact);
        }
        else if (draw.Chance(0.05)) Put(lines, Fact(Facts.Kind(draw), Facts.Value(draw, names, "name")).Line);
        if (draw.Chance(0.12)) Put(lines, Lead(Aside, names.File()).Line);
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
        if (draw.Chance(0.08)) Put(lines, Lead(Aside, names.File()).Line);
        return new(Dress(file, lines), "", telling);
    }

    (string Line, string Before) Lead(string[] words, string file)
    {
        while (true)
        {
            string lead = draw.Of<string>(words), tie = draw.Of<string>(Ties);
            (string open, string close) = draw.Below(20) switch { < 15 => ("", ""), 15 => ("`", "`"), 16 => ("\"", "\""), 17 => ("'", "'"), 18 => ("(", ")"), _ => ("<", ">") };
            if (draw.Chance(0.3)) lead = char.ToUpperInvariant(lead[0]) + lead[1..];
            if (!Held.Fits(lead + tie + open, split)) continue;
            return ($"{lead}{tie}{open}{file}{close}{(draw.Chance(0.03) ? "." : "")}", lead + tie + open);
        }
    }

    (string Line, string Before) Fact(string kind, string value)
    {
        string form = draw.Of<string>(_telling);
        if (draw.Chance(0.3)) form = form[0] == '{' ? form.Replace("{0}", "{2}", StringComparison.Ordinal) : char.ToUpperInvariant(form[0]) + form[1..];
        int asked = form.IndexOfAny(['0', '2']) - 1;
        return (Fill(form), Fill(form[asked..form.IndexOf("{1}", StringComparison.Ordinal)]));

        string Fill(string part) => string.Format(CultureInfo.InvariantCulture, part, kind, value, char.ToUpperInvariant(kind[0]) + kind[1..]);
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
            bool together = lines.Count is 2 or 3 && draw.Chance(0.15);
            return string.Join(together ? draw.Of("; ", " | ", ", ") : "\n", lines);
        }
        string end = mark switch { "/*" => " */", "<!--" => " -->", _ => "" };
        return string.Join('\n', lines.Select(line => IsStatement(line) ? line : $"{mark} {line}{end}"));
    }

    /// <summary>Code stays as it is; everything else becomes a remark.</summary>
    static bool IsStatement(string line) => line.StartsWith("return ", StringComparison.Ordinal) || line.StartsWith("call ", StringComparison.Ordinal) || line.StartsWith("set ", StringComparison.Ordinal);
}
