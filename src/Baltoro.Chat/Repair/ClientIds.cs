// The ids of a reply's calls as every client carries them; it refuses to know which vendor wrote them.

using Baltoro.Chat.History;

namespace Baltoro.Chat.Repair;

/// <summary>Stands last, behind the repairs that find calls or give them ids of the vendor's kind.</summary>
/// <param name="request">What the client sent: the ids in it are taken.</param>
public sealed class ClientIds(ChatRequest request) : IReplyRepair
{
    CallIds.ForClient? _ids;

    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Add(step.Value is ReplyEvent.Opened { Head: BlockHead.ToolCall call } && (_ids ??= new(request)).Next(call.Id) is var id && id != call.Id
            ? new ReplyEvent.Opened(call with { Id = id })
            : step);
    }
}
