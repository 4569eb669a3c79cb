// What holds for every reply, however its text is made up and cut.

using Baltoro.Chat.Repair;
using Baltoro.Chat.Tests.OpenAI;
using CsCheck;
using static Baltoro.Chat.Tests.Repair.Leaks;

namespace Baltoro.Chat.Tests.Repair;

public class ToolMarkupProperties
{
    static readonly string[] Prose =
    [
        " ", "\n", "a", "Let me look. ", "<", "<|", "<|tool_", "</", "List<T>", "|>", "{\"a\":\"", "\"", "\\", "}", "functions.Read:0", "3", "你好", "😀",
        "\n\n", "<table>", "x:1", "<|im_possible|>",
    ];

    static readonly string[] Calls =
    [
        ReadMarkup, Call("3", """{"pattern":"a"}"""), Call("functions.get-weather.v2:1", """{"city":"<|tool_call_end|> </think>"}"""), Call("functions.Read:1", "{\"path\":\""),
        Begin + "functions.Read:0" + Arguments + """{"path":"b"}""", Begin + "functions.Grep:5" + Arguments + """{"pattern":"c""", Section + ReadMarkup + SectionEnd,
    ];

    static readonly Gen<string> Piece = Gen.Frequency(
        (4, Gens.One(Prose)), (2, Gens.One(Tokens)), (2, Gens.One(Calls)), (1, Gens.One("<think>", "</think>")));

    static readonly Gen<string> Bare = Piece.Array[0, 12].Select(string.Concat);

    static readonly Gen<string> Quoting = Gen.Frequency((5, Piece), (2, Gens.One("`", "```", "\n```\n", "``", "~~~"))).Array[0, 14].Select(string.Concat);

    static readonly Gen<int[]> Sizes = Gen.Int[1, 9].Array[1, 6];

    static string[] Cut(string text, int[] sizes)
    {
        List<string> deltas = [];
        for (int at = 0; at < text.Length; at += deltas[^1].Length)
            deltas.Add(text.Substring(at, Math.Min(sizes[deltas.Count % sizes.Length], text.Length - at)));
        return [.. deltas];
    }

    static List<ReplyEvent> Reply(bool thinks, params string[] deltas) => thinks ? Thinking(deltas) : Text(deltas);

    [Fact]
    public void Text_cut_anywhere_gives_the_calls_and_words_of_the_uncut_text() => Gen.Select(Quoting, Sizes, Gen.Bool).Sample((text, sizes, thinks) =>
        Assert.Equal(Seen(Repaired(Reply(thinks, text))), Seen(Repaired(Reply(thinks, Cut(text, sizes))))), iter: 20_000);

    /// <summary>Everything but where the deltas were cut; also when the reply fails.</summary>
    static string Seen(List<ReplyEvent> events)
    {
        List<string> seen = [];
        foreach (ReplyEvent each in events)
        {
            if (each.Value is string delta && seen is [.., ['"', ..]]) seen[^1] += delta;
            else if (each.Value is string first) seen.Add('"' + first);
            else if (each.Value is not ReplyEvent.Mended) seen.Add($"{each}");
        }
        return $"{string.Join('\n', seen)}\n{Fold(events)}";
    }

    [Fact]
    public void No_token_ever_comes_out() => Gen.Select(Bare, Sizes, Gen.Bool).Sample((text, sizes, thinks) =>
    {
        foreach (string words in WordsOf(Repaired(Reply(thinks, Cut(text, sizes)))))
            Assert.DoesNotContain(Tokens, token => words.Contains(token, StringComparison.Ordinal));
    }, iter: 20_000);

    /// <summary>The text of each block that is not a call.</summary>
    static IEnumerable<string> WordsOf(List<ReplyEvent> events)
    {
        BlockHead? open = null;
        string words = "";
        foreach (ReplyEvent each in events)
        {
            if (each.Value is ReplyEvent.Opened opened) (open, words) = (opened.Head, "");
            if (each.Value is string delta) words += delta;
            if (each.Value is ReplyEvent.Closed && open is not BlockHead.ToolCall) yield return words;
        }
    }

    [Fact]
    public void A_reply_without_tokens_comes_to_the_same_reply() => Gen.Select(Gens.One<string>([.. Prose, "`", "```\n"]).Array[0, 12], Sizes, Gen.Bool).Sample((pieces, sizes, thinks) =>
    {
        // What ends as a token would begin is no clean text.
        string text = string.Concat(pieces) + ".";
        List<ReplyEvent> events = Reply(thinks, Cut(text, sizes));
        Assert.Equal(Fold(events), Fold(Repaired(events)));
    });

