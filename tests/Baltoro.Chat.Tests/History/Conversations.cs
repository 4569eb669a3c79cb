// Random conversations as real clients have them, and as they have them on a bad day.

using CsCheck;

namespace Baltoro.Chat.Tests.History;

static class Conversations
{
    static readonly Gen<string> Words = OneOf("hello", "", "  ", "reads `a.cs`", "日本語のテキスト", "two\nlines", "😀");

    static readonly Gen<string> Ids = OneOf("a", "b", "toolu_01", "functions.Read:0", "functions.Read:1", "functions.Bash:7", "", "call 1", "toolu_b0_functions-2eRead-3a0");

    static readonly Gen<string> Names = OneOf("Read", "Bash", "my-tool.v2");

    static readonly Gen<Seal?> Seals = OneOf<Seal?>(
        null, new(null, "foreign"), new(Cards.Kimi.Origin), new(Cards.Claude.Origin, "sig"), new(Cards.Haiku.Origin, "sig"),
        new(Cards.OpenRouter.Origin, null, RawJson.Of("[]")), new(Cards.KimiMessages.Origin, "k"),
        new(Cards.Claude.Origin, "sig") { IsAbandoned = true });

    static readonly Gen<RawJson?> Marks = OneOf<RawJson?>(null, null, null, RawJson.Of("""{"type":"ephemeral"}"""), RawJson.Of("""{"type":"ephemeral","ttl":"1h"}"""));

    static readonly Gen<Block> Text = Gen.Select(Words, Marks, (text, mark) => (Block)new Block.Text(text) { CacheControl = mark });

    static readonly Gen<Block> Picture = Gen.Const<Block>(new Block.Image(new Media.Inline("image/png", "iVBORw0KGgo=")));

    static readonly Gen<Block> Thinking = Gen.Select(Words, Seals, (text, seal) => (Block)new Block.Thinking(text, seal));

    static readonly Gen<Block> Redacted = OneOf<Block>(new Block.RedactedThinking("x"), new Block.RedactedThinking("y", Cards.Claude.Origin));

    static readonly Gen<Block> Call = Gen.Select(Ids, Names, (id, name) => (Block)new Block.ToolCall(id, name, """{"path":"a"}"""));

    static readonly Gen<Block> Foreign = Gen.Const<Block>(new Block.Opaque(WireFormat.Anthropic, "server_tool_use", RawJson.Of("""{"type":"server_tool_use"}""")));

    static readonly Gen<Block> Inner = Gen.Frequency((6, Text), (1, Picture), (1, Gen.Const<Block>(new Block.ToolReference("Late"))));

    static readonly Gen<Block> Result = Gen.Select(Ids, Inner.Array[0, 3], Gen.Bool, (id, inner, error) => (Block)new Block.ToolResult(id, inner.ToSequence(), error));

    static readonly Gen<Block[]> Spoken = Gen.Frequency((6, Text), (3, Thinking), (1, Redacted), (4, Call), (1, Foreign)).Array[0, 5];

    static readonly Gen<Block[]> Heard = Gen.Frequency((5, Text), (5, Result), (1, Picture)).Array[0, 4];

    /// <summary>A user's turn, now and then with a system turn behind it, as Claude Code sends them.</summary>
    static readonly Gen<Turn[]> Asked = Gen.Select(Heard, Words, Gen.Int[0, 5], (blocks, note, kind) =>
        kind == 0 ? [Say.User(blocks), Say.System(note)] : (Turn[])[Say.User(blocks)]);

    static readonly Gen<Turn[]> Round = Gen.Select(Spoken, Asked, (spoken, asked) => (Turn[])[Say.Assistant(spoken), .. asked]);

    static readonly ToolSpec[] Tools =
    [
        Say.Tool("Read", """{"type":"object","properties":{"path":{"type":"string"}},"required":["path"]}"""),
        ((ToolSpec.Function)Say.Tool("Late")) with { Deferred = true },
        Say.Tool("my-tool.v2", """{"properties":{"any":{}}}"""),
    ];

    /// <summary>Rounds of a conversation; each prefix of them is a request that a client would send.</summary>
    public static readonly Gen<Turn[][]> Rounds = Gen.Select(Asked, Round.Array[0, 8], (first, rest) => (Turn[][])[first, .. rest]);

    /// <summary>The same where every reply said something and every user turn asks for one, as it is when a conversation grows by whole rounds.</summary>
    public static readonly Gen<Turn[][]> WholeRounds = Rounds.Select(rounds => rounds.Select(round => round.Select(turn => turn switch
    {
        Turn.System => turn,
        _ => turn with { Blocks = [.. turn.Blocks, Say.Text("so")] },
    }).ToArray()).ToArray());

    /// <summary>Rounds of one or two calls with few arguments and few results, so that many of them repeat.</summary>
    public static readonly Gen<Turn[][]> Loops = Gen.Select(
        Gen.Int[0, 3].Array[0, 8],
        Gen.Int[1, 2],
        Gen.Int[1, 9],
        Gen.Bool,
        (kinds, together, times, pictures) => (Turn[][])
        [
            [Say.User("go")],
            .. Enumerable.Repeat(kinds, times).SelectMany(each => each).Take(30).Chunk(together).Select((calls, round) => (Turn[])
            [
                Say.Assistant([.. calls.Select((kind, i) => Say.Call($"c{round}_{i}", kind < 2 ? "Read" : "Bash", kind == 0 ? """{"a":1,"b":2}""" : """{"b":2,"a":1}"""))]),
                Say.User([.. calls.Select((kind, i) => (Block)new Block.ToolResult($"c{round}_{i}", pictures && kind == 3
                    ? [new Block.Image(new Media.Inline("image/png", round % 2 == 0 ? "AAAA" : "BBBB"))]
                    : [new Block.Text($"result {kind / 2}")]))]),
            ]),
        ]);

    public static ChatRequest Request(IEnumerable<Turn[]> rounds) =>
        Say.Conversation([.. rounds.SelectMany(round => round)]) with { Tools = Tools.ToSequence(), OutputLimit = 32_000 };

    static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
