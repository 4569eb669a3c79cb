// What every repair of a reply is: events in, better events out. It refuses to know what happens after a failure.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Mends one kind of damage in one reply, event by event. Pure; holds the state of one reply; not thread-safe.
/// What it gives keeps the order that <see cref="ReplyEvent"/> states. An event that needs no mending passes as it is and costs no allocation.
/// </summary>
public interface IReplyRepair
{
    /// <param name="into">Zero or more events are appended. What is held back comes out at the latest before the final event.</param>
    void Next(ReplyEvent step, List<ReplyEvent> into);
}
