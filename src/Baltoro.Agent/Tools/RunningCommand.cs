// One shell command while it runs: its output, its end, and how all that it started is ended. It refuses to know who asked.

using System.Diagnostics;
using Baltoro.Agent.Sandbox;

namespace Baltoro.Agent.Tools;

/// <summary>How a command came to its end.</summary>
abstract record CommandEnd
{
    CommandEnd() { }

    /// <param name="Folder">Where its shell stood at the end; null when it did not live to say.</param>
    public sealed record Exited(int Code, string? Folder) : CommandEnd;

    /// <summary>It was ended from here, with all that it had started.</summary>
    public sealed record Stopped : CommandEnd;
}

/// <summary>A command that was started. Owns its processes.</summary>
sealed class RunningCommand : IAsyncDisposable
{
    /// <summary>How long a command that was told to end may tidy up, and how long the pipe of one that ended may still be read.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The shell that runs the command ($1) and then says how it ended and where. $0 is the nonce. In a trap, because the command may
    /// say <c>exit</c>.
    /// </summary>
    const string Script = """
        trap 'builtin printf "\0%s %s %s\0" "$0" "$?" "$PWD"' EXIT
        eval "$1"
        """;

    readonly Process _process;
    readonly TimeProvider _clock;
    readonly EndMark _mark;
    readonly CancellationTokenSource _stop = new();

    readonly Action _aftermath;

    RunningCommand(Process process, string command, string nonce, Action aftermath, CommandOutput output, TimeProvider clock)
    {
        (_process, Command, _aftermath, _clock, Output, _mark) = (process, command, aftermath, clock, output, new EndMark(nonce));
        Ended = Follow();
    }

    public string Command { get; }

    public CommandOutput Output { get; }

    /// <summary>Completes when the command is over and all its output is in; whatever it had started has then been killed.</summary>
    public Task<CommandEnd> Ended { get; }

    /// <param name="folder">Where it starts; it exists.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">The shell or the sandbox could not be started.</exception>
    public static RunningCommand Start(string command, string folder, Confinement confinement, CommandOutput output, TimeProvider clock)
    {
        string nonce = Guid.NewGuid().ToString("N");
        Action aftermath = confinement.Aftermath();
        Process process = ChildProcesses.Start(confinement.Around(["bash", "-c", Script, nonce, command], folder), folder, confinement.Hidden);
        process.StandardInput.Close();
        return new RunningCommand(process, command, nonce, aftermath, output, clock);
    }

    /// <summary>Ends it and all that it has started. Safe to call at any time, from any thread.</summary>
    public Task<CommandEnd> Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It had ended already.
        }
        return Ended;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        Output.Dispose();
    }

    async Task<CommandEnd> Follow()
    {
        using Process process = _process;
        Task reading = Read(process.StandardOutput.BaseStream);
        Task exit = process.WaitForExitAsync(CancellationToken.None);
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, _clock, _stop.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
        await Task.WhenAny(reading, stopped);
        bool stop = _stop.IsCancellationRequested && !reading.IsCompleted;
        if (stop)
        {
            ChildProcesses.Terminate(process);
            await Task.WhenAny(exit, Task.Delay(Grace, _clock));
        }
        else if (_mark.Found is null)
        {
            // The pipe ended without the mark: the shell was replaced (exec) or killed, and may take a moment to be gone.
            await exit;
        }
        ChildProcesses.Kill(process);
        await exit;
        _aftermath();
        // The output of those that were killed. Somebody who left the group may hold the pipe: not waited for.
        await Task.WhenAny(reading, Task.Delay(Grace, _clock));
        CommandEnd end = stop ? new CommandEnd.Stopped()
            : _mark.Found is { } mark ? new CommandEnd.Exited(mark.Code, mark.Folder)
            : new CommandEnd.Exited(process.ExitCode, null);
        _stop.Dispose();
        return end;
    }

    async Task Read(Stream stream)
    {
        byte[] block = new byte[32_768];
        try
        {
            while (_mark.Found is null && await stream.ReadAsync(block) is > 0 and var read) _mark.Next(block.AsSpan(0, read), Output);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipe went away with the process.
        }
        _mark.End(Output);
    }
}
