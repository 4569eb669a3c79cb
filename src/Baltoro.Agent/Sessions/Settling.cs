// What a dead process left half done, brought to an honest end; it refuses to run anything again.

using Baltoro.Chat;

namespace Baltoro.Agent.Sessions;

static class Settling
{
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
}
