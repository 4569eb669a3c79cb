// What goes wrong with one reply on its way out, or in the model that gives it. It does not know what the reply says.

namespace Baltoro.ScriptedUpstream;

public abstract record Fault
{
    Fault() { }

    public sealed record None : Fault;

    // :: of the server

    /// <summary>No reply: a status with a body, a null body meaning the vendor's own words for that status.</summary>
    public sealed record Status(int Code, string? Body = null, IReadOnlyDictionary<string, string>? Headers = null) : Fault;

    /// <summary>The connection is reset before a byte of an answer.</summary>
    public sealed record Reset : Fault;

    // :: of the stream

    /// <summary>The connection breaks off inside the body, after so many events.</summary>
    public sealed record CutAfter(int Events) : Fault;

    /// <summary>The body ends in good order after so many events, without its end marker.</summary>
    public sealed record EndAfter(int Events) : Fault;

    /// <summary>Silence after so many events, until the test completes <paramref name="Until"/>; then the rest follows.</summary>
    public sealed record StallAfter(int Events, Task Until) : Fault;

    /// <summary>The stream breaks at a place of the reply; a reply without such a place gets one where it can.</summary>
    public sealed record Broken(Breaking How, Place Where) : Fault;

    // :: of the model

    /// <summary>An end in good order with nothing before it.</summary>
    public sealed record Empty : Fault;

    /// <summary>An end in good order after the thinking.</summary>
    public sealed record ThinkingOnly : Fault;

    /// <summary>The output limit, reached in the middle of the thinking, or with nothing said at all.</summary>
    public sealed record LengthStop(bool BeforeAnything = false) : Fault;

    /// <summary>The arguments of the last call are damaged.</summary>
    public sealed record Arguments(Damage What) : Fault;

    /// <summary>The last call names its tool wrongly.</summary>
    public sealed record ToolName(Spelling As) : Fault;

    /// <summary>The calls stand as the model's raw tokens in its text or thinking.</summary>
    public sealed record Leak(Place Where, Markup Markers) : Fault;

    public sealed record CallIds(IdSlip What) : Fault;

    /// <summary>All calls of the reply come under one index, each with its own id.</summary>
    public sealed record MergedCalls : Fault;

    /// <summary>The reason to stop says that nothing was called.</summary>
    public sealed record StopBesideCall : Fault;

    /// <summary>The call before is made again, and again, until the conversation holds a reminder.</summary>
    public sealed record SameCall : Fault;

    /// <summary>The two calls before are made again in turn, and again, until the conversation holds a reminder.</summary>
    public sealed record CallsInTurn : Fault;

    /// <summary>The next step is announced and not taken, while the model's own list has open items.</summary>
    public sealed record Announced : Fault;

    /// <summary>The thinking repeats a few lines until the output limit.</summary>
    public sealed record SameLines : Fault;
}

/// <summary>How a stream breaks.</summary>
public enum Breaking
{
    /// <summary>The connection is lost in the middle of an event.</summary>
    Cut,

    /// <summary>The body ends in good order.</summary>
    End,

    /// <summary>Nothing comes any more, until the client gives up.</summary>
    Stall,

    /// <summary>Only signs of life come, pings or comments, until the client gives up.</summary>
    StallWithPings,
}

/// <summary>Where in a reply: before its first byte, in the middle of a kind of part, or after all parts and before the end marker.</summary>
public enum Place { First, Thinking, Text, Call, Close }

/// <summary>What is wrong with arguments.</summary>
public enum Damage { NotJson, CutOff, InString, NumberAsText, WrongName, WrongType }

/// <summary>How a tool is named wrongly.</summary>
public enum Spelling { Unknown, Prefixed, OtherCase }

/// <summary>Which markers stand around leaked calls.</summary>
public enum Markup { Section, SingularSection, NoSection, NeverClosed }

/// <summary>What is wrong with ids of calls.</summary>
public enum IdSlip { Repeated, Missing }

/// <summary>Which fault meets which request: a function of the request's number on this server and its conversation.</summary>
public delegate Fault FaultPlan(int number, Conversation conversation);
