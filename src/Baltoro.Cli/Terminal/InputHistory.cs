// What was written at the prompt, kept over sittings: a file of the state folder, and in it what belongs to one project. It refuses to know the editor.

using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>
/// One line for each text, as a JSON array of folder and text. Several sittings may write at once: a line is written in one go. Whatever is wrong with the file,
/// a person can still write: it is then as if there were none.
/// </summary>
/// <param name="file">Absolute; made when needed, for the user's eyes only. Null to keep nothing.</param>
/// <param name="folder">The project.</param>
sealed class InputHistory(string? file, string folder)
{
    const int MostBytes = 1 << 20, MostEntries = 500, LongestText = 20_000;

    /// <summary>The project's texts, oldest first, none twice in a row.</summary>
    public Sequence<string> Read()
    {
        if (file is null || !File.Exists(file)) return [];
        List<string> texts = [];
        try
        {
            foreach (string line in File.ReadLines(file))
                if (TextOf(line) is { } text && (texts.Count == 0 || texts[^1] != text)) texts.Add(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
        return texts.TakeLast(MostEntries).ToSequence();
    }

    public void Add(string text)
    {
        if (file is null || text.Length > LongestText) return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            Shorten();
            FileStreamOptions options = new() { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using FileStream stream = new(file, options);
            stream.Write([.. Line(text), (byte)'\n']);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The text is sent all the same; only the next sitting will not know it.
        }
    }

    /// <summary>Keeps the newer half of a file that has become too long.</summary>
    void Shorten()
    {
        if (new FileInfo(file!) is not { Exists: true, Length: > MostBytes }) return;
        string[] lines = File.ReadAllLines(file!);
        File.WriteAllLines(file!, lines[(lines.Length / 2)..]);
    }

    byte[] Line(string text)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter writer = new(line))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(folder);
            writer.WriteStringValue(text);
            writer.WriteEndArray();
        }
        return line.ToArray();
    }

    /// <summary>Null for a line of another project, and for one that is no such line.</summary>
    string? TextOf(string line)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement is { ValueKind: JsonValueKind.Array } entry && entry.GetArrayLength() == 2
                && entry[0].ValueKind == JsonValueKind.String && entry[1].ValueKind == JsonValueKind.String && entry[0].ValueEquals(folder) ? entry[1].GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
