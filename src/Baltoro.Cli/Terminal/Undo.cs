// What files held before a task changed them, so that a person can take the task back; it refuses to know who changed them.

using Baltoro.Agent.Tools;

namespace Baltoro.Cli.Terminal;

/// <summary>Remembers by task. Safe for several threads. What a shell command does to files is not known here and stays.</summary>
sealed class Undo
{
    const int MostBytes = 20_000_000;

    /// <param name="Before">Number of the last event before the task.</param>
    sealed record Mark(long Before, Dictionary<string, byte[]?> Files);

    readonly Lock _gate = new();
    readonly Stack<Mark> _tasks = [];

    public bool IsEmpty => _tasks.Count == 0;

    /// <param name="before">The number of the last event that stays when the task is taken back.</param>
    public void Begin(long before)
    {
        lock (_gate) _tasks.Push(new(before, []));
    }

    /// <summary>Called before a call runs.</summary>
    public void Remember(Footprint footprint)
    {
        if (footprint is not Footprint.Writes writes) return;
        lock (_gate)
        {
            if (!_tasks.TryPeek(out Mark? task)) return;
            foreach (string path in writes.Paths)
            {
                if (task.Files.ContainsKey(path) || new FileInfo(path) is { Exists: true, Length: > MostBytes }) continue;
                task.Files[path] = File.Exists(path) ? File.ReadAllBytes(path) : null;
            }
        }
    }

    /// <summary>Puts back what the last task changed.</summary>
    /// <returns>The number of the last event before the task, and what became of each file.</returns>
    public (long Before, IReadOnlyList<string> Told) TakeBack()
    {
        lock (_gate)
        {
            Mark task = _tasks.Pop();
            List<string> told = [];
            foreach ((string path, byte[]? content) in task.Files)
            {
                try
                {
                    if (content is not null) File.WriteAllBytes(path, content);
                    else if (File.Exists(path)) File.Delete(path);
                    told.Add($"{path}: {(content is null ? "taken away again" : "as before")}");
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    told.Add($"{path}: could not be put back: {e.Message}");
                }
            }
            return (task.Before, told);
        }
    }

    public void Forget()
    {
        lock (_gate) _tasks.Clear();
    }
}
