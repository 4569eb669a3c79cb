// Random conversations, replies and wires for the properties of this format.

using System.Text;
using CsCheck;

namespace Baltoro.Chat.Tests.OpenAI;

static class Gens
{
    /// <summary>One of these values.</summary>
    public static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(pick => values[pick]);
}

static class Generators
{
    static readonly string[] Snippets = ["a", "Read", " the", "\n", "\"", "\\", "é", "你好", "😀", "</think>", "<|tool_call_begin|>", "{}", "\u2028", "\t", "0"];

    /// <summary>Texts that begin with a word, with everything in them that is hard to carry.</summary>
    public static readonly Gen<string> Words = Gen.Int[0, Snippets.Length - 1].Array[0, 6].Select(picks => "x" + string.Concat(picks.Select(pick => Snippets[pick])));

    static readonly Gen<string?> Maybe = Gen.Select(Words, Gen.Bool, (words, present) => present ? words : null);

    public static readonly Gen<string> Name = Gen.Char["abcdefghijklmnopqrstuvwxyz_"].Array[1, 8].Select(letters => new string(letters));

    static readonly Gen<string> Arguments = Words.Select(text => $$"""{"a": "{{System.Text.Json.JsonEncodedText.Encode(text)}}"}""");

    static readonly Gen<RawJson?> Marker = Gens.One<RawJson?>(null, null, RawJson.Of("""{"type":"ephemeral"}"""));

    static readonly Gen<Block> Text = Gen.Select(Words, Marker, (text, marker) => (Block)new Block.Text(text) { CacheControl = marker });

