// The kinds of trouble that a request can end in, by what the loop does about them; it refuses to know the vendors' words.

using Baltoro.Chat;

namespace Baltoro.Agent.Guards;

/// <summary>What a failed request means to the loop.</summary>
public enum Trouble
{
    /// <summary>It may well succeed when it is sent again.</summary>
    Passing,

    /// <summary>The model ended its reply without a word.</summary>
    Empty,

    /// <summary>The output limit was used up by thinking.</summary>
    OutOfRoom,

    /// <summary>The thinking went round in circles.</summary>
    Looping,

    /// <summary>A tool call that nobody can run.</summary>
    BrokenCall,

    /// <summary>The prompt does not fit the window.</summary>
    TooLong,

    /// <summary>Asking again will not help.</summary>
    Final,
}

static class Troubles
{
    public static Trouble Of(Failure failure) => failure switch
    {
        // An overload that no status tells of is how the policies put a model that stays silent.
        Failure.Overloaded { Status: null } or Failure.Empty => Trouble.Empty,
        Failure.RateLimited or Failure.Overloaded or Failure.UpstreamError or Failure.Unreachable or Failure.TimedOut
            or Failure.Cut or Failure.Garbled => Trouble.Passing,
        Failure.OutOfRoom => Trouble.OutOfRoom,
        Failure.Looping => Trouble.Looping,
        Failure.BrokenCall => Trouble.BrokenCall,
        Failure.PromptTooLong => Trouble.TooLong,
        _ => Trouble.Final,
    };
}

/// <summary>Why the loop spoke to the model.</summary>
public enum NudgeReason
{
    Repeats,
    EmptyReply,
    OutOfRoom,
    CutAtLimit,
    Circles,
    BrokenCall,
    OpenTodos,
}
