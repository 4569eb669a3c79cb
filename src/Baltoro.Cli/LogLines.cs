// Log lines for people: the time of day and the message, one line each. It refuses to know what is logged.

using Microsoft.Extensions.Logging;

namespace Baltoro.Cli;

/// <summary>Writes to one writer from any thread; control characters become spaces, so that nobody can forge a line or drive the terminal.</summary>
sealed class LogLines(TextWriter output, TimeProvider clock) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        string message = formatter(state, exception);
        Write(logLevel, exception is null ? message : $"{message} {exception}");
    }

    public void Write(LogLevel level, string message)
    {
        string mark = level >= LogLevel.Warning ? "! " : "";
        string line = $"{clock.GetLocalNow():HH:mm:ss} {mark}{string.Concat(message.Select(c => char.IsControl(c) ? ' ' : c))}";
        lock (output) output.WriteLine(line);
    }

    public void Dispose() { }
}
