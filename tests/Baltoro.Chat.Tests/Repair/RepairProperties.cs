// What holds of every reply, whatever the repair.

using System.Text.Json;
using Baltoro.Chat.Repair;
using CsCheck;
using static Baltoro.Chat.ReplyEvent;
using static Baltoro.Chat.Tests.Repair.Mending;

namespace Baltoro.Chat.Tests.Repair;

public class RepairProperties
{
    static readonly Sequence<ToolSpec> Tools =
    [
        new ToolSpec.Function("Read", null, RawJson.Of("""{"type":"object","properties":{"n":{"type":"integer"},"list":{"type":"array","items":{"type":"boolean"}},"any":{}}}""")),
        new ToolSpec.Function("Write_all", null, RawJson.Of("""{"type":"object","properties":{"text":{"type":"string"}}}""")),
    ];

    static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(pick => values[pick]);

    static readonly Gen<string> Noise = OneOf(
        "{", "}", "[", "]", "\"", "\\", ":", ",", "n", "\"n\"", "\"text\"", "1", "-0.5e3", "true", "null", " ", "\n", "```", "json", "\ud83d", "\\ud83d", "é", "\\u0041", "{}", "\"{}\"").Array[0, 12]
        .Select(string.Concat);

    static readonly Gen<string> Valid = OneOf("{}", """{"n":1}""", """ { "n" : 1 } """, """{"text":"a \"b\" {"}""", """{"list":[true,false],"any":"5"}""", """{"any":{"deep":[{}]}}""");

    static readonly Gen<string> Arguments = Gen.Frequency((3, Valid), (2, Noise), (1, OneOf("", """{"n":"1"}""", """ "{\"n\":1}" """, "{\"n\":")));

    static readonly Gen<ReplyEvent[]> Talk = Gen.Frequency(
        (2, Noise.Select(text => Text(text))), (2, Noise.Select(text => Thinking(text))), (1, Gen.Const<ReplyEvent[]>([new Counted(new() { Output = 3 })])),
        (1, Gen.Const<ReplyEvent[]>([new Whole(new Block.RedactedThinking("x"))])));

    static Gen<ReplyEvent[]> Called(Gen<string> ids, Gen<string> names, Gen<string> arguments) =>
        Gen.Select(ids, names, arguments, (id, name, text) => text.Length == 0 ? Call(id, name) : Call(id, name, text));

    static readonly Gen<ReplyEvent[]> AnyCall = Called(OneOf("a", "b", "", "a_1", "call_1"), OneOf("Read", "read", "functions.Read:3", "Write-All", "Gone", ""), Arguments);

    static readonly Gen<ReplyEvent> End = OneOf<ReplyEvent>(Done, CallsDone, LimitReached, new Finished(StopReason.Refusal), new Finished(StopReason.Pause), Cut);

    static Gen<ReplyEvent[]> Reply(Gen<ReplyEvent[]> call, Gen<ReplyEvent> end) =>
        Gen.Select(Gen.Frequency((1, Talk), (1, call)).Array[0, 6], end, (blocks, last) => (ReplyEvent[])[Begun, .. blocks.SelectMany(block => block), last]);

    static readonly Gen<ReplyEvent[]> Replies = Reply(AnyCall, End);

    static readonly Gen<int[]> Lengths = Gen.Int[1, 9].Array[1, 5];

    static IReplyRepair[] Repairs() => [new WholeCalls(Tools, BrokenCalls.Report), new WholeCalls(Tools, BrokenCalls.PassOn), new WholeCalls([], BrokenCalls.Report), new ThinkingLoop(), new Substance()];

    [Fact]
    public void However_the_deltas_are_cut_the_reply_is_the_same() => Gen.Select(Replies, Lengths).Sample((reply, lengths) =>
    {
        foreach ((IReplyRepair whole, IReplyRepair cut) in Repairs().Zip(Repairs()))
            Assert.Equal(whole.Mend(reply).Joined(), cut.Mend(reply.CutBy(lengths)).Joined());
    }, iter: 5000);

    static readonly Gen<string> FewLines = OneOf("I should read the file again.\n", "And then write it down carefully.\n", "}\n", "\n").Array[20, 90].Select(string.Concat);