    static readonly Gen<Block> UserPart = Gen.Frequency((4, Text),
        (1, Words.Select(text => (Block)new Block.Image(new Media.Inline("image/png", Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))))),
        (1, Gen.Const((Block)new Block.Image(new Media.Link("https://example.org/a.png")) { Extra = new(WireFormat.OpenAI, [new("image_url", RawJson.Of("""{"detail":"low"}"""))]) })),
        (1, Gen.Const((Block)new Block.Opaque(WireFormat.OpenAI, "input_audio", RawJson.Of("""{"type":"input_audio","input_audio":{}}""")))));

    static readonly Gen<Block?> Thinking = Gen.OneOf(
        Gen.Const((Block?)null),
        Words.Select(text => (Block?)new Block.Thinking(text)),
        Words.Select(text => (Block?)new Block.Thinking(text, new(null, null, RawJson.Of($$"""[{"type":"reasoning.text","text":"{{System.Text.Json.JsonEncodedText.Encode(text)}}"}]""")))));

    /// <summary>What an assistant says, and the results of what it calls.</summary>
    static readonly Gen<Turn[]> Step = Gen.Select(Thinking, Words, Gen.Select(Name, Arguments, Words).Array[0, 3], Gen.Int[0, 99], (thinking, text, calls, id) =>
    {
        Block[] called = [.. calls.Select((call, i) => new Block.ToolCall($"functions.{call.Item1}:{id + i}", call.Item1, call.Item2))];
        Turn assistant = new Turn.Assistant([.. thinking is null ? Array.Empty<Block>() : [thinking], new Block.Text(text), .. called]);
        if (called.Length == 0) return [assistant, new Turn.User([new Block.Text("go on")])];
        return new[] { assistant, new Turn.User([.. calls.Select((call, i) => (Block)new Block.ToolResult($"functions.{call.Item1}:{id + i}", [new Block.Text(call.Item3)]))]) };
    });

    static readonly Gen<Turn[]> Said = Gen.OneOf(
        UserPart.Array[1, 3].Select(parts => new Turn[] { new Turn.User([.. parts]) }),
        Words.Select(text => new Turn[] { new Turn.User([new Block.Text("hm")]), new Turn.System([new Block.Text(text)]) }),
        Step, Step);

    public static readonly Gen<Sequence<Turn>> Turns = Said.Array[0, 5].Select(steps => (Sequence<Turn>)[new Turn.User([new Block.Text("Hi")]), .. steps.SelectMany(step => step)]);

    static readonly Gen<ToolSpec> Tool = Gen.Select(Name, Words, Gens.One<bool?>(null, true, false), Marker, (name, description, strict, marker) =>
        (ToolSpec)new ToolSpec.Function(name, description, RawJson.Of("""{ "type":"object", "properties":{"a":{"type":"string"}} }""")) { Strict = strict, CacheControl = marker });

    static readonly Gen<ToolChoice?> Choice = Gens.One<ToolChoice?>(
        null, new ToolChoice.Auto(), new ToolChoice.None(), new ToolChoice.Required(), new ToolChoice.Named("Read"), new ToolChoice.Auto { OneAtATime = true }, new ToolChoice.Required { OneAtATime = true });

    static readonly Gen<ThinkingControl> Control = Gens.One<ThinkingControl>(
        new(), new() { Mode = ThinkingMode.On }, new() { Mode = ThinkingMode.Off }, new() { Mode = ThinkingMode.On, Budget = 1000 }, new() { Mode = ThinkingMode.On, Effort = Effort.High },
        new() { Mode = ThinkingMode.Off, Effort = Effort.None }, new() { Mode = ThinkingMode.On, Effort = Effort.Low, Extra = new(WireFormat.OpenAI, [new("exclude", RawJson.Of("true"))]) });

    static readonly Gen<Sampling> Sampled = Gen.Select(Gen.Double[0, 2].Nullable(), Gen.Int[1, 50].Nullable(), Gen.Long.Nullable(), (temperature, topK, seed) =>
        new Sampling { Temperature = temperature, TopK = topK, Seed = seed, TopP = temperature / 2, MinP = temperature / 3, RepetitionPenalty = temperature, PresencePenalty = temperature });

    static readonly Gen<ResponseFormat?> Format = Gens.One<ResponseFormat?>(null, new ResponseFormat.Json(), new ResponseFormat.JsonSchema("x", RawJson.Of("{ }"), true), new ResponseFormat.JsonSchema("y", RawJson.Of("{}")));

    /// <summary>Requests in the form that reading gives them, within what OpenRouter's dialect can say.</summary>
    public static readonly Gen<ChatRequest> Requests = Gen.Select(
        Gen.Select(Text.Array[0, 2], Turns, Tool.Array[0, 3], Choice), Gen.Select(Control, Sampled, Format), Gen.Select(Gen.Int[1, 99_999].Nullable(), Words.Array[0, 2], Gen.Bool),
        (talk, control, rest) => new ChatRequest
        {
            Model = "OpenRouter-model",
            System = [.. talk.Item1],
            Turns = talk.Item2,
            Tools = [.. talk.Item3],
            ToolChoice = talk.Item3.Length == 0 ? null : talk.Item4,
            Thinking = control.Item1,
            Sampling = control.Item2,
            ResponseFormat = control.Item3,
            OutputLimit = rest.Item1,
            StopSequences = [.. rest.Item2],
            User = rest.Item3 ? "u" : null,
            Extra = rest.Item3 ? new(WireFormat.OpenAI, [new("provider", RawJson.Of("""{"order":["a"]}"""))]) : null,
        });

    /// <summary>Replies in the form that reading gives them; thinking without seals.</summary>
    public static readonly Gen<(Block[] Blocks, Usage Usage, StopReason Reason)> Replies = Gen.Select(
        Maybe, Maybe, Gen.Select(Name, Arguments).Array[0, 3], Gen.Int[0, 500].Array[5], Gens.One(StopReason.EndTurn, StopReason.OutputLimit, StopReason.Refusal),
        (thinking, text, calls, counts, reason) =>
        {
            Block[] blocks =
            [
                .. thinking is null ? Array.Empty<Block>() : [new Block.Thinking(thinking)],
                .. text is null ? Array.Empty<Block>() : [new Block.Text(text)],
                .. calls.Select((call, i) => new Block.ToolCall($"functions.{call.Item1}:{i}", call.Item1, call.Item2)),
            ];
            Usage usage = new() { Input = counts[0], CacheRead = counts[1], CacheWrite = counts[2], Output = counts[3] + counts[4], Reasoning = counts[4] };
            return (blocks, usage, calls.Length > 0 ? StopReason.ToolUse : reason);
        });

    static readonly string[] Deltas =
    [
        "{}", """{"role":"assistant","content":""}""", """{"content":"a"}""", """{"content":"\n"}""", """{"content":" 你😀"}""", """{"reasoning_content":"think"}""",
        """{"reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm","index":0}]}""", """{"reasoning_details":[{"type":"reasoning.encrypted","data":"x","index":1}]}""",
        """{"tool_calls":[{"index":0,"id":"a","function":{"name":"Read","arguments":"{\"a"}}]}""", """{"tool_calls":[{"index":0,"function":{"arguments":"\":1}"}}]}""",
        """{"tool_calls":[{"index":1,"id":"b","function":{"name":"Grep","arguments":"{}"}}]}""", """{"tool_calls":[{"function":{"name":"Read"}}]}""", """{"refusal":"no"}""",
        """{"content":[{"type":"text","text":"p"}]}""", """{"content":5,"tool_calls":{},"reasoning":[],"reasoning_details":"x"}""",
    ];

    /// <summary>The data of a stream's events, in any order that a server might think of.</summary>
    public static readonly Gen<string[]> Streams = Gen.OneOf(
        Gen.Int[0, Deltas.Length - 1].Select(pick => $$"""{"id":"r1","model":"m","choices":[{"index":0,"delta":{{Deltas[pick]}},"finish_reason":null}]}"""),
        Gen.Int[0, Deltas.Length - 1].Select(pick => $$"""{"id":"r1","model":"m","choices":[{"index":0,"delta":{{Deltas[pick]}},"finish_reason":null}]}"""),
        Gen.Int[0, Deltas.Length - 1].Select(pick => $$"""{"id":"r1","model":"m","choices":[{"index":0,"delta":{{Deltas[pick]}},"finish_reason":null}]}"""),
        Gen.Int[0, Deltas.Length - 1].Select(pick => $$"""{"id":"r1","model":"m","choices":[{"index":0,"delta":{{Deltas[pick]}},"finish_reason":null}]}"""),
        Gens.One(
            """{"choices":[]}""", """{"choices":[{"delta":{},"finish_reason":"stop"}]}""", """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}""",
            """{"choices":[{"delta":{"content":"z"},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":1}}""")).Array[0, 12]
        .SelectMany(chunks => Gens.One<string[]>(["[DONE]"], [], ["""{"error":{"message":"no"}}"""], ["""{"choices":[{"delta":{},"finish_reason":"stop"}]}""", "[DONE]"]), (chunks, end) => (string[])[.. chunks, .. end]);
}
