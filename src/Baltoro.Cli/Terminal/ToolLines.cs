// A tool call and its result as a person reads them: one line for what is done, a few for what came of it. It refuses to know how tools work.

using System.Globalization;
using System.Text.Json;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <param name="folder">The project: what lies in it is named from there.</param>
sealed class ToolLines(string folder)
{
    const int MostResult = 4, MostDiff = 24, Context = 2;

    /// <summary>What is about to be done: the tool's name and the argument that says the most.</summary>
    public Styled Call(Block.ToolCall call, Style bullet) =>
        Styled.Of(new Piece("● ", bullet), new(call.Name, Style.Strong), new(OneLine(Subject(call)) is { Length: > 0 } subject ? $" {subject}" : ""));

    /// <summary>The whole of a call that a person is asked about. What a terminal would obey is made visible, not left out: it may hide what is to be run.</summary>
    /// <param name="before">What the file that it would write holds; null where that cannot be shown.</param>
    public IEnumerable<Styled> Asked(Block.ToolCall call, string? before = null)
    {
        string name = call.Name;
        string subject = TerminalText.Safe(Subject(call));
        string[] lines = subject.Split('\n');
        yield return Styled.Of(new Piece("● ", Style.Accent), new(name, Style.Strong), new(lines[0].Length > 0 ? $" {lines[0]}" : ""));
        foreach (string line in lines[1..]) yield return Styled.Of($"    {line}");
        if (name is "Edit" or "Write")
            foreach (Styled line in Indented(Changes(call, before, Context, int.MaxValue))) yield return line;
    }

    /// <param name="inFull">True to leave nothing out.</param>
    /// <param name="before">What the file that it has written held, empty where there was none; null where nobody has looked.</param>
    public static IEnumerable<Styled> Result(Block.ToolCall call, SessionEvent.CallEnded ended, bool inFull, string? before = null) => Indented(Lines(call, ended, inFull, before));

    static IEnumerable<Styled> Indented(IEnumerable<Styled> lines) => lines.Select((line, i) => new Styled([new(i == 0 ? "  └ " : "    ", Style.Dim), .. line.Pieces]));

    static IEnumerable<Styled> Lines(Block.ToolCall call, SessionEvent.CallEnded ended, bool inFull, string? before)
    {
        if (ended.How != CallEnding.Done) return Text(ended.Content, Style.Bad, inFull);
        return call.Name switch
        {
            "Edit" or "Write" => inFull ? Changes(call, before, int.MaxValue, int.MaxValue) : Changes(call, before, Context, MostDiff),
            "Read" or "Glob" or "Grep" when !inFull => [Styled.Of(Count(ended.Content), Style.Dim)],
            "TodoWrite" => Todos(call),
            _ => Text(ended.Content, Style.Dim, inFull),
        };
    }

    /// <summary>The arguments in words: a command, a path, a pattern.</summary>
    string Subject(Block.ToolCall call)
    {
        foreach (string name in (string[])["command", "file_path", "pattern", "url", "description", "query", "code", "path"])
            if (Member(call, name) is { } value) return name is "file_path" or "path" && value.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(folder, value) : value;
        return call.Name == "TodoWrite" || call.Arguments is "" or "{}" ? "" : call.Arguments;
    }

    static string OneLine(string text)
    {
        const int Longest = 200;
        string line = Shown.Line(text.Trim());
        if (line.Length <= Longest) return line;
        return $"{line[..(char.IsHighSurrogate(line[Longest - 1]) ? Longest - 1 : Longest)]}…";
    }

    static IEnumerable<Styled> Todos(Block.ToolCall call) =>
        (Agent.Context.Todo.Read(call.Arguments) ?? []).Select(todo => todo.Status switch
        {
            "completed" => Styled.Of($"☒ {todo.Content}", Style.Dim),
            "in_progress" => Styled.Of($"☐ {todo.Content}", Style.Strong),
            _ => Styled.Of($"☐ {todo.Content}", Style.Plain),
        });

    static IEnumerable<Styled> Text(Sequence<Block> content, Style style, bool inFull)
    {
        string text = string.Join('\n', content.Select(block => block is Block.Text said ? said.Content : $"[{block.GetType().Name.ToLowerInvariant()}]")).Trim('\n');
        string[] lines = Shown.Safe(text).Split('\n');
        IEnumerable<Styled> shown = (inFull ? lines : lines.Take(MostResult)).Select(line => Styled.Of(line, style));
        return inFull || lines.Length <= MostResult ? shown : [.. shown, More(lines.Length - MostResult)];
    }

    static List<Styled> Changes(Block.ToolCall call, string? before, int context, int most)
    {
        if (call.Name == "Edit")
            return Member(call, "old_string") is { } old && Member(call, "new_string") is { } now ? Changes(Diff.Of(old, now), context, most) : [];
        if (Member(call, "content") is not { } content) return [];
        if (before is not null) return Changes(Diff.Of(before, content), context, most);
        // Neither new nor changed, as far as anybody knows.
        Sequence<DiffLine> lines = Diff.Of(content, content);
        return [Styled.Of(Lines(lines.Count), Style.Dim), .. lines.Take(most).Select(Marked), .. lines.Count > most ? [More(lines.Count - most)] : (Styled[])[]];
    }

    /// <summary>Changed lines, and a few that show where they are.</summary>
    static List<Styled> Changes(Sequence<DiffLine> lines, int context, int most)
    {
        int added = lines.Count(line => line is DiffLine.Added), taken = lines.Count(line => line is DiffLine.Taken);
        List<Styled> shown = [Styled.Of(string.Create(CultureInfo.InvariantCulture, $"{added} added, {taken} removed"), Style.Dim)];
        if (added + taken == 0) return shown;
        int changes = 0, last = -1;
        for (int i = 0; i < lines.Count; i++)
        {
            if (!IsNear(lines, i, context)) continue;
            if (shown.Count > most)
            {
                shown.Add(More(added + taken - changes));
                return shown;
            }
            if (i > last + 1) shown.Add(Styled.Of("⋮", Style.Dim));
            shown.Add(Marked(lines[i]));
            if (lines[i] is not DiffLine.Kept) changes++;
            last = i;
        }
        return shown;
    }

    static bool IsNear(Sequence<DiffLine> lines, int at, int context)
    {
        if (context == int.MaxValue) return true;
        for (int i = Math.Max(0, at - context); i <= Math.Min(lines.Count - 1, at + context); i++)
            if (lines[i] is not DiffLine.Kept) return true;
        return false;
    }

    static Styled Marked(DiffLine line) => line switch
    {
        DiffLine.Added => Styled.Of($"+ {Shown.Line(line.Text)}", Style.Added),
        DiffLine.Taken => Styled.Of($"- {Shown.Line(line.Text)}", Style.Removed),
        _ => Styled.Of($"  {Shown.Line(line.Text)}", Style.Dim),
    };

    static string Lines(int count) => count == 1 ? "1 line" : string.Create(CultureInfo.InvariantCulture, $"{count} lines");

    static string Count(Sequence<Block> content)
    {
        if (content.OfType<Block.Image>().Any()) return "an image";
        return Lines(content.OfType<Block.Text>().Sum(text => text.Content.AsSpan().TrimEnd('\n').Count('\n') + 1));
    }

    static Styled More(int lines) => Styled.Of(string.Create(CultureInfo.InvariantCulture, $"… {Math.Max(1, lines)} more lines (Ctrl-O shows all)"), Style.Dim);

    /// <summary>A text among the arguments; null when there is none of that name.</summary>
    static string? Member(Block.ToolCall call, string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(call.Arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out JsonElement value)
                && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
