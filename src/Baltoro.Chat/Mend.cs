// What can be mended on a reply's way, by name: counted, logged, and told to whoever asks.

namespace Baltoro.Chat;

/// <summary>A kind of mending.</summary>
public enum Mend
{
    /// <summary>A vendor's tool tokens in text or thinking became a tool call.</summary>
    MarkupParsed,

    /// <summary>Tool tokens without a usable call in them were taken out.</summary>
    MarkupDropped,

    /// <summary>Arguments that came as JSON inside a string were taken out of it.</summary>
    ArgumentsUnwrapped,

    /// <summary>A value of another type than the schema says was turned into it without loss.</summary>
    ArgumentsCoerced,

    /// <summary>A tool's name in another spelling became the one tool's that it can mean.</summary>
    NameResolved,

    /// <summary>A missing or repeated id of a call was replaced.</summary>
    IdGiven,

    /// <summary>A call that could not be mended was asked for again.</summary>
    CallAskedAgain,

    /// <summary>A request was sent again before the client had seen anything of its reply.</summary>
    Retried,

    /// <summary>A reply that broke off was begun anew behind its thinking.</summary>
    BegunAnew,

    /// <summary>A reply that broke off in its text was continued where it stopped.</summary>
    Continued,

    /// <summary>An empty reply was asked for again.</summary>
    EmptyAskedAgain,

    /// <summary>The output limit was raised because the thinking alone had used it up.</summary>
    LimitRaised,

    /// <summary>Thinking that repeated itself was cut, and the reply asked for again.</summary>
    ThinkingLoopCut,

    /// <summary>The next upstream of the route was asked.</summary>
    FailedOver,
}
