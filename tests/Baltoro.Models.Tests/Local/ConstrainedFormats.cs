// Replies of a random writer under each format's grammar, read by that format: every call is one. Needs no weights.

using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Engine.Constraint.Schemas;
using Baltoro.Engine.Tokenizers;
using Baltoro.Models.Local;
using Json.Schema;

namespace Baltoro.Models.Tests.Local;

public class ConstrainedFormats
{
    static readonly ToolSpec.Function[] Tools =
    [
        new("Edit", null, RawJson.Of("""{"type":"object","properties":{"file_path":{"type":"string"},"mode":{"type":"string","enum":["plain","with \"quotes\"","regex"]},"code":{"type":"string","pattern":"^[A-Z]{2}[0-9]*$","maxLength":6},"note":{"type":"string","minLength":2,"maxLength":4},"all":{"type":"boolean"}},"required":["file_path","mode","code"],"additionalProperties":false}""")),
        new("Find", null, RawJson.Of("""{"type":"object","properties":{"limit":{"type":"integer","minimum":1,"maximum":20},"either":{"anyOf":[{"type":"null"},{"type":"string","maxLength":3}]},"tags":{"type":"array","items":{"$ref":"#/$defs/tag"},"maxItems":2}},"required":["limit"],"additionalProperties":false,"$defs":{"tag":{"type":"object","properties":{"a":{"type":"number","minimum":0,"maximum":1}},"required":["a"],"additionalProperties":false}}}""")),
    ];

    public static TheoryData<ChatFormat> Formats => [new KimiInstructFormat(), new KimiThinkingFormat(), new KimiK25Format(), new GlmFormat(), new DeepSeekFormat()];

    [Theory]
    [MemberData(nameof(Formats), DisableDiscoveryEnumeration = true)]
    public void Every_call_under_a_format_s_grammar_is_one(ChatFormat format)
    {
        ChatRequest request = Shown.Asked(Shown.User("Go on.")) with { Tools = [.. Tools], ToolChoice = new ToolChoice.Required() };
        HashSet<string> called = [];
        for (int seed = 0; seed < 60; seed++)
        {
            Reply reply = Write(format, request, seed, new Quoting(Help(""), request));
            Block.ToolCall[] calls = [.. reply.Blocks.OfType<Block.ToolCall>()];
            Assert.NotEmpty(calls);
            foreach (Block.ToolCall call in calls)
            {
                ToolSpec.Function tool = Assert.Single(Tools, tool => tool.Name == call.Name);
                using JsonDocument arguments = JsonDocument.Parse(call.Arguments);
                Assert.True(JsonSchema.FromText(Encoding.UTF8.GetString(tool.Schema.Utf8.Span)).Evaluate(arguments.RootElement).IsValid, $"{format.Name}, {seed}: {call.Arguments}");
                called.Add(call.Name);
            }
        }
        Assert.Equal(2, called.Count);
    }

    const string City = """{"properties":{"city":{"type":"string"}},"required":["city"]}""";

