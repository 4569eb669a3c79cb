// A Python that stays alive between calls: gets code, says what it prints and how it ended. It refuses to know who asked.

using System.Diagnostics;
using System.Text;
using Baltoro.Agent.Context;
using Baltoro.Agent.Sandbox;

namespace Baltoro.Agent.Tools;

/// <summary>How a piece of code came to its end.</summary>
abstract record CodeEnd
{
    CodeEnd() { }

    /// <param name="Raised">An exception ended it; the output shows which.</param>
    public sealed record Finished(bool Raised) : CodeEnd;

    /// <summary>The interpreter itself ended, and its variables with it.</summary>
    public sealed record Died(int Code) : CodeEnd;

    /// <summary>It was ended from here, and the interpreter with it.</summary>
    public sealed record Stopped : CodeEnd;
}

/// <summary>One interpreter. One call at a time. Owns its processes.</summary>
sealed class Interpreter : IAsyncDisposable
{
    public const string Program = "python3";

    /// <summary>How long the pipe of one that was ended may still be read.</summary>
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    readonly Process _process;
    readonly TimeProvider _clock;

    readonly Action _aftermath;

    Interpreter(Process process, Action aftermath, TimeProvider clock) => (_process, _aftermath, _clock) = (process, aftermath, clock);

    /// <summary>False once it has died or was stopped: a new one is needed.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <param name="folder">Where it starts; it exists.</param>
    /// <exception cref="System.ComponentModel.Win32Exception">It could not be started.</exception>
    public static Interpreter Start(string folder, Confinement confinement, TimeProvider clock)
    {
        Action aftermath = confinement.Aftermath();
        return new(ChildProcesses.Start(confinement.Around([Program, "-c", Resource.Text("Tools.Interpreter.py")], folder), folder, confinement.Hidden), aftermath, clock);
    }

    /// <summary>Runs code in what earlier code has left. Its errors and prints go to <paramref name="output"/>, and so does the value of a last expression.</summary>
    public async Task<CodeEnd> Run(string code, CommandOutput output, CancellationToken stop)
    {
        string nonce = Guid.NewGuid().ToString("N");
        EndMark mark = new(nonce);
        Task exchange = Exchange(nonce, code, mark, output);
        Task stopped = Task.Delay(Timeout.InfiniteTimeSpan, _clock, stop).ContinueWith(static _ => { }, TaskScheduler.Default);
        await Task.WhenAny(exchange, stopped);
        _aftermath();
        if (exchange.IsCompleted && mark.Found is { } found) return new CodeEnd.Finished(found.Code != 0);
        bool ended = exchange.IsCompleted;
        await End();
        await Task.WhenAny(exchange, Task.Delay(Grace, _clock, CancellationToken.None));
        return ended ? new CodeEnd.Died(_process.ExitCode) : new CodeEnd.Stopped();
    }

    public async ValueTask DisposeAsync()
    {
        if (IsAlive) await End();
        _process.Dispose();
    }

    async Task End()
    {
        IsAlive = false;
        // One that closed its output is about to end by itself, with a code of its own.
        using CancellationTokenSource grace = new(TimeSpan.FromMilliseconds(200), _clock);
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync(grace.Token);
        }
        catch (OperationCanceledException)
        {
            // It does not end by itself.
        }
        ChildProcesses.Kill(_process);
        await _process.WaitForExitAsync(CancellationToken.None);
        _aftermath();
    }

    async Task Exchange(string nonce, string code, EndMark mark, CommandOutput output)
    {
        byte[] source = Encoding.UTF8.GetBytes(code);
        byte[] block = new byte[32_768];
        try
        {
            Stream input = _process.StandardInput.BaseStream, said = _process.StandardOutput.BaseStream;
            await input.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{nonce} {source.Length}\n"), .. source]);
            await input.FlushAsync();
            while (mark.Found is null && await said.ReadAsync(block) is > 0 and var read) mark.Next(block.AsSpan(0, read), output);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The pipes went away with the process.
        }
        mark.End(output);
    }
}
