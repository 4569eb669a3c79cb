// What files held before a task changed them, so that a person can take the task back; it refuses to know who changed them.

using Baltoro.Agent.Tools;

namespace Baltoro.Cli.Terminal;

/// <summary>A task that was taken back.</summary>
/// <param name="Before">Number of the last event before it.</param>
/// <param name="Text">What was asked.</param>
/// <param name="Told">What became of each file, a line each.</param>
sealed record TakenBack(long Before, string Text, IReadOnlyList<string> Told);

/// <summary>
/// Remembers by task, what the tools that write files were about to change. Safe for several threads. What a command changes is not known before it runs,
/// and might be a person's own work: such files are named, and stay as they are.
/// </summary>
/// <param name="folder">The project; in it the work of commands is looked for.</param>
sealed class Undo(string folder)
{
    const int MostBytes = 20_000_000, MostLooked = 20_000, MostNamed = 10;

    /// <summary>A file as a look at its folder shows it.</summary>
    readonly record struct Look(DateTime Changed, long Length)
    {
        public static Look? At(string path) => new FileInfo(path) is { Exists: true } file ? new(file.LastWriteTimeUtc, file.Length) : null;
    }

    sealed class Mark(string text)
    {
        public string Text => text;

        /// <summary>0 until the task is in the log: nothing has been done for it then.</summary>
        public long Asked;

        /// <summary>Null for a file that was not there.</summary>
        public readonly Dictionary<string, byte[]?> Files = [];

        /// <summary>As the task left them.</summary>
        public readonly Dictionary<string, Look?> Left = [];

        public readonly HashSet<string> TooLong = [];

        /// <summary>The project before the first command; null when the task ran none.</summary>
        public Dictionary<string, Look>? Project;

        /// <summary>What commands have changed, as far as that could be seen.</summary>
        public List<string> ByCommands = [];
    }

    readonly Lock _gate = new();
    readonly Stack<Mark> _tasks = [];

    public bool IsEmpty => _tasks.Count == 0;

    public void Begin(string text)
    {
        lock (_gate) _tasks.Push(new(text));
    }

    /// <param name="number">Of the event that holds the task.</param>
    public void Asked(long number)
    {
        lock (_gate)
            if (_tasks.TryPeek(out Mark? task) && task.Asked == 0) task.Asked = number;
    }

    /// <summary>Called before a call runs.</summary>
    public void Remember(Footprint footprint)
    {
        lock (_gate)
        {
            if (!_tasks.TryPeek(out Mark? task)) return;
            if (footprint is Footprint.Runs or Footprint.Foreign { SaysItOnlyReads: false }) task.Project ??= Project();
            if (footprint is not Footprint.Writes writes) return;
            foreach (string path in writes.Paths)
            {
                if (task.Files.ContainsKey(path)) continue;
                if (new FileInfo(path) is { Exists: true, Length: > MostBytes }) task.TooLong.Add(path);
                else task.Files[path] = Content(path);
            }
        }
    }

    /// <summary>Called when the task's run is over.</summary>
    public void Ended()
    {
        lock (_gate)
        {
            if (!_tasks.TryPeek(out Mark? task)) return;
            foreach (string path in task.Files.Keys) task.Left[path] = Look.At(path);
            if (task.Project is not { } before) return;
            Dictionary<string, Look> after = Project();
            task.ByCommands = [.. before.Keys.Union(after.Keys)
                .Where(path => !task.Files.ContainsKey(path) && !(before.TryGetValue(path, out Look was) && after.TryGetValue(path, out Look now) && was == now))
                .Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>Puts back what the last task changed.</summary>
    public TakenBack TakeBack()
    {
        lock (_gate)
        {
            Mark task = _tasks.Pop();
            List<string> told = [.. task.Files.Select(file => Restore(file.Key, file.Value, task.Left)).OfType<string>()];
            told.AddRange(task.TooLong.Select(path => $"{Name(path)}: stays as it is: it was too long to be kept"));
            if (task.Project is not null)
                told.Add(task.ByCommands.Count == 0 ? "Commands were run; in this folder they changed nothing that can be seen."
                    : $"Changed by commands, or by somebody else meanwhile, and not put back: {string.Join(", ", task.ByCommands.Take(MostNamed).Select(Name))}{(task.ByCommands.Count > MostNamed ? $" and {task.ByCommands.Count - MostNamed} more" : "")}");
            return new(task.Asked - 1, task.Text, told);
        }
    }

    public void Forget()
    {
        lock (_gate) _tasks.Clear();
    }

    /// <returns>What became of it; null when there was nothing to do.</returns>
    string? Restore(string path, byte[]? content, Dictionary<string, Look?> left)
    {
        try
        {
            if (left.TryGetValue(path, out Look? was) && was != Look.At(path)) return $"{Name(path)}: stays as it is: somebody has changed it since";
            if (content is null && !File.Exists(path) || content is not null && Content(path) is { } now && now.AsSpan().SequenceEqual(content)) return null;
            if (content is not null) File.WriteAllBytes(path, content);
            else File.Delete(path);
            return $"{Name(path)}: {(content is null ? "taken away again" : "as before")}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{Name(path)}: could not be put back: {e.Message}";
        }
    }

    static byte[]? Content(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllBytes(path) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The tool will not be able to change it, either.
            return null;
        }
    }

    /// <summary>What the project's own rules do not ignore.</summary>
    Dictionary<string, Look> Project()
    {
        Dictionary<string, Look> looks = [];
        foreach (string path in FileWalk.Files(folder, folder, CancellationToken.None).Take(MostLooked))
            if (Look.At(path) is { } look) looks[path] = look;
        return looks;
    }

    string Name(string path) => path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? Path.GetRelativePath(folder, path) : path;
}
