// What can happen in a session, by name: everything that the log holds and that the state is folded from. It knows no file and no screen.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Guards;
using Baltoro.Agent.Loop;
using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

/// <summary>An event of the log, with its place in it.</summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="Agent">Whose event it is: <see cref="AgentState.Main"/>, or a sub-agent's name.</param>
public sealed record LoggedEvent(long Number, DateTimeOffset At, string Agent, SessionEvent Event);

/// <summary>One thing that happened. Immutable; what is not here cannot be known after a crash.</summary>
public abstract record SessionEvent
{
    private SessionEvent() { }

    /// <summary>The first event of every log.</summary>
    /// <param name="Id">The session's name, also that of its folder.</param>
    /// <param name="Project">The folder in which the agent works, absolute.</param>
    /// <param name="Model">As the user named it.</param>
    /// <param name="System">The standing instructions, kept so that a resumed session repeats them byte for byte.</param>
    public sealed record Opened(string Id, string Project, string Model, string System) : SessionEvent
    {
        /// <summary>True when nobody watches: a dead run may then be resumed without being asked.</summary>
        public bool Unattended { get; init; }

        /// <summary>The session that this one was copied from; null for one that began by itself.</summary>
        public string? ForkOf { get; init; }
    }

    /// <summary>Another process has taken the session up.</summary>
    /// <param name="ByItself">True when no person asked for it.</param>
    public sealed record Resumed(string Model, bool ByItself) : SessionEvent
    {
        /// <summary>As in <see cref="Opened"/>, from here on.</summary>
        public bool Unattended { get; init; }
    }

    /// <summary>A sub-agent begins.</summary>
    /// <param name="CallId">The call of the main agent that it works for.</param>
    public sealed record Spawned(string CallId, string Description) : SessionEvent;

    /// <summary>The user, or for a sub-agent its caller, has spoken.</summary>
    public sealed record Asked(Sequence<Block> Content) : SessionEvent;

    /// <summary>A request is about to leave.</summary>
    /// <param name="Estimate">Tokens of its prompt as estimated, before calibration.</param>
    public sealed record Sent(long Estimate) : SessionEvent;

    /// <summary>A reply came to its proven end.</summary>
    /// <param name="Usage">Of every attempt at it that was billed, the lost ones included.</param>
    /// <param name="Cost">US dollars; null when nobody knows the price.</param>
    public sealed record Replied(Sequence<Block> Blocks, StopReason Reason, Usage Usage, decimal? Cost) : SessionEvent
    {
        /// <summary>The model's name as the upstream reported it.</summary>
        public string? Model { get; init; }

        /// <summary>Tokens of the prompt as the attempt that answered counted them; 0 when it did not.</summary>
        public long Prompt { get; init; }

        /// <summary>From the request's start to the reply's end.</summary>
        public TimeSpan Took { get; init; }

        /// <summary>What was mended on the way.</summary>
        public Sequence<Mend> Mends { get; init; }
    }

    /// <summary>No proven end came.</summary>
    /// <param name="Name">The failure's name in <see cref="Failure"/>.</param>
    /// <param name="Usage">What was counted until then.</param>
    public sealed record Failed(Trouble Trouble, string Name, string Message, Usage Usage, decimal? Cost) : SessionEvent
    {
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>The window as the upstream told it; null when it told none.</summary>
        public long? Window { get; init; }
    }

    /// <summary>A tool is about to run.</summary>
    public sealed record CallBegan(string CallId) : SessionEvent;

    /// <summary>A call has its result, as the model will see it.</summary>
    public sealed record CallEnded(string CallId, Sequence<Block> Content, CallEnding How) : SessionEvent;

    /// <summary>The loop told the model something.</summary>
    public sealed record Nudged(NudgeReason Reason, string Text) : SessionEvent;

    /// <summary>Old results were replaced by what is left of them in front of the model.</summary>
    public sealed record Evicted(Sequence<Eviction> Results) : SessionEvent;

    /// <summary>The history was replaced.</summary>
    /// <param name="Turns">All that stands in front of the model now.</param>
    /// <param name="TokensBefore">Of the prompt that was replaced.</param>
    public sealed record Compacted(Sequence<Turn> Turns, long TokensBefore, Usage Usage, decimal? Cost) : SessionEvent
    {
        public Remains Remains { get; init; }
    }

    /// <summary>A compaction was tried and changed nothing.</summary>
    public sealed record CompactionFailed(string Why, Usage Usage, decimal? Cost) : SessionEvent
    {
        /// <summary>True when even the request for the note did not fit the window.</summary>
        public bool IsTooLong { get; init; }
    }

    /// <summary>The agent's work is over, until the user speaks again.</summary>
    public sealed record Ended(RunEnd How) : SessionEvent;
}

/// <summary>What stands for a history that was replaced.</summary>
public enum Remains
{
    /// <summary>The user's words, a note that the model wrote to itself, and its last steps.</summary>
    Note,

    /// <summary>The user's words about the work in hand, and the last steps.</summary>
    LastSteps,

    /// <summary>Nothing: a new request finds an empty history.</summary>
    Nothing,
}

/// <summary>How a tool call came to its result.</summary>
public enum CallEnding
{
    Done,

    /// <summary>The tool, or the check of its arguments, says that it did not happen.</summary>
    Error,

    /// <summary>The permission rules refused it.</summary>
    Denied,

    /// <summary>It was running when its process ended; nobody knows how far it came.</summary>
    Interrupted,
}

/// <summary>A result that is in front of the model no longer.</summary>
/// <param name="CallId">Whose result; of several with one id, the last.</param>
/// <param name="Instead">What stands in its place.</param>
public sealed record Eviction(string CallId, string Instead);
