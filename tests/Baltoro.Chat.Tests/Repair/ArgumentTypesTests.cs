// Values that came as text become what the schema says, and only then.

using Baltoro.Chat.Repair;

namespace Baltoro.Chat.Tests.Repair;

public class ArgumentTypesTests
{
    const string Definitions = """{"N":{"type":"number"},"Round":{"anyOf":[{"$ref":"#/$defs/Round"},{"$ref":"#/$defs/Round"}]}}""";

    static string? Coerced(string type, string value) =>
        ArgumentTypes.Coerce("{\"v\":" + value + "}", RawJson.Of("{\"type\":\"object\",\"properties\":{\"v\":" + type + "},\"$defs\":" + Definitions + "}"));

    [Theory]
    [InlineData("""{"type":"number"}""", "\"3.50\"", "3.50")]
    [InlineData("""{"type":"number"}""", "\"-1e3\"", "-1e3")]
    [InlineData("""{"type":"integer"}""", "\"12345678901234567890\"", "12345678901234567890")]
    [InlineData("""{"type":"integer"}""", "\"5.0\"", "5.0")]
    [InlineData("""{"type":"boolean"}""", "\"true\"", "true")]
    [InlineData("""{"type":"boolean"}""", "\"false\"", "false")]
    [InlineData("""{"type":["integer","null"]}""", "\"4\"", "4")]
    [InlineData("""{"anyOf":[{"type":"integer"},{"type":"null"}]}""", "\"4\"", "4")]
    [InlineData("""{"$ref":"#/$defs/N"}""", "\"4\"", "4")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/N"}]}""", "\"4\"", "4")]
    [InlineData("""{"enum":[1,2]}""", "\"2\"", "2")]
    [InlineData("""{"type":"array","items":{"type":"number"}}""", "\"[1, 2]\"", "[1,2]")]
    [InlineData("""{"type":"array","items":{"type":"number"}}""", """["1",2,"x"]""", """[1,2,"x"]""")]
    [InlineData("""{"type":"array","items":{"type":"object","properties":{"n":{"type":"integer"}}}}""", """ "[{\"n\":\"1\"}]" """, """[{"n":1}]""")]
    [InlineData("""{"type":"object"}""", """ " {\"a\": \"1\"}\n" """, """{"a":"1"}""")]
    [InlineData("""{"type":"object","additionalProperties":{"type":"boolean"}}""", """{"x":"true"}""", """{"x":true}""")]
    [InlineData("""{"type":"object","properties":{"in":{"$ref":"#/$defs/N"}}}""", """{"in":"1","other":"1"}""", """{"in":1,"other":"1"}""")]
    [InlineData("""{"anyOf":[{"type":"object","properties":{"n":{"type":"integer"}}},{"type":"null"}]}""", """{"n":"1"}""", """{"n":1}""")]
    public void A_text_becomes_what_it_says_where_the_schema_takes_that_and_not_the_text(string type, string written, string read) =>
        Assert.Equal($$"""{"v":{{read}}}""", Coerced(type, written));

    [Theory]
    [InlineData("""{"type":"string"}""", "5")]
    [InlineData("""{"type":"string"}""", "\"5\"")]
    [InlineData("""{"type":"string"}""", "true")]
    [InlineData("""{"type":"string"}""", """{"a":1}""")]
    [InlineData("""{"type":["string","number"]}""", "\"5\"")]
    [InlineData("""{"anyOf":[{"type":"number"},{"type":"string"}]}""", "\"5\"")]
    [InlineData("""{"type":"integer"}""", "\"5.5\"")]
    [InlineData("""{"type":"integer"}""", "\"007\"")]
    [InlineData("""{"type":"integer"}""", "\" 5\"")]
    [InlineData("""{"type":"integer"}""", "\"five\"")]
    [InlineData("""{"type":"integer"}""", "\"\"")]
    [InlineData("""{"type":"number"}""", "\"NaN\"")]
    [InlineData("""{"type":"boolean"}""", "\"True\"")]
    [InlineData("""{"type":"boolean"}""", "\"1\"")]
    [InlineData("""{"type":"array"}""", """ "{\"a\":1}" """)]
    [InlineData("""{"type":"array"}""", "\"[1,\"")]
    [InlineData("""{"enum":["1","2"]}""", "\"1\"")]
    [InlineData("""{"type":"number","enum":[3]}""", "\"4\"")]
    [InlineData("true", "\"4\"")]
    [InlineData("{}", "\"4\"")]
    [InlineData("""{"type":"decimal"}""", "\"4\"")]
    [InlineData("""{"$ref":"#/$defs/Gone"}""", "\"4\"")]
    [InlineData("""{"$ref":"https://elsewhere.test/n"}""", "\"4\"")]
    [InlineData("""{"$ref":"#/$defs/Round"}""", "\"4\"")]
    [InlineData("""{"$ref":"#/$defs/Round"}""", """{"a":"4"}""")]
    [InlineData("""{"anyOf":[{"type":"object","properties":{"n":{"type":"integer"}}},{"type":"object","properties":{"n":{"type":"string"}}}]}""", """{"n":"1"}""")]
    [InlineData("""{"anyOf":[{"type":"object","properties":{"n":{"type":"integer"}}},{"type":"object"}]}""", """{"n":"1"}""")]
    public void Anything_else_stays_as_the_model_wrote_it(string type, string written) => Assert.Null(Coerced(type, written));

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("""{"properties":[]}""")]
    [InlineData("""{"type":5,"properties":{"v":{"type":{}}}}""")]
    public void A_schema_that_makes_no_sense_changes_nothing(string schema) => Assert.Null(ArgumentTypes.Coerce("""{"v":"1"}""", RawJson.Of(schema)));

    [Fact]
    public void Half_a_character_is_no_ground_for_a_change() => Assert.Null(Coerced("""{"type":"number"}""", "\"\\ud83d\""));
}
