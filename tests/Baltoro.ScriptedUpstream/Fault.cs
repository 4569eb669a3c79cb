// What goes wrong with one reply on its way out. It does not know what the reply says.

namespace Baltoro.ScriptedUpstream;

public abstract record Fault
{
    Fault() { }

    public sealed record None : Fault;

    /// <summary>No reply: a status with a body, a null body meaning the vendor's own words for that status.</summary>
    public sealed record Status(int Code, string? Body = null, IReadOnlyDictionary<string, string>? Headers = null) : Fault;

    /// <summary>The connection breaks off inside the body, after so many events.</summary>
    public sealed record CutAfter(int Events) : Fault;

    /// <summary>The body ends in good order after so many events, without its end marker.</summary>
    public sealed record EndAfter(int Events) : Fault;

    /// <summary>Silence after so many events, until the test completes <paramref name="Until"/>; then the rest follows.</summary>
    public sealed record StallAfter(int Events, Task Until) : Fault;
}

/// <summary>Which fault meets which request: a function of the request's number on this server and its conversation.</summary>
public delegate Fault FaultPlan(int number, Conversation conversation);
