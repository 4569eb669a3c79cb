// Finds text in files. It changes none.

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>The tool <c>Grep</c>.</summary>
sealed class Grep(Workspace workspace) : ITool
{
    /// <summary>Lines or files that a call without a limit shows.</summary>
    const int DefaultLimit = 250;

    /// <summary>Characters of a line; the rest is cut.</summary>
    const int LineLimit = 500;

    /// <summary>Characters of a result. Fewer than those from which the loop would put it into a file.</summary>
    const int ResultLimit = 45_000;

    /// <summary>More lines of context than this are a job for Read.</summary>
    const int MostContext = 100;

    public ToolSpec.Function Spec { get; } = Describe.Tool("Grep", """
        {"type":"object","properties":{
          "pattern":{"type":"string","description":"The regular expression."},
          "path":{"type":"string","description":"The file or folder to search; the project's folder if not given."},
          "glob":{"type":"string","description":"Only files that fit, such as *.js, src/**/*.{ts,tsx} or !*.min.js."},
          "type":{"type":"string","description":"Only files of a type that ripgrep knows, such as js, py, rust, go, java, cs."},
          "output_mode":{"type":"string","enum":["content","files_with_matches","files_without_match","count"]},
          "-A":{"type":"integer","minimum":0,"description":"Lines to show behind each match; with content."},
          "-B":{"type":"integer","minimum":0,"description":"Lines to show before each match; with content."},
          "-C":{"type":"integer","minimum":0,"description":"Lines to show before and behind each match; with content."},
          "-i":{"type":"boolean","description":"Upper and lower case are the same."},
          "-n":{"type":"boolean","description":"Show line numbers; true if not given."},
          "multiline":{"type":"boolean","description":"A match may go over line ends."},
          "head_limit":{"type":"integer","minimum":0,"description":"The most lines, files or counts; 250 if not given, 0 for as many as there is room for."},
          "offset":{"type":"integer","minimum":0,"description":"How many lines, files or counts to leave out first."}
        },"required":["pattern"],"additionalProperties":false}
        """);

    public Footprint Footprint(JsonElement arguments) => new Footprint.Reads([workspace.Absolute(new Arguments(arguments).TextOrNull("path") ?? ".")]);

