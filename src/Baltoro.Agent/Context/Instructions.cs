// The instructions that a project keeps for agents, AGENTS.md and CLAUDE.md; it refuses to know what they say.

using System.Text;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Context;

/// <summary>
/// Those of the project's own folder are part of the standing instructions. Those of a folder below are told when a tool first touches it,
/// behind that tool's result, so that nothing that was sent before changes.
/// </summary>
public sealed class Instructions
{
    /// <summary>Characters of one file: more is cut, and said to be.</summary>
    const int Most = 32_768;

    const string Heading = "Instructions for work in this folder, from ";

    static readonly string[] Names = ["AGENTS.md", "CLAUDE.md"];

    readonly string _project;
    readonly HashSet<string> _told = new(StringComparer.Ordinal);
    readonly Lock _gate = new();

    /// <param name="project">Absolute.</param>
    /// <param name="state">What was told before the session was resumed is not told again.</param>
    public Instructions(string project, AgentState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        _project = Path.TrimEndingDirectorySeparator(project);
        foreach (Turn turn in state.Turns)
            foreach (Block block in turn.Blocks)
                if (block is Block.ToolResult result)
                    foreach (Block part in result.Content)
                        if (part is Block.Text text)
                            foreach (string told in text.Content.Split(Heading).Skip(1)) _told.Add(told.Split(":\n")[0]);
    }

    /// <summary>The project's own, for the standing instructions; empty when there are none.</summary>
    public static string Of(string project) => string.Join("\n\n", In(project).Select(file => $"{Heading}{file.Path}:\n{file.Text}"));

    /// <summary>What is to be told now that a call has touched these files; null for nothing.</summary>
    public string? Touched(Footprint footprint)
    {
        Sequence<string> paths = footprint switch { Footprint.Reads reads => reads.Paths, Footprint.Writes writes => writes.Paths, _ => [] };
        List<string> told = [];
        lock (_gate)
        {
            foreach (string path in paths)
                foreach (string folder in Below(path))
                    foreach ((string file, string text) in In(folder))
                        if (_told.Add(file)) told.Add($"{Heading}{file}:\n{text}");
        }
        return told.Count == 0 ? null : Reminder.Of(string.Join("\n\n", told));
    }

    /// <summary>The folders between the project's and the file, outermost first; none for a file elsewhere.</summary>
    IEnumerable<string> Below(string path)
    {
        Stack<string> folders = new();
        for (string? folder = Path.GetDirectoryName(path); folder is not null && folder.Length > _project.Length; folder = Path.GetDirectoryName(folder)) folders.Push(folder);
        return folders.Where(folder => folder.StartsWith(_project + Path.DirectorySeparatorChar, StringComparison.Ordinal));
    }

    /// <summary>Two files that say the same are told once. A link out of the project is not followed.</summary>
    static IEnumerable<(string Path, string Text)> In(string folder)
    {
        string? before = null;
        foreach (string name in Names)
        {
            FileInfo file = new(Path.Combine(folder, name));
            if (!file.Exists || file.LinkTarget is { } target && Path.GetFileName(target) != target) continue;
            if (Read(file.FullName) is not { } text || text == before) continue;
            before = text;
            yield return (file.FullName, text);
        }
    }

    /// <summary>Null for what cannot be read: instructions that nobody can read are none, and the model meets the file like any other.</summary>
    static string? Read(string path)
    {
        if (RegularFile.OpenToRead(path) is not RegularFile.Open { Stream: var stream }) return null;
        try
        {
            using StreamReader reader = new(stream, Encoding.UTF8);
            char[] text = new char[Most + 1];
            int length = reader.ReadBlock(text);
            string read = new(text, 0, Math.Min(length, Most));
            return length > Most ? $"{read}\n[cut here: the file is longer than {Most} characters]" : read;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
