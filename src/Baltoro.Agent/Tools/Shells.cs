// The shell of a session: its working directory and what runs in its background. It knows no tool's words.

using System.ComponentModel;
using System.Globalization;
using Baltoro.Agent.Sandbox;

namespace Baltoro.Agent.Tools;

/// <summary>What the Bash tools share. Safe from any thread; ends what it started when it is disposed.</summary>
sealed class Shells(Workspace workspace, Confinement confinement, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>A model that starts more has lost count.</summary>
    public const int MaxBackground = 16;

    readonly Dictionary<string, RunningCommand> _background = [];
    readonly Lock _lock = new();
    string _folder = workspace.Folder;
    int _started;

    /// <summary>Where the next command starts. Absolute; the project's folder again once it is gone.</summary>
    public string Folder
    {
        get
        {
            lock (_lock) return Directory.Exists(_folder) ? _folder : _folder = workspace.Folder;
        }
        set
        {
            lock (_lock) _folder = value;
        }
    }

    /// <exception cref="Win32Exception">It could not be started.</exception>
    public RunningCommand Start(string command)
    {
        int number = Interlocked.Increment(ref _started);
        string file = Path.Join(workspace.Scratch, "output", string.Create(CultureInfo.InvariantCulture, $"shell-{number}.txt"));
        return RunningCommand.Start(command, Folder, confinement, new CommandOutput(file, workspace.Shown(file)), clock);
    }

    /// <summary>Starts a command that runs on behind the conversation; null when there are too many.</summary>
    /// <exception cref="Win32Exception">It could not be started.</exception>
    public string? StartInBackground(string command)
    {
        lock (_lock)
        {
            if (_background.Values.Count(running => !running.Ended.IsCompleted) >= MaxBackground) return null;
            string id = string.Create(CultureInfo.InvariantCulture, $"shell_{_background.Count + 1}");
            _background.Add(id, Start(command));
            return id;
        }
    }

    public RunningCommand? Find(string id)
    {
        lock (_lock) return _background.GetValueOrDefault(id);
    }

    /// <summary>For an error: the ids that there are.</summary>
    public string Known()
    {
        lock (_lock) return _background.Count == 0 ? "none was started" : string.Join(", ", _background.Keys);
    }

    public async ValueTask DisposeAsync()
    {
        RunningCommand[] all;
        lock (_lock) all = [.. _background.Values];
        foreach (RunningCommand running in all) await running.DisposeAsync();
    }
}
