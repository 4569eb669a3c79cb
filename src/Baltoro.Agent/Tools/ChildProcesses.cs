// Starts and ends programs: each in a process group of its own, on a thread that lives. It does not know which programs.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Baltoro.Agent.Sandbox;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>Starts programs whose input and output are pipes.</summary>
static class ChildProcesses
{
    /// <summary>
    /// Linux ends a child that asked to die with its parent when the thread that made it ends, and pool threads do. So one thread, which
    /// never ends, makes them all.
    /// </summary>
    static readonly BlockingCollection<(ProcessStartInfo Start, TaskCompletionSource<Process> Started)> Wanted = [];

    static readonly string? SetSid = Find("setsid");

    static ChildProcesses() => new Thread(Serve) { IsBackground = true, Name = "child processes" }.Start();

    /// <summary>Starts a program whose errors come with its output.</summary>
    /// <param name="command">Name or path, then arguments.</param>
    /// <param name="hidden">As <see cref="Confinement.Hidden"/>.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static Process Start(Sequence<string> command, string folder, Sequence<string> hidden = default) =>
        // It becomes the program, so the id stays.
        Start(["sh", "-c", "exec \"$@\" 2>&1", "sh", .. command], folder, errorsApart: false, hidden, []);

    /// <summary>Starts a program whose errors are a pipe of their own, which must be read.</summary>
    /// <param name="environment">Added to what all children get.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program.</exception>
    public static Process StartApart(Sequence<string> command, string folder, Sequence<string> hidden, Sequence<(string Name, string Value)> environment) =>
        Start(command, folder, errorsApart: true, hidden, environment);

    static Process Start(Sequence<string> command, string folder, bool errorsApart, Sequence<string> hidden, Sequence<(string Name, string Value)> environment)
    {
        // setsid makes the child the leader of a group that can be ended as one.
        string[] all = [.. SetSid is null ? (string[])[] : [SetSid], .. command];
        ProcessStartInfo start = new(all[0], all[1..])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = errorsApart,
            StandardOutputEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        ChildEnvironment.Set(start.Environment, hidden);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        TaskCompletionSource<Process> started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Wanted.Add((start, started));
        return started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Asks the group to end.</summary>
    public static void Terminate(Process process)
    {
        if (SetSid is not null) Posix.SignalGroup(process.Id, Posix.Terminate);
        else Kill(process);
    }

    /// <summary>Ends the process, what it started, and its group.</summary>
    public static void Kill(Process process)
    {
        // The group outlives its leader, so it is signalled even when the leader is gone; its number is not given out again before.
        if (SetSid is not null) Posix.SignalGroup(process.Id, Posix.Kill);
        if (!process.HasExited) process.Kill(entireProcessTree: true);
    }

    /// <summary>The path of a program; null where it is not installed.</summary>
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Join(folder, name)).FirstOrDefault(File.Exists);

    static void Serve()
    {
        foreach ((ProcessStartInfo start, TaskCompletionSource<Process> started) in Wanted.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(start)!);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }
}
