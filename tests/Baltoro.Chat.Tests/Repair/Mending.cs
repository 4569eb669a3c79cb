// Replies as they come in and go out of a repair; shorthands that the tests of this folder share.

using Baltoro.Chat.Repair;
using static Baltoro.Chat.ReplyEvent;

namespace Baltoro.Chat.Tests.Repair;

static class Mending
{
    public static readonly Started Begun = new("r1", "m");

    public static readonly Finished Done = new(StopReason.EndTurn), CallsDone = new(StopReason.ToolUse), LimitReached = new(StopReason.OutputLimit);

    public static readonly Failed Cut = new(new Failure.Cut("cut"));

    public static ReplyEvent[] Text(params string[] deltas) => Block(BlockHead.Text.Plain, deltas);

    public static ReplyEvent[] Thinking(params string[] deltas) => Block(BlockHead.Thinking.Plain, deltas);

    public static ReplyEvent[] Call(string id, string name, params string[] deltas) => Block(new BlockHead.ToolCall(id, name), deltas);

    static ReplyEvent[] Block(BlockHead head, string[] deltas) => [new Opened(head), .. deltas.Select(delta => (ReplyEvent)delta), Closed.Plain];

    public static List<ReplyEvent> Mend(this IReplyRepair repair, IEnumerable<ReplyEvent> reply)
    {
        List<ReplyEvent> mended = [];
        foreach (ReplyEvent step in reply) repair.Next(step, mended);
        return mended;
    }

    /// <summary>The same reply whatever the size of its deltas.</summary>
    public static ReplyEvent[] Joined(this IEnumerable<ReplyEvent> reply)
    {
        List<ReplyEvent> joined = [];
        foreach (ReplyEvent step in reply)
        {
            if (step.Value is string delta && joined.Count > 0 && joined[^1].Value is string before) joined[^1] = before + delta;
            else if (step.Value is not "") joined.Add(step);
        }
        return [.. joined];
    }

    /// <summary>The reply with every delta cut in pieces of these lengths, over and over.</summary>
    public static IEnumerable<ReplyEvent> CutBy(this IEnumerable<ReplyEvent> reply, int[] lengths)
    {
        int turn = 0;
        foreach (ReplyEvent step in reply)
        {
            if (step.Value is not string delta || lengths.Length == 0)
            {
                yield return step;
                continue;
            }
            for (int at = 0; at < delta.Length;)
            {
                int length = Math.Min(lengths[turn++ % lengths.Length], delta.Length - at);
                yield return delta.Substring(at, length);
                at += length;
            }
        }
    }

    /// <summary>The bytes that a repair allocates for a step, after it has warmed up.</summary>
    public static long AllocatedPerThousand(IReplyRepair repair, ReplyEvent opened, ReplyEvent step)
    {
        const int Times = 1000;
        List<ReplyEvent> into = new(8);
        repair.Next(opened, into);
        void Once()
        {
            into.Clear();
            repair.Next(step, into);
        }
        for (int i = 0; i < Times; i++) Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++) Once();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
