// One run of a session in this process: when it began, what it may use, who can stop it. All agents of the run share it.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Sessions;

namespace Baltoro.Agent.Loop;

/// <summary>Limits count from here on, whatever the session has used before. Safe for all threads.</summary>
sealed class Run : IDisposable
{
    readonly Session _session;
    readonly AgentSetup _setup;
    readonly Interruption _interruption;
    readonly Spending _before;
    readonly long _began;
    readonly CancellationTokenSource? _time;
    readonly CancellationTokenSource _stopping;

    public Run(Session session, AgentSetup setup, Interruption interruption)
    {
        (_session, _setup, _interruption) = (session, setup, interruption);
        _before = session.Spent;
        _began = setup.Clock.GetTimestamp();
        _time = setup.Budget.Time is { } limit ? new(limit, setup.Clock) : null;
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(interruption.AtOnce, _time?.Token ?? default);
    }

    public bool IsStopAsked => _interruption.IsAsked;

    /// <summary>Ends replies and tools: on demand, and when the time is up.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>The same, and ends pauses as soon as somebody asks to stop.</summary>
    public CancellationTokenSource PauseUntil() => CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token, _interruption.Politely);

    /// <summary>The limit that is reached; null while there is something left.</summary>
    public RunEnd? OutOfBudget() => _setup.Budget.Reached(_session.Spent.Since(_before), _setup.Clock.GetElapsedTime(_began)) is { } over
        ? new RunEnd.OutOfBudget(over.Limit, over.Message) : null;

    /// <summary>Why something was cancelled.</summary>
    public RunEnd WhyStopped() => _interruption.IsAsked ? new RunEnd.Interrupted("Stopped on demand.")
        : new RunEnd.OutOfBudget(Limit.Time, $"The limit of {_setup.Budget.Time} is reached.");

    public void Dispose()
    {
        _stopping.Dispose();
        _time?.Dispose();
    }
}
