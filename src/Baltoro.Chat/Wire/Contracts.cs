// What each wire format brings: the shapes of its four pieces. It knows no format by name.

using System.Buffers;

namespace Baltoro.Chat.Wire;

/// <summary>A client's request as read, and how it wants its answer.</summary>
/// <param name="Stream">True when the answer is to be a stream of events.</param>
/// <param name="CountAtEnd">Chat Completions only: the client asked for usage at the end of the stream.</param>
public sealed record ClientRequest(ChatRequest Request, bool Stream, bool CountAtEnd = false);

/// <summary>The outcome of reading a body that came from outside.</summary>
public abstract record Reading
{
    private Reading() { }

    public sealed record Read(ClientRequest Request) : Reading;

    /// <summary>The failure's message names the place and what was expected there.</summary>
    public sealed record Rejected(Failure Failure) : Reading;
}

/// <summary>
/// Turns an upstream's stream into reply events. Holds the state of one reply; not thread-safe.
/// Never throws on what an upstream sends: a stream that makes no sense ends in <see cref="ReplyEvent.Failed"/>.
/// After a final event it ignores what follows.
/// </summary>
public interface IReplyReader
{
    /// <summary>Bytes of UTF-8 that the model wrote and that are not passed on yet, because what they belong to is not whole.</summary>
    long Held { get; }

    /// <summary>Reads one server-sent event.</summary>
    /// <param name="data">The event's data, UTF-8; not used after the call.</param>
    /// <param name="into">Zero or more events are appended.</param>
    /// <returns>False when the event shows no progress of the model: pings and comments are not life.</returns>
    bool Read(ReadOnlySpan<byte> data, List<ReplyEvent> into);

    /// <summary>The stream ended cleanly at the transport's level. Appends the final event: finished only if the end was proven before.</summary>
    void End(List<ReplyEvent> into);

    /// <summary>Reads a whole reply that came as one JSON body, as the events that a stream of it would have given.</summary>
    void ReadWhole(ReadOnlyMemory<byte> body, List<ReplyEvent> into);
}

/// <summary>
/// Turns reply events into the bytes of a server-sent event stream. Holds the state of one reply; not thread-safe.
/// Whatever order the events come in, the stream obeys its format. Allocates nothing per delta.
/// </summary>
public interface IReplyWriter
{
    /// <summary>Appends the framed bytes of zero or more server-sent events.</summary>
    void Write(ReplyEvent step, IBufferWriter<byte> into);

    /// <summary>Appends a sign of life that the format's clients ignore.</summary>
    void WritePing(IBufferWriter<byte> into);
}
