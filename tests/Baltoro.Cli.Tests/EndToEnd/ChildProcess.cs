// A program started with an environment that holds only what it is given, and ended with all that it started. It does not
// know which program.

using System.Diagnostics;
using System.Text;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class ChildProcess : IAsyncDisposable
{
    readonly Process _process;
    readonly StringBuilder _errors = new();
    readonly Task _readingErrors;

    ChildProcess(Process process, string? input)
    {
        _process = process;
        if (input is not null) _process.StandardInput.Write(input);
        _process.StandardInput.Close();
        _readingErrors = ReadErrors();
    }

    public StreamReader Output => _process.StandardOutput;

    /// <summary>What it has written to its error output so far.</summary>
    public string Errors
    {
        get { lock (_errors) return _errors.ToString(); }
    }

    /// <summary>Its resident size in bytes; null where the system does not say.</summary>
    public long? Resident
    {
        get
        {
            var file = $"/proc/{_process.Id}/status";
            if (!File.Exists(file)) return null;
            var line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
            return line is null ? null : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <param name="input">What it is given on its input, short enough for a pipe; null for nothing.</param>
    /// <param name="inherit">Whether the environment of this process comes first; else the new one starts empty.</param>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string folder,
        IReadOnlyDictionary<string, string> environment, bool inherit = false, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder, UseShellExecute = false,
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
            StandardInputEncoding = new UTF8Encoding(false),
        };
        if (!inherit) start.Environment.Clear();
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."), input);
    }

    /// <summary>Ends it as nothing can be refused: no line of its own runs any more. Safe for all threads.</summary>
    public void Kill() => Signal("KILL");

    /// <param name="name">Such as <c>INT</c>. Not on Windows.</param>
    public void Signal(string name)
    {
        using Process kill = Process.Start("/bin/kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>Reads all output and waits for the end; past the limit the process is ended and the test fails with what it said.</summary>
    public async Task<(int Code, string Output)> Finish(TimeSpan limit)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(limit);
        try
        {
            var output = await Output.ReadToEndAsync(time.Token);
            await _process.WaitForExitAsync(time.Token);
            await _readingErrors;
            return (_process.ExitCode, output);
        }
        catch (OperationCanceledException)
        {
            End();
            throw new TimeoutException($"{_process.StartInfo.FileName} was not done after {limit}. Its errors: {Errors}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    void End()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
    }

    async Task ReadErrors()
    {
        while (await _process.StandardError.ReadLineAsync() is { } line)
            lock (_errors) _errors.AppendLine(line);
    }
}
