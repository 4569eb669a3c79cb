// Where an agent's work stands between two events; it refuses to know what is done next.

using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

/// <summary>What the last events left to be done.</summary>
public abstract record Standing
{
    private Standing() { }

    /// <summary>Nobody has asked for anything, or what was asked has ended.</summary>
    public sealed record Idle : Standing
    {
        public static readonly Idle Instance = new();
    }

    /// <summary>The model is to speak: also after a request of which neither a reply nor a failure is known.</summary>
    public sealed record ToAsk : Standing
    {
        public static readonly ToAsk Instance = new();
    }

    /// <summary>The model called tools, and not all of them have a result.</summary>
    public sealed record Calling(Sequence<PendingCall> Calls) : Standing;

    /// <summary>The model ended its turn without a call.</summary>
    public sealed record Said(string Text, StopReason Reason) : Standing;

    /// <summary>The last request failed.</summary>
    public sealed record Failed(SessionEvent.Failed Failure) : Standing;
}

/// <summary>A call of the last reply.</summary>
/// <param name="Began">True once it was recorded that it is about to run.</param>
/// <param name="Ended">Null until it has a result.</param>
public sealed record PendingCall(Block.ToolCall Call, bool Began, SessionEvent.CallEnded? Ended);
