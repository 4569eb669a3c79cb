// What was kept of earlier requests changes what the next one costs, and nothing else.

using System.Buffers;
using System.Text;
using CsCheck;

namespace Baltoro.Chat.Tests.History;

public class GroundworkTests
{
    [Fact]
    public void A_growing_conversation_is_sent_as_if_each_request_were_the_first() => Growing.Sample((rounds, loops) =>
    {
        Turn[] turns = [.. rounds.Concat(loops).SelectMany(round => round)];
        foreach (ModelCard card in All)
        {
            Groundwork groundwork = new();
            for (int n = 1; n <= turns.Length; n++) Same(Request(turns[..n]), card, groundwork);
        }
    }, iter: 200);

    [Fact]
    public void So_is_one_that_is_cut_compacted_marked_asked_again_and_answered_by_several_models() => Gen.Select(Growing, Gen.Int[0, 5].Array[1, 25], Gen.Int[0, 1000]).Sample((grown, steps, seed) =>
    {
        Turn[] turns = [.. grown.Item1.Concat(grown.Item2).SelectMany(round => round)];
        List<Turn> conversation = [];
        Groundwork groundwork = new();
        int next = 0;
        foreach (int step in steps)
        {
            switch (step)
            {
                // Cut back, as by an undo.
                case 0: conversation.RemoveRange(conversation.Count / 2, conversation.Count - conversation.Count / 2); break;
                // A note in place of all but the last turns.
                case 1:
                    if (conversation.Count > 2) conversation.RemoveRange(0, conversation.Count - 2);
                    conversation.Insert(0, Say.User("a note"));
                    break;
                // Another object in the middle.
                case 2 when conversation.Count > 0: conversation[seed % conversation.Count] = Say.User("evicted"); break;
                default:
                    for (int i = 0; i < step && next < turns.Length; i++) conversation.Add(turns[next++]);
                    break;
            }
            // A mark at the end, which the next request does not have.
            Turn[] marked = [.. conversation];
            if (marked is [.., Turn.User { Blocks: [.., var block] } last])
                marked[^1] = last with { Blocks = [.. last.Blocks.Take(last.Blocks.Count - 1), block with { CacheControl = RawJson.Of("""{"type":"ephemeral"}""") }] };
            foreach (ModelCard card in All)
            {
                Same(Request(marked), card, groundwork);
                // What was begun and is to be continued; then the same once more.
                Same(Request([.. marked, Say.Assistant(Say.Thought("hm"), Say.Text("so"))]), card, groundwork);
                Same(Request(marked), card, groundwork);
            }
        }
    }, iter: 300);

    [Fact]
    public void Ids_and_tools_of_a_conversation_are_known_as_if_each_request_were_the_first() => Growing.Sample((rounds, loops) =>
    {
        Turn[] turns = [.. rounds.Concat(loops).SelectMany(round => round)];
        Groundwork groundwork = new();
        for (int n = 1; n <= turns.Length; n++)
        {
            ChatRequest fresh = Request([.. turns[..(n - 1)], Added($"Late{n}")]), known = fresh with { Groundwork = groundwork };
            Assert.Equal(Chat.History.DeclaredTools.In(fresh), Chat.History.DeclaredTools.In(known));
            Assert.Equal(Ids(fresh), Ids(known));
        }
    }, iter: 200);

    [Fact]
    public void What_was_sent_once_is_neither_fitted_nor_written_again()
    {
        Groundwork groundwork = new();
        List<Turn> turns = [Say.User("go")];
        long[] allocated = new long[401];
        for (int step = 1; step <= 400; step++)
        {
            turns.AddRange([Say.Assistant(Say.Thought("next"), Say.Call($"c{step}")), Say.User(Say.Result($"c{step}", new('x', 200)))]);
            ChatRequest request = Request([.. turns]) with { Groundwork = groundwork };
            long before = GC.GetAllocatedBytesForCurrentThread();
            request.Body(Cards.Kimi);
            allocated[step] = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        // References to all turns are copied a few times; that is what grows.
        const int ReferencesPerStep = 2 * 8, Copies = 8;
        Assert.InRange(allocated[100..].Order().ElementAt(150), 0, allocated[5..25].Order().ElementAt(10) + 400 * ReferencesPerStep * Copies);
    }

    static readonly ModelCard[] All = [.. Cards.All, Cards.Kimi with { LoopNudges = true, Prefill = true }, Cards.Plain with { Dialect = Dialect.SelfHosted, Prefill = true }];

    static readonly Gen<(Turn[][], Turn[][])> Growing = Gen.Select(Gen.OneOf(Conversations.Rounds, Conversations.WholeRounds), Conversations.Loops);

    static ChatRequest Request(Turn[] turns) => Conversations.Request([turns]) with { System = [new Block.Text("Be exact.")] };

    static Turn.System Added(string name) => new Turn.System([new Block.Opaque(WireFormat.Anthropic, "tool_addition",
        RawJson.Of($$"""{"type":"tool_addition","tool":{"input_schema":{"type":"object"},"name":"{{name}}"} }"""))]);

    static string[] Ids(ChatRequest request)
    {
        Chat.History.CallIds.ForClient ids = new(request);
        return [ids.Next("functions.Read:0"), ids.Next("call"), ids.Next("a"), ids.Next("")];
    }

    static void Same(ChatRequest request, ModelCard card, Groundwork groundwork)
    {
        ChatRequest known = request with { Groundwork = groundwork };
        Assert.Equal(request.Fit(card), known.Fit(card) with { Groundwork = null });
        Assert.Equal(Encoding.UTF8.GetString(request.Body(card)), Encoding.UTF8.GetString(known.Body(card)));
        // Fitted and written apart, as by a policy that asks again.
        Assert.Equal(request.Body(card).ToArray(), known.Body(card).ToArray());
    }
}
