// A command that a person runs beside the model, with !: its output as it comes, and how it is stopped. It refuses to know the screen.

using System.Diagnostics;
using System.Text;

namespace Baltoro.Cli.Terminal;

/// <summary>Belongs to whoever started it; its happenings come from another thread.</summary>
sealed class ShellRun : IDisposable
{
    /// <summary>What of the output is kept for the model, of its beginning and of its end.</summary>
    const int Half = 10_000;

    const string SetSid = "/usr/bin/setsid";

    /// <summary>How long is waited for what a command that is over has said last; something that it left behind may hold the pipe for ever.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    readonly Process _process;
    readonly StringBuilder _head = new(), _tail = new();
    readonly CancellationTokenSource _stop = new();
    long _left;

    ShellRun(string command, Process process, long began) => (Command, _process, Began) = (command, process, began);

    public string Command { get; }

    public long Began { get; }

    /// <param name="send">Called with the output and then with the end. A piece of output counts as taken when its last callback was called, and only then more is read.</param>
    /// <returns>Null, and what is wrong, when there is no shell.</returns>
    public static ShellRun? Start(string command, string folder, Action<Happening> send, TimeProvider clock, out string problem)
    {
        string[] shell = OperatingSystem.IsWindows() ? ["cmd", "/c", command] : ["sh", "-c", $"exec 2>&1\n{command}"];
        // In a session of its own there is no terminal to be opened behind our back, such as to ask for a password.
        if (File.Exists(SetSid)) shell = [SetSid, .. shell];
        ProcessStartInfo start = new(shell[0], shell[1..])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, StandardOutputEncoding = Encoding.UTF8,
        };
        // It has a pipe, not the terminal: whatever would draw or wait for a key must not try.
        (start.Environment["TERM"], start.Environment["PAGER"], start.Environment["GIT_PAGER"]) = ("dumb", "cat", "cat");
        try
        {
            Process process = Process.Start(start)!;
            process.StandardInput.Close();
            ShellRun run = new(command, process, clock.GetTimestamp());
            _ = Task.Run(() => run.Follow(send));
            problem = "";
            return run;
        }
        catch (Exception e) when (e is System.ComponentModel.Win32Exception or IOException)
        {
            problem = e.Message;
            return null;
        }
    }

    /// <summary>Ends it and what it has started.</summary>
    public void Stop()
    {
        _stop.Cancel();
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    public void Dispose()
    {
        _process.Dispose();
        _stop.Dispose();
    }

    async Task Follow(Action<Happening> send)
    {
        char[] block = new char[16_384];
        Task over = _process.WaitForExitAsync(_stop.Token);
        while (!_stop.IsCancellationRequested)
        {
            Task<int> reading = _process.StandardOutput.ReadAsync(block, CancellationToken.None).AsTask();
            if (await Task.WhenAny(reading, over) != reading) await Task.WhenAny(reading, Task.Delay(Grace, _stop.Token));
            if (!reading.IsCompleted || await reading is not (> 0 and var read)) break;
            string text = new(block, 0, read);
            Keep(text);
            TaskCompletionSource taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
            send(new Happening.ShellSaid(text, taken.SetResult));
            await taken.Task;
        }
        await _process.WaitForExitAsync();
        send(new Happening.ShellEnded(_stop.IsCancellationRequested ? null : _process.ExitCode, Kept()));
    }

    void Keep(string text)
    {
        int toHead = Math.Min(text.Length, Half - _head.Length);
        _head.Append(text, 0, toHead);
        _tail.Append(text, toHead, text.Length - toHead);
        if (_tail.Length <= 2 * Half) return;
        _left += _tail.Length - Half;
        _tail.Remove(0, _tail.Length - Half);
    }

    string Kept() => _left == 0 ? $"{_head}{_tail}" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_head}\n[… {_left:N0} characters left out …]\n{_tail}");
}
