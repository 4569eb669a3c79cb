// A folder in memory with the agent's tools on it, whose results are to the letter what the real tools show. It knows no task.

using System.Globalization;
using System.Text;

namespace Baltoro.Transcripts;

/// <summary>Plays the parts of Read, Write, Edit and Grep that the small model uses. That they are the same is tested against the real ones.</summary>
sealed class Folder(IReadOnlyDictionary<string, string> files)
{
    readonly Dictionary<string, string> _files = new(files, StringComparer.Ordinal);
    readonly Dictionary<string, int> _changed = new(StringComparer.Ordinal);
    readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    int _changes;

    public IReadOnlyDictionary<string, string> Files => _files;

    public static string Missing(string path) => $"{path}: There is no such file.";

    public string Run(Call call) => call.Tool switch
    {
        "Read" => Read(call.Text("file_path"), (int?)call.Find("limit") ?? int.MaxValue),
        "Write" => Write(call.Text("file_path"), call.Text("content")),
        "Edit" => Edit(call.Text("file_path"), call.Text("old_string"), call.Text("new_string"), call.Find("replace_all") is true),
        "Grep" => Grep(call),
        _ => throw new InvalidOperationException($"There is no tool {call.Tool}."),
    };

    string Read(string path, int limit)
    {
        if (!_files.TryGetValue(path, out string? text)) return Missing(path) + Hint(path);
        _seen.Add(path);
        string[] lines = text.Split('\n');
        int shown = Math.Min(limit, lines.Length);
        StringBuilder page = new();
        for (int i = 0; i < shown; i++) page.Append(CultureInfo.InvariantCulture, $"{i + 1}\t{lines[i]}\n");
        if (shown < lines.Length) page.Append(CultureInfo.InvariantCulture, $"[Lines 1 to {shown} of {lines.Length}. Read on with offset {shown + 1}.]");
        return page.ToString().TrimEnd('\n');
    }

    string Hint(string path)
    {
        string folder = Path.GetDirectoryName(path)!, stem = Path.GetFileNameWithoutExtension(path);
        string[] near = [.. _files.Keys.Where(other => Path.GetDirectoryName(other) == folder && Path.GetFileNameWithoutExtension(other).Equals(stem, StringComparison.OrdinalIgnoreCase))
            .Order(StringComparer.Ordinal).Take(3)];
        if (near.Length > 0) return $" There is {string.Join(", ", near)}.";
        return folder.Length > 0 && !_files.Keys.Any(other => other.StartsWith($"{folder}/", StringComparison.Ordinal)) ? $" Its folder {folder} does not exist either." : "";
    }

    string Write(string path, string content)
    {
        bool isNew = !_files.ContainsKey(path);
        Change(path, content);
        int lines = content.AsSpan().Count('\n') + (content.Length > 0 && content[^1] != '\n' ? 1 : 0);
        return $"{(isNew ? "Created" : "Overwrote")} {path}: {lines} {(lines == 1 ? "line" : "lines")}.";
    }

    string Edit(string path, string old, string instead, bool everywhere)
    {
        if (!_files.TryGetValue(path, out string? text)) return $"{path}: There is no such file. Write makes a new one.";
        if (!_seen.Contains(path)) return $"{path}: you have not read it. Read it before you edit it.";
        List<int> places = [];
        for (int at = text.IndexOf(old, StringComparison.Ordinal); at >= 0; at = text.IndexOf(old, at + old.Length, StringComparison.Ordinal)) places.Add(at);
        int[] lines = [.. places.Select(place => text.AsSpan(0, place).Count('\n') + 1)];
        if (places.Count == 0) throw new InvalidOperationException("An oracle replaces what is there.");
        if (places.Count > 1 && !everywhere)
            return $"{path}: old_string stands there {places.Count} times (lines {string.Join(", ", lines.Take(10))}{(lines.Length > 10 ? " …" : "")}). Take in more of its neighbourhood, or set replace_all.";
        Change(path, text.Replace(old, instead, StringComparison.Ordinal));
        return $"Edited {path} at {(lines.Length == 1 ? $"line {lines[0]}" : $"{lines.Length} places")}.";
    }

    void Change(string path, string content)
    {
        _files[path] = content;
        _changed[path] = ++_changes;
        _seen.Add(path);
    }

    string Grep(Call call)
    {
        string pattern = call.Text("pattern"), glob = (string?)call.Find("glob") ?? "";
        int limit = (int)call.Find("head_limit")!, offset = (int?)call.Find("offset") ?? 0;
        string[] searched = [.. _files.Keys.Where(path => glob.Length == 0 || (glob[0] == '!' ? Path.GetFileName(path) != glob[1..] : path.EndsWith(glob[1..], StringComparison.Ordinal))).Order(Comparer<string>.Create(InWalk))];
        if ((string?)call.Find("output_mode") == "content")
        {
            string[] lines = [.. searched.SelectMany(path => _files[path].Split('\n').Select((line, i) => (line, i)).Where(each => each.line.Contains(pattern, StringComparison.Ordinal)).Select(each => $"{path}:{each.i + 1}:{each.line}"))];
            if (lines.Length == 0) return None(searched.Length);
            int last = Math.Min(lines.Length, offset + limit);
            string shown = string.Join('\n', lines[offset..last]);
            return last == lines.Length ? shown : $"{shown}\n[Lines {offset + 1} to {last}. Go on with offset {last}.]";
        }
        bool without = (string?)call.Find("output_mode") == "files_without_match";
        string[] found = [.. searched.Where(path => _files[path].Contains(pattern, StringComparison.Ordinal) != without)
            .OrderByDescending(path => _changed.GetValueOrDefault(path)).ThenBy(path => path, StringComparer.Ordinal)];
        if (found.Length == 0) return None(searched.Length, without);
        string list = string.Join('\n', found.Take(limit));
        return found.Length <= limit ? list : $"{list}\n[The {limit} newest of {found.Length} files.]";
    }

    static string None(int searched, bool without = false) => $"[{(without && searched > 0 ? "A match in all of" : "No match in")} {searched} {(searched == 1 ? "file" : "files")}.]";

    /// <summary>Folder by folder, names in order.</summary>
    static int InWalk(string a, string b)
    {
        string[] left = a.Split('/'), right = b.Split('/');
        for (int i = 0; i < Math.Min(left.Length, right.Length); i++)
            if (string.CompareOrdinal(left[i], right[i]) is not 0 and int order) return order;
        return left.Length - right.Length;
    }
}
