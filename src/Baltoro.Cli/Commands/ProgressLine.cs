// A line on the terminal that says how far something is. It knows nothing of what that is.

using System.CommandLine;

namespace Baltoro.Cli.Commands;

/// <summary>Written to the error output, and only when a person looks at it. The line goes away at the end.</summary>
sealed class ProgressLine(Surroundings around, ParseResult parsed) : IDisposable
{
    const int Width = 30;

    readonly TextWriter _output = parsed.InvocationConfiguration.Error;
    readonly Lock _lock = new();
    bool _written;

    /// <summary>Where to report shares of 0 to 1; null when nobody looks.</summary>
    public IProgress<double>? Of(string what) => around.Screen is null || Console.IsErrorRedirected ? null : new Line(this, what);

    public void Dispose()
    {
        if (_written) _output.Write($"\r{new string(' ', Width + 40)}\r");
    }

    void Write(string what, double share)
    {
        lock (_lock)
        {
            int full = (int)(share * Width);
            _output.Write($"\r{what,-10} [{new string('#', full)}{new string('.', Width - full)}] {share,4:0%}");
            _written = true;
        }
    }

    sealed class Line(ProgressLine progress, string what) : IProgress<double>
    {
        int _last = -1;

        public void Report(double value)
        {
            int percent = (int)(Math.Clamp(value, 0, 1) * 100);
            if (percent == _last) return;
            _last = percent;
            progress.Write(what, percent / 100.0);
        }
    }
}
