// What was asked of `baltoro run`, as immutable values; it refuses to know how it was written on the command line.

using Baltoro.Agent.Budgets;
using Baltoro.Chat;

namespace Baltoro.Cli.Commands;

/// <summary>One call of the command.</summary>
/// <param name="Task">Null to take it from the input.</param>
/// <param name="Model">Null for the default, or for the one that a session was begun with.</param>
/// <param name="Limits">Of each run by itself.</param>
/// <param name="MayRunOpenly">Whether shell commands may run outside of a sandbox.</param>
/// <param name="HasNetwork">Whether those in the sandbox reach the network.</param>
/// <param name="Configuration">The file that stands in for the user's own; null for that.</param>
sealed record RunOrder(string? Task, string? Model, WhichSession Session, OutputForm Output, InputForm Input, Budget Limits, bool MayRunOpenly, bool HasNetwork, Effort? Effort, string? Configuration);

/// <summary>Where the work goes on.</summary>
abstract record WhichSession
{
    private WhichSession() { }

    public sealed record New : WhichSession
    {
        public static readonly New Instance = new();
    }

    /// <param name="Id">Or a beginning of it; null for the latest of this folder.</param>
    public sealed record Resumed(string? Id) : WhichSession;

    /// <summary>A copy.</summary>
    /// <param name="Id">The same.</param>
    public sealed record Forked(string? Id) : WhichSession;

    /// <summary>All unattended ones whose process died.</summary>
    public sealed record Orphans : WhichSession
    {
        public static readonly Orphans Instance = new();
    }
}

enum OutputForm
{
    Text,
    Json,
    StreamJson,
    Events,
}

enum InputForm
{
    Text,
    StreamJson,
}
