// Several repairs as one, each mending what the one before it gives; it refuses to know what any of them mends.

namespace Baltoro.Chat.Repair;

/// <param name="repairs">In the order in which they see an event; none at all passes everything as it is.</param>
public sealed class Chain(params IReplyRepair[] repairs) : IReplyRepair
{
    List<ReplyEvent> _from = [], _to = [];

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        _from.Clear();
        _from.Add(step);
        foreach (IReplyRepair repair in repairs)
        {
            _to.Clear();
            foreach (ReplyEvent each in _from) repair.Next(each, _to);
            (_from, _to) = (_to, _from);
        }
        into.AddRange(_from);
    }
}
