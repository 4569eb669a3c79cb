// The face of the agent: a session, what it works with, and one run from a task to its end. It refuses to know who watches.

using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tasks;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>Runs one session at a time; the session stays open and is the caller's.</summary>
public static class AgentRun
{
    /// <summary>Works on what the user asks until the end of the turn.</summary>
    /// <param name="content">The user's words; empty to go on with what was asked before.</param>
    /// <returns>How it ended; recorded in the session as well.</returns>
    /// <exception cref="LogException">The log cannot be written: nothing more was done.</exception>
    public static async Task<RunEnd> To(Session session, Sequence<Block> content, AgentSetup setup, Interruption interruption)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(interruption);
        Settling.Settle(session);
        if (!content.IsEmpty) session.Append(AgentState.Main, new SessionEvent.Asked(content));
        using Run run = new(session, setup, interruption);
        TaskTool task = new(session, setup, run);
        return await new AgentLoop(session, AgentState.Main, setup, run, [.. setup.Tools(), task]).Run();
    }
}
