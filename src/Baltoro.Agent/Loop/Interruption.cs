// A person's wish that the run stop: politely the first time, at once the second. It knows no keyboard.

namespace Baltoro.Agent.Loop;

/// <summary>Safe for all threads.</summary>
public sealed class Interruption : IDisposable
{
    readonly CancellationTokenSource _politely, _atOnce;

    public Interruption() => (_politely, _atOnce) = (new(), new());

    /// <summary>One that is asked for as soon as another is, and by itself.</summary>
    public Interruption(Interruption outer)
    {
        ArgumentNullException.ThrowIfNull(outer);
        (_politely, _atOnce) = (CancellationTokenSource.CreateLinkedTokenSource(outer.Politely), CancellationTokenSource.CreateLinkedTokenSource(outer.AtOnce));
    }

    /// <summary>True once it was asked for.</summary>
    public bool IsAsked => _politely.IsCancellationRequested;

    /// <summary>Ends pauses: nothing is lost with them.</summary>
    public CancellationToken Politely => _politely.Token;

    /// <summary>Ends whatever is going on.</summary>
    public CancellationToken AtOnce => _atOnce.Token;

    /// <summary>The first time the run stops after the current reply or tool; the second time at once.</summary>
    public void Ask()
    {
        if (_politely.IsCancellationRequested) _atOnce.Cancel();
        else _politely.Cancel();
    }

    /// <summary>For a system that wants the process to end.</summary>
    public void AskAtOnce()
    {
        _politely.Cancel();
        _atOnce.Cancel();
    }

    public void Dispose()
    {
        _politely.Dispose();
        _atOnce.Dispose();
    }
}
