// What was done to make room in front of the model, in a person's words. It refuses to know where they are shown.

using Baltoro.Agent.Sessions;

namespace Baltoro.Agent.Output;

public static class RoomMade
{
    /// <summary>Says what became of the history.</summary>
    public static string Words(SessionEvent.Compacted compacted)
    {
        ArgumentNullException.ThrowIfNull(compacted);
        return compacted.Remains switch
        {
            Remains.Note => $"compacted: {TextOutput.Tokens(compacted.TokensBefore)} tokens became a hand-off note and the last steps",
            Remains.LastSteps => $"room made: of {TextOutput.Tokens(compacted.TokensBefore)} tokens the request and the last steps stay",
            _ => "a new request: the model has forgotten the one before",
        };
    }

    /// <summary>The same of results that were put away.</summary>
    public static string Words(SessionEvent.Evicted evicted)
    {
        ArgumentNullException.ThrowIfNull(evicted);
        return evicted.Results.Count == 1 ? "room made: an old result went to a file" : $"room made: {evicted.Results.Count} old results went to files";
    }
}
