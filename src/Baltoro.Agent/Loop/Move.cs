// What the loop can do next; it refuses to know why.

using Baltoro.Agent.Guards;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>One move of the loop, chosen from the state alone, so that a resumed session goes on as if nothing had happened.</summary>
abstract record Move
{
    private Move() { }

    /// <summary>Send the history to the model.</summary>
    /// <param name="Pause">How long to wait first.</param>
    /// <param name="Why">What is waited for; null without a pause.</param>
    public sealed record Ask(TimeSpan Pause = default, string? Why = null) : Move;

    public sealed record RunCalls(Sequence<PendingCall> Calls) : Move;

    /// <summary>Tell the model something, and ask it again.</summary>
    public sealed record Tell(NudgeReason Reason, string Text) : Move;

    public sealed record MakeRoom : Move;

    public sealed record Finish(RunEnd How) : Move;
}
