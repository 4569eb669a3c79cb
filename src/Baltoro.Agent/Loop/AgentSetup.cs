// What an agent works with; it refuses to know who put it together.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>Everything that a run takes from outside of its session. Immutable.</summary>
public sealed record AgentSetup
{
    /// <summary>Wrapped in its policies: what reaches the loop as a failure is more than a moment's trouble.</summary>
    public required IChatModel Model { get; init; }

    /// <summary>Makes the tools of one agent; called once for each sub-agent, and once a run for the main agent. Agents share nothing.</summary>
    public required Func<Sequence<ITool>> Tools { get; init; }

    /// <summary>The main agent's, for whoever keeps them from run to run; null to have them made.</summary>
    public Sequence<ITool>? MainTools { get; init; }

    /// <summary>Whether the main agent can have sub-agents work for it.</summary>
    public bool HasSubAgents { get; init; } = true;

    /// <summary>Judges each call; everything is permitted without one.</summary>
    public Gatekeeper Gate { get; init; } = (_, _, _) => new(Permit.Granted.Instance);

    public Budget Budget { get; init; } = new();

    /// <summary>How long a request that keeps failing is sent again, where no limit of time says otherwise.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Null leaves it to the model.</summary>
    public Effort? Effort { get; init; }

    /// <summary>How the model's tokens are drawn; open where it decides.</summary>
    public Sampling Sampling { get; init; } = new();

    /// <summary>Counts the prompt of a request, token by token; null where only the vendor can. Gives null when it cannot after all.</summary>
    public Func<ChatRequest, CancellationToken, Task<long?>>? Count { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Called from several threads at once.</summary>
    public Action<LiveNotice>? Live { get; init; }
}

/// <summary>What happens and is not worth a line in the log.</summary>
public abstract record LiveNotice(string Agent)
{
    /// <summary>A step of a reply as it is written; may be taken back by a failure.</summary>
    public sealed record Heard(string Agent, ReplyEvent Step) : LiveNotice(Agent);

    /// <summary>A pause before the next request.</summary>
    public sealed record Waiting(string Agent, TimeSpan Pause, string Why, int Attempt) : LiveNotice(Agent);
}
