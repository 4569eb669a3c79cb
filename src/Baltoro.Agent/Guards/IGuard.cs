// What a guard is, and what it is shown; it refuses to know how a move is made.

using Baltoro.Agent.Context;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;

namespace Baltoro.Agent.Guards;

/// <summary>Watches over one way in which long tasks break.</summary>
interface IGuard
{
    /// <summary>The move that this state calls for; null when it is none of this guard's business. Pure.</summary>
    Move? Look(Situation now);
}

/// <summary>All that a guard may decide by.</summary>
/// <param name="Window">What there is room for.</param>
/// <param name="Spent">The limit that is reached; null while there is something left.</param>
/// <param name="Patience">How long a failing request is sent again; null for as long as the run may last.</param>
sealed record Situation(AgentState State, Room Window, bool IsStopAsked, RunEnd? Spent, DateTimeOffset Now, TimeSpan? Patience)
{
    public Standing Standing => State.Standing;

    /// <summary>Whether the loop's words mean anything to the model.</summary>
    public bool Heeds { get; init; } = true;
}
