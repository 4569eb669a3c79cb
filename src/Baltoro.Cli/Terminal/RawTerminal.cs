// The terminal's own switches: every key at once, no echo, paste marked as such; and all of it put back at the end. It refuses to know keys.

using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Baltoro.Cli.Terminal;

/// <summary>
/// Lines, echo and signals are the terminal driver's business by default; here they are ours. Put back on <see cref="Dispose"/>, also when the process
/// is told to end.
/// </summary>
sealed class RawTerminal : IDisposable
{
    const string MarkPaste = "\e[?2004h", PlainPaste = "\e[?2004l";
    const int Input = 0, Now = 0;

    readonly TextWriter _output;
    readonly byte[] _before, _raw;
    bool _isPutBack;

    RawTerminal(TextWriter output, byte[] before, byte[] raw) => (_output, _before, _raw) = (output, before, raw);

    /// <returns>Null where the terminal cannot be switched.</returns>
    public static RawTerminal? Take(TextWriter output)
    {
        if (OperatingSystem.IsWindows()) return null;
        byte[] before = Libc.Switches();
        if (Libc.tcgetattr(Input, before) != 0) return null;
        byte[] raw = [.. before];
        Libc.cfmakeraw(raw);
        if (Libc.tcsetattr(Input, Now, raw) != 0) return null;
        // As the system has taken it, which need not be to the letter.
        _ = Libc.tcgetattr(Input, raw);
        RawTerminal terminal = new(output, before, raw);
        AppDomain.CurrentDomain.ProcessExit += terminal.PutBack;
        output.Write(MarkPaste);
        output.Flush();
        return terminal;
    }

    /// <summary>Switches again what somebody has put back. .NET does so when a process that was stopped goes on: what it found at its start is what it knows.</summary>
    public void Keep()
    {
        byte[] now = Libc.Switches();
        if (!_isPutBack && Libc.tcgetattr(Input, now) == 0 && !now.AsSpan().SequenceEqual(_raw)) _ = Libc.tcsetattr(Input, Now, _raw);
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
        _output.Write(PlainPaste + Screen.Sane);
        _output.Flush();
        _ = Libc.tcsetattr(Input, Now, _before);
    }

    /// <summary>The three calls of termios(3), which take a structure that each system lays out in its own way and that is never looked into here.</summary>
    [SuppressMessage("Interoperability", "SYSLIB1054", Justification = "The generated form needs unsafe code, and these arguments need no marshalling.")]
    [SuppressMessage("Style", "IDE1006", Justification = "The names of the C library.")]
    static class Libc
    {
        /// <summary>Room for the structure of any system: Linux has 60 bytes, macOS 72.</summary>
        public static byte[] Switches() => new byte[256];

        [DllImport("libc", ExactSpelling = true)]
        public static extern int tcgetattr(int file, byte[] switches);

        [DllImport("libc", ExactSpelling = true)]
        public static extern int tcsetattr(int file, int when, byte[] switches);

        [DllImport("libc", ExactSpelling = true)]
        public static extern void cfmakeraw(byte[] switches);
    }
}
