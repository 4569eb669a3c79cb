// A program that has the terminal while it runs, as if the shell had started it. It refuses to know which program.

using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Baltoro.Cli.Launching;

static class ForegroundProgram
{
    /// <summary>
    /// Runs it with this process's input, output and error output. Ctrl-C and Ctrl-\ reach it from the terminal itself and do not end this
    /// process; what is sent to this process alone (an end, a hang-up) is passed on.
    /// </summary>
    /// <param name="environment">All of it: nothing of this process's own is added.</param>
    /// <returns>Its exit code; 128 and the signal's number where a signal ended it.</returns>
    /// <exception cref="System.ComponentModel.Win32Exception">It cannot be started.</exception>
    public static async Task<int> Run(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        ProcessStartInfo start = new(program, arguments) { UseShellExecute = false, WorkingDirectory = folder };
        start.Environment.Clear();
        foreach ((string name, string value) in environment) start.Environment[name] = value;

        using Process process = new() { StartInfo = start };
        // The program runs before the system's call that starts it returns: what is heard in between waits until it can be passed on.
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // Taken over before the start: in between a Ctrl-C would end this process and leave the program without its gateway.
        List<PosixSignalRegistration> taken = [.. ((PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGQUIT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            .Select(signal => PosixSignalRegistration.Create(signal, context => Take(context, process, started.Task)))];
        try
        {
            process.Start();
            started.SetResult();
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        finally
        {
            foreach (PosixSignalRegistration registration in taken) registration.Dispose();
        }
    }

    static void Take(PosixSignalContext context, Process process, Task started)
    {
        context.Cancel = true;
        // At a terminal these two went to the program as well; twice would mean "give up" to many.
        bool isFromTheTerminal = context.Signal is PosixSignal.SIGINT or PosixSignal.SIGQUIT && !Console.IsInputRedirected;
        if (OperatingSystem.IsWindows() || isFromTheTerminal) return;
        int signal = context.Signal switch { PosixSignal.SIGINT => 2, PosixSignal.SIGQUIT => 3, PosixSignal.SIGHUP => 1, _ => 15 };
        _ = started.ContinueWith(_ => PassOn(process, signal), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    static void PassOn(Process process, int signal)
    {
        try
        {
            if (!process.HasExited) _ = Kill(process.Id, signal);
        }
        catch (InvalidOperationException)
        {
            // It ended, and was let go, in the same moment.
        }
    }

    [DllImport("libc", EntryPoint = "kill"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Kill(int process, int signal);
}
