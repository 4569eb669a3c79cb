// A line on the terminal while a model file is loaded. It refuses to know what loading is.

using System.Diagnostics;

namespace Baltoro.Cli;

/// <summary>On the error output, when a person looks at it and it takes longer than a second; the line goes away at the end.</summary>
sealed class LoadingLine(string what) : IProgress<double>
{
    const int Width = 30;

    readonly Lock _lock = new();
    readonly long _began = Stopwatch.GetTimestamp();
    int _last = -1;

    /// <summary>Where to report shares of 0 to 1; null when nobody looks.</summary>
    public static IProgress<double>? Of(string path) => Console.IsErrorRedirected ? null : new LoadingLine(Path.GetFileName(path));

    public void Report(double value)
    {
        int percent = (int)(Math.Clamp(value, 0, 1) * 100);
        lock (_lock)
        {
            if (percent == _last || _last < 0 && Stopwatch.GetElapsedTime(_began) < TimeSpan.FromSeconds(1)) return;
            _last = percent;
            int full = percent * Width / 100;
            string line = $"loading {what} [{new string('#', full)}{new string('.', Width - full)}] {percent,3} %";
            Console.Error.Write(percent < 100 ? $"\r{line}" : $"\r{new string(' ', line.Length)}\r");
        }
    }
}