    public Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        Arguments given = new(arguments);
        bool multiline = given.Flag("multiline");
        switch (SearchPattern.Of(given.Text("pattern"), given.Flag("-i"), multiline))
        {
            case SearchPattern.Refused refused: return Task.FromResult(ToolOutcome.Error(refused.Why));
            case SearchPattern.Valid valid: return Task.FromResult(Search(given, valid.Regex, multiline, cancellation));
            default: throw new InvalidOperationException("An unknown kind of pattern.");
        }
    }

    ToolOutcome Search(Arguments given, Regex regex, bool multiline, CancellationToken cancellation)
    {
        string root = workspace.Absolute(given.TextOrNull("path") ?? ".");
        bool isFile = File.Exists(root);
        if (!isFile && !Directory.Exists(root)) return ToolOutcome.Error($"{workspace.Shown(root)}: There is no such file or folder.");
        GlobPattern? type = null;
        if (given.TextOrNull("type") is { } name && (type = FileTypes.Find(name)) is null)
            return ToolOutcome.Error($"type: {name} is not known. Use glob, or one of {FileTypes.Known}.");
        string? glob = given.TextOrNull("glob");
        bool excludes = glob is ['!', ..];
        GlobPattern? wanted = string.IsNullOrEmpty(glob) ? null : GlobPattern.OfGlob(glob[(excludes ? 1 : 0)..]);

        string mode = given.TextOrNull("output_mode") ?? "files_with_matches";
        int limit = given.Number("head_limit") is { } most ? most == 0 ? int.MaxValue : most : DefaultLimit;
        int offset = given.Number("offset") ?? 0;
        bool content = mode == "content", without = mode == "files_without_match";
        int around = given.Number("-C") ?? 0;
        int before = Math.Clamp(given.Number("-B") ?? around, 0, MostContext), after = Math.Clamp(given.Number("-A") ?? around, 0, MostContext);
        // No result shows more lines than it has characters.
        int lines = content ? (int)Math.Min((long)offset + limit, offset + ResultLimit) : 0;

        int searched = 0;
        IEnumerable<string> files = isFile ? [root] : FileWalk.Files(root, workspace.Folder, cancellation).Where(file =>
        {
            // Models write globs from the folder that they search, and from the project's.
            ReadOnlySpan<char> relative = file.AsSpan(root.Length).TrimStart('/');
            return (type is null || type.Matches(relative)) && (wanted is null || (wanted.Matches(relative) || wanted.Matches(workspace.Shown(file))) != excludes);
        });
        ParallelQuery<(string File, FileSearch Result)> results = files.AsParallel().AsOrdered().WithCancellation(cancellation)
            .WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .Select(file =>
            {
                Interlocked.Increment(ref searched);
                return (file, FileSearch.In(file, workspace.MayRead, regex, multiline, before, after, lines + 1));
            });

        List<string> tooLarge = [];
        Answer answer = mode switch
        {
            "content" => new Answer.Content(before + after > 0, given.FlagOr("-n", true), offset),
            "count" => new Answer.Counts(),
            _ => new Answer.Files(),
        };
        bool more = false;
        foreach ((string file, FileSearch result) in results)
        {
            if (result is FileSearch.TooLarge) tooLarge.Add(workspace.Shown(file));
            if (result is FileSearch.Found found && !without) more = !answer.Take(file, workspace.Shown(file), found, limit);
            if (result is FileSearch.None && without) more = !answer.Take(file, workspace.Shown(file), new(0, []), limit);
            if (more) break;
        }
        cancellation.ThrowIfCancellationRequested();
        string note = tooLarge.Count == 0 ? "" : $"\n[Not searched, because larger than {TextFile.MaxBytes >> 20} MB: {string.Join(", ", tooLarge.Take(5).Select(TerminalText.SafeLine))}{(tooLarge.Count > 5 ? " …" : "")}. Use grep in Bash.]";
        string text = answer.Text(offset, limit, more);
        if (text.Length == 0)
            text = string.Create(CultureInfo.InvariantCulture, $"[{(!answer.IsEmpty ? "Nothing more in" : without && searched > 0 ? "A match in all of" : "No match in")} {searched:N0} {(searched == 1 ? "file" : "files")}.]");
        return ToolOutcome.Text(text + note);
    }

    /// <summary>What is shown of what was found, in one of the three modes.</summary>
    abstract class Answer
    {
        /// <summary>False when nothing more fits.</summary>
        public abstract bool Take(string path, string shown, FileSearch.Found found, int limit);

        /// <summary>Whether nothing was taken.</summary>
        public abstract bool IsEmpty { get; }

        /// <summary>Empty where nothing stands behind the offset.</summary>
        public abstract string Text(int offset, int limit, bool more);

        public sealed class Content(bool hasContext, bool numbers, int offset) : Answer
        {
            readonly StringBuilder _text = new();
            int _taken, _shown;

            public override bool IsEmpty => _taken == 0;

            public override bool Take(string path, string shown, FileSearch.Found found, int limit)
            {
                string name = TerminalText.SafeLine(shown);
                int before = -1;
                foreach (FileSearch.Line line in found.Lines)
                {
                    if (_taken++ < offset) continue;
                    if (_shown == limit || _text.Length > ResultLimit) return false;
                    if (hasContext && _text.Length > 0 && line.Number != before + 1) _text.Append("--\n");
                    char mark = line.Matches ? ':' : '-';
                    _text.Append(name).Append(mark);
                    if (numbers) _text.Append(CultureInfo.InvariantCulture, $"{line.Number}{mark}");
                    _text.Append(line.Text, 0, Math.Min(line.Text.Length, LineLimit));
                    if (line.Text.Length > LineLimit) _text.Append(CultureInfo.InvariantCulture, $" [… {line.Text.Length - LineLimit} characters more]");
                    _text.Append('\n');
                    before = line.Number;
                    _shown++;
                }
                return true;
            }

            // What is to be done next stands there to be copied.
            public override string Text(int offset, int limit, bool more) =>
                more ? string.Create(CultureInfo.InvariantCulture, $"{_text}[Lines {offset + 1} to {offset + _shown}. Go on with offset {offset + _shown}.]")
                : _text.ToString().TrimEnd('\n');
        }

        public sealed class Files : Answer
        {
            readonly List<(string Shown, DateTime Modified)> _found = [];

            // All are found before any is shown, because the newest come first.
            public override bool Take(string path, string shown, FileSearch.Found found, int limit)
            {
                _found.Add((shown, File.GetLastWriteTimeUtc(path)));
                return true;
            }

            public override bool IsEmpty => _found.Count == 0;

            public override string Text(int offset, int limit, bool more) =>
                Listed(_found.OrderByDescending(file => file.Modified).ThenBy(file => file.Shown, StringComparer.Ordinal).Select(file => TerminalText.SafeLine(file.Shown)), _found.Count, offset, limit, "newest");
        }

        public sealed class Counts : Answer
        {
            readonly List<(string Shown, int Count)> _found = [];

            public override bool Take(string path, string shown, FileSearch.Found found, int limit)
            {
                _found.Add((shown, found.Count));
                return true;
            }

            public override bool IsEmpty => _found.Count == 0;

            public override string Text(int offset, int limit, bool more) => _found.Count == 0 ? ""
                : Listed(_found.Select(file => $"{TerminalText.SafeLine(file.Shown)}:{file.Count}"), _found.Count, offset, limit, "first")
                    + string.Create(CultureInfo.InvariantCulture, $"\n[{_found.Sum(file => (long)file.Count):N0} in {_found.Count:N0} {(_found.Count == 1 ? "file" : "files")}.]");
        }

        static string Listed(IEnumerable<string> lines, int count, int offset, int limit, string which)
        {
            StringBuilder text = new();
            int shown = 0;
            foreach (string line in lines.Skip(offset))
            {
                if (shown == limit || text.Length > ResultLimit) break;
                text.Append(line).Append('\n');
                shown++;
            }
            if (offset > 0 && shown > 0) text.Append(CultureInfo.InvariantCulture, $"[Number {offset + 1} to {offset + shown} of {count:N0} files, {which} first.]");
            else if (shown < count && offset == 0) text.Append(CultureInfo.InvariantCulture, $"[The {shown} {which} of {count:N0} files.]");
            return text.ToString().TrimEnd('\n');
        }
    }
}
