// Short ways to write down replies with leaked markup, and what became of them.

using Baltoro.Chat.Repair;
using Baltoro.Chat.Tests.History;

namespace Baltoro.Chat.Tests.Repair;

static class Leaks
{
    public const string Section = "<|tool_calls_section_begin|>", SectionEnd = "<|tool_calls_section_end|>", Begin = "<|tool_call_begin|>",
        Arguments = "<|tool_call_argument_begin|>", End = "<|tool_call_end|>";

    public static readonly string[] Tokens =
    [
        Section, SectionEnd, "<|tool_call_section_begin|>", "<|tool_call_section_end|>", Begin, Arguments, End,
        "<|im_end|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>", "<|im_middle|>",
    ];

    public static readonly ModelCard Kimi = Cards.Kimi;

    public static readonly Seal Mine = new(Kimi.Origin);

    public static readonly ChatRequest Request = new()
    {
        Model = "kimi",
        Tools =
        [
            Tool("Read", """{"type":"object","properties":{"path":{"type":"string"},"limit":{"type":"number"}},"required":["path"]}"""),
            Tool("Grep", """{"type":"object","properties":{"pattern":{"type":"string"},"path":{"type":"string"}},"required":["pattern"]}"""),
            Tool("get-weather.v2", """{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}"""),
            Tool("Now", """{"type":"object","properties":{}}"""),
        ],
    };

    static ToolSpec.Function Tool(string name, string schema) => new(name, null, RawJson.Of(schema));

    public static string Call(string id, string arguments) => Begin + id + Arguments + arguments + End;

    public static readonly ReplyEvent Started = new ReplyEvent.Started("r1", "kimi");

    public static ReplyEvent Open(BlockHead head) => new ReplyEvent.Opened(head);

    public static ReplyEvent Finished(StopReason reason) => new ReplyEvent.Finished(reason);

    public static readonly ReplyEvent Parsed = new ReplyEvent.Mended(Mend.MarkupParsed), Dropped = new ReplyEvent.Mended(Mend.MarkupDropped);

    /// <summary>A reply of one text block, in these pieces.</summary>
    public static List<ReplyEvent> Text(params string[] deltas) =>
        [Started, Open(BlockHead.Text.Plain), .. deltas.Select(delta => (ReplyEvent)delta), ReplyEvent.Closed.Plain, Finished(StopReason.EndTurn)];

    /// <summary>A reply of one thinking block, in these pieces.</summary>
    public static List<ReplyEvent> Thinking(params string[] deltas) => Thinking(Mine, deltas);

    public static List<ReplyEvent> Thinking(Seal seal, params string[] deltas) =>
        [Started, Open(BlockHead.Thinking.Plain), .. deltas.Select(delta => (ReplyEvent)delta), new ReplyEvent.Closed(seal), Finished(StopReason.EndTurn)];

    public static List<ReplyEvent> Repaired(IEnumerable<ReplyEvent> events)
    {
        ToolMarkup repair = new(Kimi, Request);
        List<ReplyEvent> mended = [];
        foreach (ReplyEvent each in events) repair.Next(each, mended);
        return mended;
    }

    /// <summary>What a reply comes to: its blocks, why it ended (or how it failed), and what was mended.</summary>
    public sealed record Outcome(Sequence<Block> Blocks, object? End, int Parsed, int Dropped);

    public static Outcome Fold(IEnumerable<ReplyEvent> events)
    {
        ReplyFold fold = new();
        List<Mend> mends = [];
        List<Block> blocks = [];
        foreach (ReplyEvent each in events)
        {
            fold.Add(each);
            if (each.Value is ReplyEvent.Mended mended) mends.Add(mended.What);
        }
        return new(
            fold.Result?.Blocks ?? [], fold.Result is { } reply ? reply.Reason : fold.Failure?.GetType().Name,
            mends.Count(mend => mend == Mend.MarkupParsed), mends.Count(mend => mend == Mend.MarkupDropped));
    }

    public static Outcome Mended(IEnumerable<ReplyEvent> events) => Fold(Repaired(events));

    public static Outcome Whole(int parsed, int dropped, params Block[] blocks) =>
        new([.. blocks], blocks.Any(block => block is Block.ToolCall) ? StopReason.ToolUse : StopReason.EndTurn, parsed, dropped);

    public static readonly Block Read = new Block.ToolCall("functions.Read:0", "Read", """{"path":"a"}""");

    public const string ReadMarkup = Begin + "functions.Read:0" + Arguments + """{"path":"a"}""" + End;

    public static Block Say(string text) => new Block.Text(text);

    public static Block Think(string text, Seal? seal = null) => new Block.Thinking(text, seal ?? Mine);
}
