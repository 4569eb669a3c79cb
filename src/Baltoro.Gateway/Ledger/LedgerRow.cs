// What the ledger keeps of one request: who asked whom for how many tokens, at what price. Never its contents, never a key.

using Baltoro.Chat;

namespace Baltoro.Gateway.Ledger;

/// <summary>One request that has ended, however it ended. Texts that clients made up are cut to <see cref="LongestText"/> characters before they come here.</summary>
public sealed record LedgerRow
{
    public const int LongestText = 128;

    /// <summary>The request's own id, as its client saw it. A row that is written a second time counts once.</summary>
    public required string Id { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The client's wire format; <c>agent</c> for requests of the agent.</summary>
    public required string Format { get; init; }

    /// <summary>The client's program as its <c>user-agent</c> names it; empty when it names none.</summary>
    public string Client { get; init; } = "";

    /// <summary>The name of the virtual key; empty without one.</summary>
    public string Key { get; init; } = "";

    /// <summary>The client's own id of the session; else a hash of how the conversation starts. Empty when there was none to read.</summary>
    public string Session { get; init; } = "";

    /// <summary>Claude Code's id of the subagent that asked; empty for the main one and for other clients.</summary>
    public string Agent { get; init; } = "";

    /// <summary>The agent that started that one.</summary>
    public string ParentAgent { get; init; } = "";

    /// <summary>The model's name as the client wrote it.</summary>
    public required string Asked { get; init; }

    /// <summary>The catalogue's id of the model that answered or failed last; where none was asked, of the one that the name led to; empty where it led to none.</summary>
    public string Model { get; init; } = "";

    /// <summary>The upstream of that model.</summary>
    public string Upstream { get; init; } = "";

    /// <summary>Of all attempts together. <see cref="Chat.Usage.Cost"/> is what those upstreams charged that say so.</summary>
    public Usage Usage { get; init; } = new();

    /// <summary>Nanos by the catalogue's prices of that moment; null when one of the models has none.</summary>
    public long? Price { get; init; }

    /// <summary>Nanos that it came to: by attempt what the upstream said it charged, else by the catalogue, else nothing.</summary>
    public long Cost { get; init; }

    /// <summary>From the start until something of the reply's content went to the client; null when nothing did.</summary>
    public TimeSpan? FirstToken { get; init; }

    public TimeSpan Took { get; init; }

    /// <summary>How often an upstream was asked.</summary>
    public int Tries { get; init; }

    /// <summary>What was mended, as <c>x-baltoro-repairs</c> has it; empty for nothing.</summary>
    public string Repairs { get; init; } = "";

    /// <summary>The reason to stop or the failure, in snake case; <c>aborted</c> when the client left.</summary>
    public required string Outcome { get; init; }

    /// <summary>True for a failure; a client that left is none.</summary>
    public bool Failed { get; init; }

    /// <summary>True when a part of the tokens was reckoned from what was received.</summary>
    public bool IsEstimate { get; init; }

    /// <summary>The same by upstream and model; more than one after a failover. Empty when none was asked.</summary>
    public Sequence<Share> Shares { get; init; }
}

/// <summary>The part of a request that one model at one upstream had.</summary>
/// <param name="Cost">Nanos.</param>
/// <param name="IsPriced">False when tokens were used for which nobody knows a price.</param>
public sealed record Share(string Upstream, string Model, Usage Usage, long Cost, bool IsPriced, bool IsEstimate);