    /// <summary>What stands at the root of a schema, besides or instead of members.</summary>
    [Theory]
    [InlineData($$"""{"type":"object","properties":{},"allOf":[{{City}}]}""")]
    [InlineData($$$"""{"$ref":"#/$defs/a","$defs":{"a":{{{City}}}}}""")]
    [InlineData($$$"""{"type":"object","anyOf":[{{{City}}},{"properties":{"city":{"type":"integer"},"days":{"type":"integer"}},"required":["days"]}]}""")]
    [InlineData("""{"oneOf":[{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]},{"type":"null"}]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"},"c":{"type":"integer"}},"minProperties":2,"maxProperties":2}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string"}},"required":["a"],"dependentRequired":{"a":["b"]}}""")]
    [InlineData("""{"type":"object","properties":{"x_a":{"type":"integer"},"b":{}},"required":["x_a"],"patternProperties":{"^x_":{"minimum":5}}}""")]
    [InlineData("""{"type":"object","properties":{"x_a":{"type":"integer"},"b":{"type":"string"}},"propertyNames":{"pattern":"^x_"}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"enum":["x","y"]},"b":{"type":"string"}},"required":["a"],"if":{"properties":{"a":{"const":"x"}}},"then":{"required":["b"]}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":["string"]},"b":{"type":["string","null"]},"c":{"type":["string"],"enum":["12","null"]}},"required":["a","b","c"]}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"required":["a","b"],"additionalProperties":{"type":"string"}}""")]
    [InlineData("""{"enum":[{"a":"12","b":[1]},{"a":3},7],"type":"object","properties":{"a":{"type":"string"}}}""")]
    [InlineData("""{"type":"object","properties":{"":{"type":"integer"}},"required":[""]}""")]
    [InlineData("{}")]
    public void Calls_in_pairs_satisfy_whatever_their_schema_says(string schema)
    {
        ToolSpec.Function tool = new("Odd", null, RawJson.Of(schema));
        ChatRequest request = Shown.Asked(Shown.User("Go on.")) with { Tools = [tool], ToolChoice = new ToolChoice.Named("Odd") { OneAtATime = true } };
        JsonSchema checker = JsonSchema.FromText(schema);
        for (int seed = 0; seed < 60; seed++)
        {
            string written = Assert.Single(Write(new GlmFormat(), request, seed, new Quoting(Help(""), request)).Blocks.OfType<Block.ToolCall>()).Arguments;
            using JsonDocument arguments = JsonDocument.Parse(written);
            Assert.True(checker.Evaluate(arguments.RootElement).IsValid, written);
        }
    }

    [Theory]
    [InlineData("""{"properties":{"a":{"type":"string"}},"required":true}""", "", "required")]
    [InlineData("""{"properties":{"a":{"type":"string"}},"not":{}}""", "", "not")]
    [InlineData("""{"properties":{"a":{"type":"string"}},"allOf":[{"dependentSchemas":{}}]}""", "/allOf/0", "dependentSchemas")]
    [InlineData("""{"properties":{" a":{"type":"string"}}}""", "", "properties")]
    [InlineData("5", "", null)]
    public void What_calls_in_pairs_cannot_be_held_to_is_refused_by_name(string schema, string pointer, string? keyword)
    {
        ChatRequest request = Shown.Asked(Shown.User("Go on.")) with { Tools = [new ToolSpec.Function("Odd", null, RawJson.Of(schema))] };
        SchemaException refusal = Assert.Throws<SchemaException>(() => Write(new GlmFormat(), request, 0, new Quoting(Help(""), request)));
        Assert.Equal(($"tools/Odd{pointer}", keyword), (refusal.Pointer, refusal.Keyword));
    }

    [Fact]
    public void Quoted_arguments_are_what_the_user_said_or_a_tool_returned()
    {
        ToolSpec.Function read = new("Read", null, RawJson.Of("""{"type":"object","properties":{"file_path":{"type":"string"},"old_string":{"type":"string"}},"required":["file_path","old_string"],"additionalProperties":false}"""));
        ChatRequest request = Shown.Asked(
            new Turn.User([new Block.Text("Begin with plan.md.")]), new Turn.Assistant([new Block.Text("own words"), new Block.ToolCall("functions.Read:0", "Read", "{}")]),
            new Turn.User([new Block.ToolResult("functions.Read:0", [new Block.Text("1\tif (x)\n2\t  y();")])])) with { Tools = [read], ToolChoice = new ToolChoice.Named("Read") { OneAtATime = true } };
        HashSet<string> files = [], passages = [];
        for (int seed = 0; seed < 200; seed++)
        {
            Reply reply = Write(new KimiThinkingFormat(), request, seed, new(Help("Read.file_path Read.old_string:passage"), request));
            using JsonDocument arguments = JsonDocument.Parse(Assert.Single(reply.Blocks.OfType<Block.ToolCall>()).Arguments);
            files.Add(arguments.RootElement.GetProperty("file_path").GetString()!);
            passages.Add(arguments.RootElement.GetProperty("old_string").GetString()!);
        }
        Assert.Equal(["Begin", "if", "plan.md", "with", "x", "y"], files.Order(StringComparer.Ordinal));
        Assert.All(passages, passage => Assert.True("Begin with plan.md.|if (x)\n  y();".Contains(passage, StringComparison.Ordinal), passage));
    }

