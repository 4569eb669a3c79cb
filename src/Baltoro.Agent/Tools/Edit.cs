// Replaces text in a file. It refuses to guess: what is to be replaced must be there, once, and have been seen.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>Edit</c>.</summary>
sealed class Edit(Workspace workspace, FilesSeen seen) : ITool
{
    public ToolSpec.Function Spec { get; } = Describe.Tool("Edit", """
        {"type":"object","properties":{
          "file_path":{"type":"string","description":"The file. Absolute, or relative to the project's folder."},
          "old_string":{"type":"string","description":"The text to replace, exactly as it stands in the file, without line numbers."},
          "new_string":{"type":"string","description":"The text to put in its place."},
          "replace_all":{"type":"boolean","description":"Replace every occurrence. Without it there must be exactly one."}
        },"required":["file_path","old_string","new_string"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Writes([workspace.Absolute(new Arguments(arguments).Text("file_path"))]);

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        string path = workspace.Absolute(given.Text("file_path"));
        string shown = workspace.Shown(path);
        string old = given.Text("old_string"), replacement = given.Text("new_string");
        bool everywhere = given.Flag("replace_all");
        switch (await TextFile.Load(path, shown, workspace.MayRead, cancellation))
        {
            case FileContent.Refused refused:
                return ToolOutcome.Error(refused.Why);
            case FileContent.Absent absent when old.Length == 0:
                return await Save(absent.Path, shown, TextEncoding.Utf8, new Replacement.Done(replacement, [0]), "", cancellation);
            case FileContent.Absent:
                return ToolOutcome.Error($"{shown}: There is no such file. Write makes a new one.");
            case FileContent.Text file:
                Sight sight = seen.Look(file.Path, file.Bytes);
                if (sight == Sight.Never && file.Bytes.Length > 0) return ToolOutcome.Error($"{shown}: you have not read it. Read it before you edit it.");
                if (sight == Sight.Stale && everywhere) return ToolOutcome.Error($"{shown}: it has changed since you read it. Read it again before you replace everywhere.");
                return Replacement.In(file.Content, old, replacement, everywhere) switch
                {
                    // One exact match says that the place is as the model believes, whatever happened elsewhere.
                    Replacement.Done done => await Save(file.Path, shown, file.Encoding, done, sight == Sight.Stale ? " The file had changed elsewhere since you read it." : "", cancellation),
                    Replacement.Refused refused => ToolOutcome.Error($"{shown}: {refused.Why}"),
                    _ => throw new InvalidOperationException("An unknown kind of replacement."),
                };
            default: throw new InvalidOperationException("An unknown kind of content.");
        }
    }

    async Task<ToolOutcome> Save(string real, string shown, TextEncoding encoding, Replacement.Done done, string note, CancellationToken cancellation)
    {
        if (encoding.Encode(done.Text) is not { } bytes) return ToolOutcome.Error(Write.Unencodable(shown, done.Text, encoding));
        try
        {
            await TextFile.Replace(real, bytes, workspace.MayWrite, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return NotWritten.Because(shown, e);
        }
        seen.Saw(real, bytes);
        string where = done.Lines.Count == 1 ? $"line {done.Lines[0] + 1}" : $"{done.Lines.Count} places";
        return ToolOutcome.Text($"Edited {shown} at {where}.{note}");
    }
}
