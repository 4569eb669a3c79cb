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