    static LocalHelp Help(string quoted) => new(true, Quoting.Parse(quoted), []);

    [Theory]
    [InlineData("Read.file_path:thought", "look at src/a.md and *.md, not at that", "src/a.md", "")]
    [InlineData("Read.file_path:thought", "look there", "plan.md", "")]
    [InlineData("Read.file_path:named", "look at src/a.md: x", "plan.md src/a.md", "")]
    [InlineData("Read.file_path:asked", "look at src/a.md", "plan.md", "")]
    [InlineData("Read.offset:thought Read.file_path:asked", "go on with offset 17, 3 times, not a4 or 1.5", "plan.md", "17 3")]
    public void Arguments_behind_a_thought_are_what_was_thought_of(string quoted, string thought, string files, string offsets)
    {
        ToolSpec.Function read = new("Read", null, RawJson.Of("""{"type":"object","properties":{"file_path":{"type":"string"},"offset":{"type":"integer"}},"required":["file_path"],"additionalProperties":false}"""));
        ChatRequest request = Shown.Asked(Shown.User("Begin with plan.md.")) with { Tools = [read], ToolChoice = new ToolChoice.Named("Read") { OneAtATime = true } };
        HashSet<string> paths = [], numbers = [];
        for (int seed = 0; seed < 100; seed++)
        {
            using JsonDocument arguments = JsonDocument.Parse(Assert.Single(Write(new KimiThinkingFormat(), request, seed, new(Help(quoted), request, thought)).Blocks.OfType<Block.ToolCall>()).Arguments);
            paths.Add(arguments.RootElement.GetProperty("file_path").GetString()!);
            if (arguments.RootElement.TryGetProperty("offset", out JsonElement offset)) numbers.Add(offset.GetRawText());
        }
        Assert.Equal(files, string.Join(' ', paths.Order(StringComparer.Ordinal)));
        if (quoted.Contains("offset", StringComparison.Ordinal)) Assert.Equal(offsets, string.Join(' ', numbers.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_thought_comes_first_in_one_of_the_forms_and_the_call_behind_it_is_held_to_it()
    {
        KimiThinkingFormat format = new();
        ToolSpec.Function read = new("Read", null, RawJson.Of("""{"type":"object","properties":{"file_path":{"type":"string"}},"required":["file_path"],"additionalProperties":false}"""));
        ChatRequest request = Shown.Asked(new Turn.User([new Block.Text("Begin with plan.md.")]), new Turn.Assistant([new Block.ToolCall("functions.Read:0", "Read", "{}")]),
            new Turn.User([new Block.ToolResult("functions.Read:0", [new Block.Text("1\tnot a.md\n2\tnext: b.md")])])) with { Tools = [read], ToolChoice = new ToolChoice.Named("Read") { OneAtATime = true } };
        LocalHelp help = new(true, Quoting.Parse("Read.file_path:thought"), ThoughtForms.Parse("""{"next {path:@ path}":{"Read":{"file_path":"{path}"}},"done":{}}"""));
        Tokenizer tokenizer = Vocabulary(format);
        Grammar thought = ReplyGrammar.OfThought(Trie(format), tokenizer, format, thinks: false, new(help, request))!;
        ThoughtConstraint constraint = new(thought, tokenizer, said => new(ReplyGrammar.OfAnswer(Trie(format), tokenizer, format, request, false, new(help, request, said)), [tokenizer.Count - 1]));
        Assert.Equal(["<think>"], Possible());
        Say("<think>");
        Assert.Equal(["d", "n"], Possible());
        foreach (char letter in "next 2\tnext: @ b.md") Say($"{letter}");
        Assert.Equal(["</think>"], Possible());
        foreach (string next in (string[])["</think>", "<|tool_calls_section_begin|>", "<|tool_call_begin|>"]) Say(next);
        foreach (char letter in "functions.Read:1") Say($"{letter}");
        Say("<|tool_call_argument_begin|>");
        foreach (char letter in "{\"file_path\":\"b.md\"}")
        {
            Assert.Equal([$"{letter}"], Possible());
            Say($"{letter}");
        }

        string[] Possible()
        {
            float[] logits = new float[tokenizer.Count];
            constraint.Restrict(logits, 200);
            return [.. Enumerable.Range(0, logits.Length).Where(token => logits[token] == 0).Select(Name)];
        }

        string Name(int token) => tokenizer.IsControl(token) ? tokenizer.Name(token) : Encoding.UTF8.GetString(tokenizer.Bytes(token));

        void Say(string text)
        {
            Assert.Contains(text, Possible());
            Assert.True(constraint.Accept(Enumerable.Range(0, tokenizer.Count).First(token => Name(token) == text)));
        }
    }

    [Theory]
    [InlineData("Read.file_path Edit.old_string:passage Grep.offset:thought", null)]
    [InlineData("file_path", "\"file_path\" is no TOOL.ARGUMENT")]
    [InlineData("Read.file_path:line", "\"line\" is none of word, passage, said, asked, thought, named")]
    public void What_is_quoted_is_declared_by_tool_and_argument(string declared, string? problem)
    {
        if (problem is null) Assert.Equal("Edit.old_string Passage, Grep.offset Thought, Read.file_path Word", string.Join(", ", Quoting.Parse(declared).Select(one => $"{one.Key} {one.Value}").Order(StringComparer.Ordinal)));
        else Assert.Equal(problem, Assert.Throws<FormatException>(() => Quoting.Parse(declared)).Message);
    }

    /// <summary>A reply whose every token is as likely as any other that may come.</summary>
    static Reply Write(ChatFormat format, ChatRequest request, int seed, Quoting quoting)
    {
        Tokenizer tokenizer = Vocabulary(format);
        ReplyReading reading = format.Read(request);
        Grammar grammar = ReplyGrammar.Of(Trie(format), tokenizer, format, request, reading.IsThinking, quoting);
        int stop = tokenizer.Count - 1;
        GrammarConstraint constraint = new(grammar, [stop]);
        Random random = new(seed);
        TokenDecoder decoder = new(tokenizer);
        List<ReplyEvent> events = [];
        float[] logits = new float[tokenizer.Count];
        for (int left = grammar.Shortest + 5 * (seed % 60); left > 0; left--)
        {
            Array.Clear(logits);
            constraint.Restrict(logits, left);
            int[] possible = [.. Enumerable.Range(0, logits.Length).Where(token => logits[token] == 0)];
            int token = possible[random.Next(possible.Length)];
            if (token == stop) break;
            if (tokenizer.IsControl(token)) reading.Mark(tokenizer.Name(token), events);
            else reading.Text(decoder.Add(token), events);
            if (!constraint.Accept(token)) break;
        }
        reading.End(null, events);
        ReplyFold fold = new();
        fold.Add(new ReplyEvent.Started(null, "m"));
        foreach (ReplyEvent step in events) fold.Add(step);
        return fold.Result ?? throw new InvalidOperationException($"{fold.Failure}");
    }

    static readonly Dictionary<string, (Tokenizer, TokenTrie)> Known = [];

    static Tokenizer Vocabulary(ChatFormat format) => Made(format).Item1;

    static TokenTrie Trie(ChatFormat format) => Made(format).Item2;

    /// <summary>Every byte, and the control tokens of the format.</summary>
    static (Tokenizer, TokenTrie) Made(ChatFormat format)
    {
        lock (Known)
        {
            if (Known.TryGetValue(format.Name, out (Tokenizer, TokenTrie) known)) return known;
            string file = Path.GetTempFileName();
            File.WriteAllLines(file, Enumerable.Range(0, 256).Select(value => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String([(byte)value])} {value}")));
            Tokenizer tokenizer = TiktokenFile.Read(file, Splitter.Find("kimi-k2")!, _ => [.. format.ReplyMarks, "<|stop|>"]);
            File.Delete(file);
            TokenTrie trie = new([.. Enumerable.Range(0, tokenizer.Count).Select(token => tokenizer.IsControl(token) ? [] : tokenizer.Bytes(token).ToArray())]);
            return Known[format.Name] = (tokenizer, trie);
        }
    }
}
