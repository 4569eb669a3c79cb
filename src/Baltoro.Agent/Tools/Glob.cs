// Finds files by their names. It opens none.

using System.Globalization;
using System.Text.Json;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>Glob</c>.</summary>
sealed class Glob(Workspace workspace) : ITool
{
    /// <summary>Files that a result shows.</summary>
    const int Most = 100;

    public ToolSpec.Function Spec { get; } = Describe.Tool("Glob", """
        {"type":"object","properties":{
          "pattern":{"type":"string","description":"Such as **/*.ts, src/**/test_*.{py,pyi} or ./* for the files of the folder itself."},
          "path":{"type":"string","description":"The folder to look in; the project's folder if not given."}
        },"required":["pattern"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Reads([Wanted(new Arguments(arguments)).Folder]);

    public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        (string folder, string pattern) = Wanted(new Arguments(arguments));
        if (!Directory.Exists(folder)) return Task.FromResult(ToolOutcome.Error($"{workspace.Shown(folder)}: There is no such folder."));
        GlobPattern glob = GlobPattern.OfGlob(pattern);
        int searched = 0;
        List<(string Path, DateTime Modified)> found = [];
        foreach (string file in FileWalk.Files(folder, workspace.Folder, cancellation))
        {
            searched++;
            if (glob.Matches(file.AsSpan(folder.Length).TrimStart('/'))) found.Add((file, File.GetLastWriteTimeUtc(file)));
        }
        if (found.Count == 0) return Task.FromResult(ToolOutcome.Text(string.Create(CultureInfo.InvariantCulture, $"[No file fits, of {searched:N0} in {workspace.Shown(folder)}. What .gitignore excludes was not looked at.]")));
        string shown = string.Join('\n', found.OrderByDescending(file => file.Modified).ThenBy(file => file.Path, StringComparer.Ordinal).Take(Most)
            .Select(file => TerminalText.SafeLine(workspace.Shown(file.Path))));
        return Task.FromResult(ToolOutcome.Text(found.Count <= Most ? shown
            : string.Create(CultureInfo.InvariantCulture, $"{shown}\n[The {Most} newest of {found.Count:N0} files. Use a narrower pattern or path to see others.]")));
    }

    /// <summary>Models write patterns that begin with a path of the machine; the part in front of the first wildcard is then the folder.</summary>
    (string Folder, string Pattern) Wanted(Arguments given)
    {
        string pattern = given.Text("pattern"), folder = workspace.Absolute(given.TextOrNull("path") ?? ".");
        if (!pattern.StartsWith('/') && !pattern.StartsWith("~/", StringComparison.Ordinal) && !pattern.StartsWith("../", StringComparison.Ordinal))
            return (folder, pattern.StartsWith("./", StringComparison.Ordinal) ? pattern[1..] : pattern);
        int wild = pattern.AsSpan().IndexOfAny("*?[{");
        int slash = wild < 0 ? pattern.LastIndexOf('/') : pattern.LastIndexOf('/', wild);
        string front = slash == 0 ? "/" : pattern[..slash];
        return (workspace.Absolute(front.StartsWith("..", StringComparison.Ordinal) ? Path.Join(folder, front) : front), pattern[slash..]);
    }
}