    [Fact]
    public void However_thinking_is_cut_the_same_line_ends_it() => Gen.Select(FewLines, OneOf(0, 9), Lengths).Sample((lines, repeated, lengths) =>
    {
        ReplyEvent[] reply = [.. Thinking(lines + string.Concat(Enumerable.Repeat("Here we go round again.\n", repeated))), .. Text("so"), Done];
        ReplyEvent[] whole = new ThinkingLoop().Mend(reply).Joined();
        Assert.Equal(whole, new ThinkingLoop().Mend(reply.CutBy(lengths)).Joined());
        Assert.True(repeated == 0 || whole[^1].Value is Failed);
    }, iter: 2000);

    [Fact]
    public void A_reply_whose_calls_are_all_valid_folds_to_the_very_same_reply() =>
        Gen.Select(Reply(Called(Gen.Guid.Select(id => id.ToString()), OneOf("Read", "Write_all"), Valid), OneOf<ReplyEvent>(Done, CallsDone, LimitReached)), Lengths).Sample((reply, lengths) =>
        {
            Assert.Equal(Folded(reply), Folded(new WholeCalls(Tools, BrokenCalls.Report).Mend(reply.CutBy(lengths))));
        }, iter: 3000);

    static Reply? Folded(IEnumerable<ReplyEvent> reply)
    {
        ReplyFold fold = new();
        foreach (ReplyEvent step in reply) fold.Add(step);
        return fold.Result;
    }

    [Fact]
    public void No_half_call_ever_leaves() => Gen.Select(Replies, Gen.Int[0, 40], Lengths).Sample((reply, kept, lengths) =>
    {
        // Broken off anywhere, by the transport or by a limit that nobody told the reader of.
        ReplyEvent[] pieces = [.. reply.CutBy(lengths)];
        foreach (ReplyEvent end in (ReplyEvent[])[Cut, LimitReached, CallsDone])
        {
            List<ReplyEvent> mended = new WholeCalls(Tools, BrokenCalls.Report).Mend([.. pieces.Take(Math.Min(kept, pieces.Length - 1)), end]);
            BlockHead.ToolCall[] calls = [.. mended.Select(step => step.Value).OfType<Opened>().Select(opened => opened.Head).OfType<BlockHead.ToolCall>()];
            if (mended[^1].Value is Failed)
            {
                Assert.Empty(calls);
                continue;
            }
            Assert.All(calls, call => Assert.Contains(Tools, tool => tool.Name == call.Name));
            Assert.Equal(calls.Length, calls.Select(call => call.Id).Distinct().Count());
            Assert.DoesNotContain(calls, call => call.Id.Length == 0);
            foreach (Block.ToolCall call in Blocks(mended).OfType<Block.ToolCall>())
                Assert.Equal(JsonValueKind.Object, JsonDocument.Parse(call.Arguments).RootElement.ValueKind);
            Assert.Equal(calls.Length, Blocks(mended).OfType<Block.ToolCall>().Count());
        }
    }, iter: 5000);

    /// <summary>The blocks that were closed; a reply cut in its text may leave that open.</summary>
    static Sequence<Block> Blocks(List<ReplyEvent> reply) => Folded(reply)?.Blocks ?? [];

    [Fact]
    public void No_text_makes_a_repair_throw_and_every_reply_ends_once() => Gen.Select(Reply(Called(Noise, Noise, Noise), End), Noise).Sample((reply, schema) =>
    {
        ToolSpec odd = new ToolSpec.Function("Odd", null, RawJson.Of(schema));
        foreach (IReplyRepair repair in (IReplyRepair[])[.. Repairs(), new WholeCalls([odd], BrokenCalls.PassOn)])
            Assert.Single(repair.Mend([.. reply, .. Call("a", "odd", "{\"n\":\"1\"}"), Done]), step => step.Value is Finished or Failed);
        ArgumentTypes.Coerce("""{"n":"1"}""", RawJson.Of(schema));
        Assert.True(ArgumentsText.Unwrap(schema) is null or { Length: > 0 });
    }, iter: 5000);

    [Fact]
    public void A_delta_that_needs_no_mending_costs_nothing()
    {
        foreach (BlockHead head in (BlockHead[])[BlockHead.Text.Plain, BlockHead.Thinking.Plain])
            foreach (IReplyRepair repair in Repairs())
            {
                // An honest line of thought, different each time by where the deltas end.
                Assert.Equal(0, AllocatedPerThousand(repair, new Opened(head), " so the next"));
            }
        Assert.Equal(0, AllocatedPerThousand(new ThinkingLoop(), new Opened(BlockHead.Thinking.Plain), "}\n"));
    }
}
