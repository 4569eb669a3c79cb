// A tool call and its result as a person reads them: one line for what is done, a few for what came of it. It refuses to know how tools work.

using System.Globalization;
using System.Text.Json;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

static class ToolLines
{
    const int MostResult = 4, MostDiff = 24, Context = 2;

    /// <summary>What is about to be done: the tool's name and the argument that says the most.</summary>
    public static Styled Call(Block.ToolCall call, Style bullet) =>
        Styled.Of(new Piece("● ", bullet), new(call.Name, Style.Strong), new(Subject(call) is { Length: > 0 } subject ? $" {subject}" : ""));

    /// <param name="inFull">True to leave nothing out.</param>
    public static IEnumerable<Styled> Result(Block.ToolCall call, SessionEvent.CallEnded ended, bool inFull)
    {
        if (ended.How != CallEnding.Done) return Text(ended.Content, Style.Bad, inFull);
        return call.Name switch
        {
            "Edit" when Member(call, "old_string") is { } before && Member(call, "new_string") is { } after => Changes(Diff.Of(before, after), inFull),
            "Write" when Member(call, "content") is { } content => Changes(Diff.Of("", content), inFull),
            "Read" or "Glob" or "Grep" when !inFull => [Under(Count(ended.Content), Style.Dim)],
            "TodoWrite" => Todos(call),
            _ => Text(ended.Content, Style.Dim, inFull),
        };
    }

    /// <summary>The arguments in words: a command, a path, a pattern.</summary>
    public static string Subject(Block.ToolCall call)
    {
        foreach (string name in (string[])["command", "file_path", "pattern", "url", "description", "query", "code", "path"])
            if (Member(call, name) is { } value) return OneLine(value);
        return call.Name == "TodoWrite" || call.Arguments is "" or "{}" ? "" : OneLine(call.Arguments);
    }

    static string OneLine(string text)
    {
        const int Longest = 200;
        string line = Shown.Line(text.Trim());
        return line.Length > Longest ? $"{line[..Longest]}…" : line;
    }

    static IEnumerable<Styled> Todos(Block.ToolCall call) =>
        (Agent.Context.Todo.Read(call.Arguments) ?? []).Select(todo => todo.Status switch
        {
            "completed" => Under($"☒ {todo.Content}", Style.Dim),
            "in_progress" => Under($"☐ {todo.Content}", Style.Strong),
            _ => Under($"☐ {todo.Content}", Style.Plain),
        });

    static IEnumerable<Styled> Text(Sequence<Block> content, Style style, bool inFull)
    {
        string text = string.Join('\n', content.Select(block => block is Block.Text said ? said.Content : $"[{block.GetType().Name.ToLowerInvariant()}]")).Trim('\n');
        string[] lines = Shown.Safe(text).Split('\n');
        IEnumerable<Styled> shown = (inFull ? lines : lines.Take(MostResult)).Select(line => Under(line, style));
        return inFull || lines.Length <= MostResult ? shown : [.. shown, More(lines.Length - MostResult)];
    }

    /// <summary>Changed lines, and a few that show where they are.</summary>
    static List<Styled> Changes(Sequence<DiffLine> lines, bool inFull)
    {
        int added = lines.Count(line => line is DiffLine.Added), taken = lines.Count(line => line is DiffLine.Taken);
        List<Styled> shown = [Under(string.Create(CultureInfo.InvariantCulture, $"{added} added, {taken} removed"), Style.Dim)];
        bool isCut = false;
        for (int i = 0; i < lines.Count; i++)
        {
            bool isNear = inFull || lines[i] is not DiffLine.Kept || Enumerable.Range(Math.Max(0, i - Context), Math.Min(lines.Count, i + Context + 1) - Math.Max(0, i - Context)).Any(near => lines[near] is not DiffLine.Kept);
            if (!isNear) continue;
            if (!inFull && shown.Count > MostDiff)
            {
                isCut = true;
                break;
            }
            shown.Add(lines[i] switch
            {
                DiffLine.Added line => Under($"+ {Shown.Line(line.Text)}", Style.Added),
                DiffLine.Taken line => Under($"- {Shown.Line(line.Text)}", Style.Removed),
                var line => Under($"  {Shown.Line(line.Text)}", Style.Dim),
            });
        }
        if (isCut) shown.Add(More(added + taken - shown.Count + 1));
        return shown;
    }

    static string Count(Sequence<Block> content)
    {
        if (content.OfType<Block.Image>().Any()) return "an image";
        int lines = content.OfType<Block.Text>().Sum(text => text.Content.AsSpan().TrimEnd('\n').Count('\n') + 1);
        return lines == 1 ? "1 line" : string.Create(CultureInfo.InvariantCulture, $"{lines} lines");
    }

    static Styled More(int lines) => Under(string.Create(CultureInfo.InvariantCulture, $"… {Math.Max(1, lines)} more lines (Ctrl-O shows all)"), Style.Dim);

    static Styled Under(string text, Style style) => Styled.Of(new Piece("  ⎿ ", Style.Dim), new(text, style));

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
