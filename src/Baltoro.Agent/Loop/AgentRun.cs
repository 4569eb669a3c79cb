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
        if (!content.IsEmpty)
        {
            Settling.Forgo(session);
            // What such a model did before would only be in its way: it looks at one request.
            if (setup.Model.Card.Scope == ModelScope.Narrow && session.Agent(AgentState.Main) is { End: RunEnd.Done } over)
                session.Append(AgentState.Main, new SessionEvent.Compacted([], over.Meter.Used(0), new(), null) { Remains = Remains.Nothing });
            session.Append(AgentState.Main, new SessionEvent.Asked(content));
        }
        using Run run = new(session, setup, interruption);
        return await Loop(session, setup, run).Run();
    }

    /// <summary>Has the model hand its work over to itself now, as it does by itself when the window is full.</summary>
    /// <returns><see cref="SessionEvent.Compacted"/>, or <see cref="SessionEvent.CompactionFailed"/> and nothing has changed; recorded in the session as well.</returns>
    /// <exception cref="OperationCanceledException">The interruption was asked for at once; nothing has changed.</exception>
    /// <exception cref="LogException">The log cannot be written.</exception>
    public static async Task<SessionEvent> Compact(Session session, AgentSetup setup, Interruption interruption)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(setup);
        ArgumentNullException.ThrowIfNull(interruption);
        Settling.Settle(session);
        using Run run = new(session, setup, interruption);
        return await Loop(session, setup, run).Compact();
    }

    /// <summary>The names of the main agent's tools, in the order in which the model gets them.</summary>
    public static Sequence<string> ToolNames(AgentSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        string[] own = [.. Main(setup).Select(tool => tool.Spec.Name)];
        return setup.HasSubAgents ? [.. own, TaskTool.Name] : [.. own];
    }

    static Sequence<ITool> Main(AgentSetup setup) => setup.MainTools ?? setup.Tools();

    static AgentLoop Loop(Session session, AgentSetup setup, Run run) =>
        new(session, AgentState.Main, setup, run, setup.HasSubAgents ? [.. Main(setup), new TaskTool(session, setup, run)] : Main(setup));
}
