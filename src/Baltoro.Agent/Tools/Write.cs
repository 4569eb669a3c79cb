// Writes a whole file. It refuses to overwrite what the model has not seen.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>Write</c>.</summary>
sealed class Write(Workspace workspace, FilesSeen seen) : ITool
{
    public ToolSpec.Function Spec { get; } = Describe.Tool("Write", """
        {"type":"object","properties":{
          "file_path":{"type":"string","description":"The file. Absolute, or relative to the project's folder."},
          "content":{"type":"string","description":"All of the new content."}
        },"required":["file_path","content"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Writes([workspace.Absolute(new Arguments(arguments).Text("file_path"))]);

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        string path = workspace.Absolute(given.Text("file_path"));
        string shown = workspace.Shown(path);
        string content = given.Text("content");
        switch (await TextFile.Load(path, shown, workspace.MayRead, cancellation))
        {
            case FileContent.Refused refused:
                return ToolOutcome.Error(refused.Why);
            case FileContent.Absent absent:
                return await Save(absent.Path, shown, content, TextEncoding.Utf8, $"Created {shown}", cancellation);
            case FileContent.Text old:
                if (old.Bytes.Length > 0)
                {
                    if (seen.Look(old.Path, old.Bytes) is var sight and not Sight.Current)
                        return ToolOutcome.Error(sight == Sight.Never
                            ? $"{shown}: it exists and you have not read it. Read it before you overwrite it."
                            : $"{shown}: it has changed since you read it. Read it again before you overwrite it.");
                    if (LineEnds.AllCrLf(old.Content)) content = LineEnds.CrLf(content);
                }
                return await Save(old.Path, shown, content, old.Encoding, $"Overwrote {shown}", cancellation);
            default: throw new InvalidOperationException("An unknown kind of content.");
        }
    }

    async Task<ToolOutcome> Save(string real, string shown, string content, TextEncoding encoding, string done, CancellationToken cancellation)
    {
        if (encoding.Encode(content) is not { } bytes) return ToolOutcome.Error(Unencodable(shown, content, encoding));
        try
        {
            await TextFile.Replace(real, bytes, workspace.MayWrite, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotWritten.Because(shown, e);
        }
        seen.Saw(real, bytes);
        int lines = content.AsSpan().Count('\n') + (content.Length > 0 && content[^1] != '\n' ? 1 : 0);
        return ToolOutcome.Text($"{done}: {lines} {(lines == 1 ? "line" : "lines")}.");
    }

    internal static string Unencodable(string shown, string content, TextEncoding encoding)
    {
        int at = Enumerable.Range(0, content.Length).First(i => encoding.Encode(content[i].ToString()) is null && !char.IsSurrogatePair(content, Math.Min(i, content.Length - 2)));
        return $"{shown}: it is kept in {encoding.Name()}, which has no character U+{(int)content[at]:X4}. Use other characters, or convert the file first (iconv in Bash).";
    }
}
