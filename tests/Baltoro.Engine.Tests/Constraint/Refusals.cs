// What cannot be held to is refused by name and place, never passed over.

using System.Text.Json;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Engine.Constraint.Schemas;

namespace Baltoro.Engine.Tests.Constraint;

public class Refusals
{
    [Theory]
    [InlineData("""{"properties":{"a":{"not":{"type":"string"}}}}""", "/properties/a", "not")]
    [InlineData("""{"type":"array","contains":{"type":"string"}}""", "", "contains")]
    [InlineData("""{"type":"string","pattern":"a(?=b)"}""", "", "pattern")]
    [InlineData("""{"type":"string","pattern":"(a)\\1"}""", "", "pattern")]
    [InlineData("""{"type":"string","pattern":"a\\b"}""", "", "pattern")]
    [InlineData("""{"type":"string","pattern":"[b-a]"}""", "", "pattern")]
    [InlineData("""{"type":"string","pattern":"(a{1000}){1000}"}""", "", "pattern")]
    [InlineData("""{"type":"string","minLength":999999999999}""", "", "minLength")]
    [InlineData("""{"type":"string","minLength":-1}""", "", "minLength")]
    [InlineData("""{"type":"array","minItems":2000000}""", "", "minItems")]
    [InlineData("""{"type":"integer","multipleOf":123456}""", "", "multipleOf")]
    [InlineData("""{"type":"integer","multipleOf":0}""", "", "multipleOf")]
    [InlineData("""{"type":"str"}""", "", "type")]
    [InlineData("""{"type":5}""", "", "type")]
    [InlineData("""{"properties":[]}""", "", "properties")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "", "$ref")]
    [InlineData("""{"$ref":"http://elsewhere/x"}""", "", "$ref")]
    [InlineData("""{"oneOf":[{"type":"number"},{"type":"integer"}]}""", "", "oneOf")]
    [InlineData("""{"anyOf":[]}""", "", "anyOf")]
    [InlineData("""{"properties":{"a":{"$dynamicRef":"#x"}},"required":["a"]}""", "/properties/a", "$dynamicRef")]
    [InlineData("""{"$ref":null}""", "", "$ref")]
    [InlineData("""{"type":"string","pattern":null}""", "", "pattern")]
    [InlineData("""{"properties":{"a":{}},"required":true}""", "", "required")]
    [InlineData("""{"properties":{"a":{}},"required":[null]}""", "", "required")]
    [InlineData("""{"minimum":5,"exclusiveMinimum":"yes"}""", "", "exclusiveMinimum")]
    [InlineData("""{"enum":[1,1e500]}""", "", "enum")]
    [InlineData("""{"enum":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"],"pattern":"^(a+)+$"}""", "", null)]
    [InlineData("""{"enum":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!"],"pattern":"^(?=(a+)+$)"}""", "", "pattern")]
    [InlineData("""{"properties":{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!":{}},"patternProperties":{"^(?=(a+)+$)":{}}}""", "", "patternProperties")]
    [InlineData("""{"enum":["a"],"pattern":"[b-a]"}""", "", "pattern")]
    [InlineData("""{"$ref":"#"}""", "", null)]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""", "", null)]
    [InlineData("""{"allOf":[{"type":"string"},{"type":"number"}]}""", "", null)]
    [InlineData("""{"type":"integer","minimum":3,"maximum":2}""", "", null)]
    [InlineData("""{"enum":["a"],"type":"number"}""", "", null)]
    [InlineData("""{"type":"string","maxLength":1,"minLength":2}""", "", null)]
    [InlineData("false", "", null)]
    [InlineData("5", "", null)]
    public void A_schema_that_cannot_be_held_to_is_refused_by_name(string schema, string pointer, string? keyword)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        SchemaException refusal = Assert.Throws<SchemaException>(() => GrammarBuilder.Json(SampleVocabulary.Trie, document.RootElement));
        Assert.Equal((pointer, keyword), (refusal.Pointer, refusal.Keyword));
    }

    public static TheoryData<string, string, string?> Hostile => new()
    {
        { WithPattern(Groups(100_000, ")")), "", "pattern" },
        { WithPattern(Groups(101, ")")), "", "pattern" },
        { WithPattern(Groups(60, ")*")), "", "pattern" },
        { WithPattern("^(a?){5000}$"), "", "pattern" },
        { $$"""{"enum":["a"],"pattern":"{{Groups(100_000, ")")}}"}""", "", "pattern" },
        { $$$"""{"patternProperties":{"{{{Groups(100_000, ")")}}}":true}}""", "", "patternProperties" },
        // Objects that must be in each other deeper than any reader goes; and more kinds of them than anybody needs.
        { Chain(100, next => $$$"""{"properties":{"a":{{{next}}}},"type":"object","required":["a"]}"""), "", null },
        { Chain(12_000, next => $$$"""{"type":"object","properties":{"a":{{{next}}}}}"""), "/$defs/d9999/properties/a", null },
        // Thirty choices of two, and no value behind any.
        { $$"""{"allOf":[false,{{string.Join(',', Enumerable.Repeat(Either, 30))}}]}""", "/allOf/4", null },
    };

    const string Either = """{"anyOf":[{},{}]}""";

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void A_schema_that_would_overwhelm_its_reader_is_refused_by_name(string schema, string pointer, string? keyword)
    {
        SchemaException refusal = Assert.Throws<SchemaException>(() => OnSmallStack(schema));
        Assert.Equal((pointer, keyword), (refusal.Pointer, refusal.Keyword));
        Assert.InRange(refusal.Message.Length, 1, 1000);
    }

    public static TheoryData<string> Deep =>
    [
        Chain(20_000, next => next),
        Chain(20_000, next => $$"""{"anyOf":[{{next}},false]}"""),
        Chain(8000, next => $$$"""{"type":"object","properties":{"a":{{{next}}}}}"""),
        WithPattern(Groups(100, ")")),
        // What tells the two apart stands behind a member that has them again.
        """{"$defs":{"n":{"oneOf":[{"type":"null"},{"type":"object","properties":{"l":{"$ref":"#/$defs/n"},"k":{"const":"a"}},"required":["l","k"]},{"type":"object","properties":{"l":{"$ref":"#/$defs/n"},"k":{"const":"b"}},"required":["l","k"]}]}},"$ref":"#/$defs/n"}""",
        """{"properties":{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!":{"type":"null"}},"patternProperties":{"^(a+)+$":{"type":"integer"}}}""",
        """{"enum":["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!","aa"],"pattern":"^(a+)+$"}""",
    ];

    [Theory]
    [MemberData(nameof(Deep), DisableDiscoveryEnumeration = true)]
    public void No_schema_is_too_deep_for_the_stack(string schema) => Assert.InRange(OnSmallStack(schema).Shortest, 1, 10);

    static string WithPattern(string pattern) => $$"""{"type":"string","pattern":"{{pattern}}"}""";

    /// <summary>Groups inside each other.</summary>
    static string Groups(int depth, string end) => $"{new string('(', depth)}a{string.Concat(Enumerable.Repeat(end, depth))}";

    /// <summary>Each definition is made of the next one; the last one is a string.</summary>
    static string Chain(int length, Func<string, string> link)
    {
        IEnumerable<string> definitions = Enumerable.Range(0, length).Select(i => $$"""
            "d{{i}}":{{link($$"""{"$ref":"#/$defs/d{{i + 1}}"}""")}},
            """);
        return $$$"""{"$ref":"#/$defs/d0","$defs":{{{{string.Concat(definitions)}}}"d{{{length}}}":{"type":"string"} } }""";
    }

    static Grammar OnSmallStack(string schema)
    {
        Grammar? grammar = null;
        Exception? thrown = null;
        Thread thread = new(() =>
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(schema);
                grammar = GrammarBuilder.Json(SampleVocabulary.Trie, document.RootElement);
            }
            catch (SchemaException e)
            {
                thrown = e;
            }
        }, 256 << 10);
        thread.Start();
        thread.Join();
        return grammar ?? throw thrown!;
    }

    [Fact]
    public void A_refusal_says_what_where_and_why()
    {
        using JsonDocument document = JsonDocument.Parse("""{"properties":{"a/b":{"type":"string","pattern":"a\\b"}}}""");
        Assert.Equal("The JSON schema at \"/properties/a~1b\", keyword `pattern`, cannot be held to: `a\\b` has a `\\b` (at 3).",
            Assert.Throws<SchemaException>(() => GrammarBuilder.Json(SampleVocabulary.Trie, document.RootElement)).Message);
    }

    [Fact]
    public void A_vocabulary_without_every_byte_is_refused() => Assert.Equal("The vocabulary has no token for the byte 0x41 alone; one for each byte was expected. (Parameter 'texts')",
        Assert.Throws<ArgumentException>(() => new Engine.Constraint.TokenTrie([.. Enumerable.Range(0, 256).Select(value => value == 'A' ? (byte[])[] : [(byte)value])])).Message);
}
