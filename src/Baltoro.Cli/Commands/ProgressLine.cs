// A line on the terminal that says how far something is. It knows nothing of what that is.

using System.CommandLine;
using System.Globalization;

namespace Baltoro.Cli.Commands;

/// <summary>Written to the error output, and only when a person looks at it. The line goes away at the end.</summary>
sealed class ProgressLine(Surroundings around, ParseResult parsed) : IDisposable
{
    const int Width = 30;

    /// <summary>Of a row, what the bar does not take: the words before it, brackets, percent, and the last column, where some terminals go to the next row.</summary>
    const int Beside = 20;

    readonly TextWriter _output = parsed.InvocationConfiguration.Error;
    readonly Lock _lock = new();
    int _written;

    /// <summary>Where to report shares of 0 to 1; null when nobody looks.</summary>
    public IProgress<double>? Of(string what) => around.ErrorColumns is null ? null : new Line(this, what);

    /// <summary>Says a sentence in place of the line, whether anybody looks or not.</summary>
    public void Say(string sentence)
    {
        lock (_lock)
        {
            Erase();
            _output.WriteLine(sentence);
        }
    }

    /// <summary>Takes the line away, until the next report: what is written to the output stands on the same screen.</summary>
    public void Erase()
    {
        lock (_lock)
        {
            if (_written > 0) _output.Write($"\r{new string(' ', _written)}\r");
            _written = 0;
        }
    }

    public void Dispose() => Erase();

    void Write(string what, double share)
    {
        lock (_lock)
        {
            int width = Math.Clamp(around.ErrorColumns!() - Beside, 0, Width), full = (int)(share * width);
            string line = string.Create(CultureInfo.InvariantCulture, $"{what,-10} [{new string('#', full)}{new string('.', width - full)}] {share * 100,3:0} %");
            _output.Write($"\r{line}");
            _written = line.Length;
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
