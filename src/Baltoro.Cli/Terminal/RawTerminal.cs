// The terminal's own switches: every key at once, no echo, paste marked as such; and all of it put back at the end. It refuses to know keys.

using System.Diagnostics;

namespace Baltoro.Cli.Terminal;

/// <summary>
/// Lines and signals are the terminal driver's business by default; here they are ours. Set with <c>stty</c>, which every Unix has, because a
/// <c>termios</c> has another layout on each of them. Put back on <see cref="Dispose"/>, also when the process is told to end.
/// </summary>
sealed class RawTerminal : IDisposable
{
    const string MarkPaste = "\e[?2004h", PlainPaste = "\e[?2004l";

    readonly TextWriter _output;
    readonly string? _before;
    bool _isPutBack;

    RawTerminal(TextWriter output, string? before) => (_output, _before) = (output, before);

    /// <returns>Null where the terminal cannot be switched.</returns>
    public static RawTerminal? Take(TextWriter output)
    {
        if (OperatingSystem.IsWindows() || Stty("-g") is not { Length: > 0 } before) return null;
        if (Stty("-icanon", "-echo", "-isig", "-iexten", "-ixon", "-icrnl", "min", "1", "time", "0") is null) return null;
        RawTerminal terminal = new(output, before);
        AppDomain.CurrentDomain.ProcessExit += terminal.PutBack;
        output.Write(MarkPaste);
        output.Flush();
        return terminal;
    }

    /// <summary>Gives the terminal to another program, and takes it back.</summary>
    public async Task Lend(Func<Task> use)
    {
        if (_before is not null) Stty(_before);
        _output.Write(PlainPaste);
        _output.Flush();
        try
        {
            await use();
        }
        finally
        {
            Stty("-icanon", "-echo", "-isig", "-iexten", "-ixon", "-icrnl", "min", "1", "time", "0");
            _output.Write(MarkPaste);
            _output.Flush();
        }
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= PutBack;
        PutBack(null, EventArgs.Empty);
    }

    void PutBack(object? sender, EventArgs e)
    {
        if (_isPutBack) return;
        _isPutBack = true;
        _output.Write(PlainPaste);
        _output.Flush();
        if (_before is not null) Stty(_before);
    }

    /// <returns>What it printed; null when it failed.</returns>
    static string? Stty(params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo("stty", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            string printed = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? printed.Trim() : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