    [Fact]
    public void A_repaired_reply_needs_no_repair() => Gen.Select(Bare, Gen.Bool).Sample((text, thinks) =>
    {
        List<ReplyEvent> once = [.. Repaired(Reply(thinks, text)).Where(each => each.Value is not ReplyEvent.Mended)];
        // Tags that stood in the middle may stand at the beginning now, and half a token at the end.
        if (text.Contains("think>", StringComparison.Ordinal) || text.Contains("<|tool_<", StringComparison.Ordinal)) return;
        Assert.Equal(Fold(once).Blocks.Where(block => block is Block.ToolCall), Mended(once).Blocks.Where(block => block is Block.ToolCall));
    });

    [Fact]
    public void The_order_of_blocks_is_legal_and_none_comes_out_empty() => Gen.Select(Quoting, Quoting, Sizes).Sample((thought, said, sizes) =>
    {
        bool isOpen = false, isOver = false;
        string words = "";
        List<ReplyEvent> events = [.. Thinking(Cut("So " + thought, sizes))[..^1], .. Text(Cut("Then " + said, sizes))[1..]];
        foreach (ReplyEvent each in Repaired(events))
        {
            Assert.False(isOver);
            switch (each.Value)
            {
                case ReplyEvent.Opened opened: Assert.False(isOpen); (isOpen, words) = (true, opened.Head is BlockHead.ToolCall ? "{}" : ""); break;
                case string delta: Assert.True(isOpen && delta.Length > 0); words += delta; break;
                case ReplyEvent.Closed: Assert.True(isOpen && !string.IsNullOrWhiteSpace(words)); isOpen = false; break;
                case ReplyEvent.Finished or ReplyEvent.Failed: Assert.False(isOpen); isOver = true; break;
                default: break;
            }
        }
        Assert.True(isOver);
    });

    [Fact]
    public void The_text_around_a_section_stays_as_it_is() => Gen.Select(Gens.One("a", "b.\n", "x <y> ", "- ").Array[1, 5], Gens.One("c", " d ", "e\n").Array[1, 5], Sizes).Sample((before, after, sizes) =>
    {
        string first = string.Concat(before), second = string.Concat(after);
        Assert.Equal(Whole(1, 0, Say(first), Read, Say(second.TrimStart())), Mended(Text(Cut(first + Section + ReadMarkup + SectionEnd + second, sizes))));
    });

    [Fact]
    public void Nothing_that_comes_makes_it_throw() => Gen.Select(Gen.OneOf(Gen.String, Quoting), Gen.Int[0, 6]).Array[0, 12].Sample(steps =>
    {
        ToolMarkup repair = new(Kimi, Request);
        List<ReplyEvent> into = [];
        foreach ((string text, int kind) in steps)
            repair.Next(kind switch
            {
                0 => Open(BlockHead.Text.Plain),
                1 => Open(BlockHead.Thinking.Plain),
                2 => ReplyEvent.Closed.Plain,
                3 => Open(new BlockHead.ToolCall(text, "Read")),
                _ => text,
            }, into);
        repair.Next(Finished(StopReason.EndTurn), into);
        Assert.True(into[^1].Value is ReplyEvent.Finished or ReplyEvent.Failed);
    });

    [Fact]
    public void An_event_that_needs_no_repair_allocates_nothing()
    {
        const int Times = 1000;
        ToolMarkup repair = new(Kimi, Request);
        List<ReplyEvent> into = new(16);
        ReplyEvent[] deltas = [" so the `next`", "\n", " step", " 你好 a > b", "```\n"];
        repair.Next(Open(BlockHead.Thinking.Plain), into);
        repair.Next("So", into);
        void Once()
        {
            foreach (ReplyEvent delta in deltas)
            {
                into.Clear();
                repair.Next(delta, into);
            }
        }
        for (int i = 0; i < Times; i++) Once();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Times; i++) Once();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData("", nameof(Failure.BrokenCall))]
    [InlineData("```\n", StopReason.EndTurn)]
    public void A_stream_that_is_read_again_and_again_is_read_a_bounded_number_of_times(string before, object end)
    {
        // Each call opens a string that swallows the next call's first token. Without a bound this would take hours.
        string text = before + string.Concat(Enumerable.Repeat(Begin + "functions.Read:0" + Arguments + "{\"a\":\"", 10_000));
        Assert.Equal(end, Mended(Text(text)).End);
    }
}
