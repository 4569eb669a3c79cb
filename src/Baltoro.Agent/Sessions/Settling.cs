// What a dead process left half done, brought to an honest end; it refuses to run anything again.

using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

static class Settling
{
    const string NotRun = "Not run: the user stopped the work before this call began, and has said something since. Make it again if it is still wanted.";

    const string Interrupted = "Interrupted: the process ended while this call was running. Whether it took effect is unknown: check before you make it again.";

    /// <summary>Gives each call of the main agent that was running its result. Sub-agents are not taken up again: their callers are told.</summary>
    public static void Settle(Session session)
    {
        if (session.Agent(AgentState.Main).Standing is not Standing.Calling { Calls: var calls }) return;
        foreach (PendingCall call in calls.Where(call => call is { Began: true, Ended: null }))
        {
            string words = session.LastWordsFor(call.Call.Id) is { Length: > 0 } last ? $"{Interrupted}\nThe last that its agent said: {last}" : Interrupted;
            session.Append(AgentState.Main, new SessionEvent.CallEnded(call.Call.Id, [new Block.Text(words)], CallEnding.Interrupted));
        }
    }

    /// <summary>Where the user stopped the work and now speaks, what the model wanted before is not done first: he may have stopped it because of that.</summary>
    public static void Forgo(Session session)
    {
        AgentState main = session.Agent(AgentState.Main);
        if (!main.WasStopped || main.Standing is not Standing.Calling { Calls: var calls }) return;
        foreach (PendingCall call in calls.Where(call => call.Ended is null))
            session.Append(AgentState.Main, new SessionEvent.CallEnded(call.Call.Id, [new Block.Text(NotRun)], CallEnding.Error));
    }
}
