// What a run is shown to: one form of output for each implementation. It refuses to know terminals and files.

using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Output;

/// <summary>One run as it goes on. All members may be called from several threads.</summary>
public interface IRunOutput
{
    /// <summary>Called for each of the user's messages.</summary>
    void Began(Session session, ModelCard model, RunTools tools);

    void Logged(LoggedEvent logged);

    void Live(LiveNotice notice);

    void Ended(RunSummary summary);
}

/// <summary>What the model has to work with.</summary>
/// <param name="Names">In the order in which the model gets them.</param>
/// <param name="Servers">The MCP servers that were to be started, and whether they did.</param>
public sealed record RunTools(Sequence<string> Names, Sequence<(string Name, bool IsUp)> Servers);

/// <summary>A run that is over.</summary>
/// <param name="Spent">By this run, sub-agents included.</param>
/// <param name="InReplies">The part of <paramref name="Took"/> during which the model was asked; of replies at the same time, each.</param>
/// <param name="Denied">The calls that the permission rules refused.</param>
/// <param name="LastReason">Why the main agent's last reply ended; null when there was none.</param>
public sealed record RunSummary(string SessionId, RunEnd End, Spending Spent, TimeSpan Took, TimeSpan InReplies, Sequence<Block.ToolCall> Denied, StopReason? LastReason);

/// <summary>Adds up a run from its events. Not thread-safe: events come one at a time.</summary>
public sealed class RunTally
{
    readonly Dictionary<(string Agent, string Id), Block.ToolCall> _calls = [];
    readonly List<Block.ToolCall> _denied = [];
    TimeSpan _inReplies;
    StopReason? _lastReason;

    public void Add(LoggedEvent logged)
    {
        ArgumentNullException.ThrowIfNull(logged);
        switch (logged.Event)
        {
            case SessionEvent.Replied replied:
                _inReplies += replied.Took;
                if (logged.Agent == AgentState.Main) _lastReason = replied.Reason;
                foreach (Block.ToolCall call in replied.Blocks.OfType<Block.ToolCall>()) _calls[(logged.Agent, call.Id)] = call;
                break;
            case SessionEvent.CallEnded ended when _calls.Remove((logged.Agent, ended.CallId), out Block.ToolCall? call) && ended.How == CallEnding.Denied:
                _denied.Add(call);
                break;
        }
    }

    /// <param name="before">What the session had spent when the run began.</param>
    public RunSummary Of(Session session, RunEnd end, Spending before, TimeSpan took)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new(session.Opened.Id, end, session.Spent.Since(before), took, _inReplies, _denied.ToSequence(), _lastReason);
    }
}
