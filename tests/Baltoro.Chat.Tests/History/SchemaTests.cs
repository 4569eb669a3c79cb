// Tool schemas: what each vendor refuses, and what becomes of it.

using System.Text.Json;
using Baltoro.Chat.History;

namespace Baltoro.Chat.Tests.History;

public class SchemaTests
{
    static string Moonshot(string schema) => ToolSchemas.Sanitise(RawJson.Of(schema), SchemaDialect.Moonshot).ToString();

    static string Any(string schema) => ToolSchemas.Sanitise(RawJson.Of(schema), SchemaDialect.Any).ToString();

    [Theory] // Row 44
    [InlineData("""{"type":"object","properties":{"a":{}},"required":null}""", """{"type":"object","properties":{"a":{}}}""")]
    [InlineData("""{"type":"object"}""", """{"type":"object","properties":{}}""")]
    [InlineData("""{"type":null,"properties":null}""", """{"type":"object","properties":{}}""")]
    [InlineData("""[1]""", """{"type":"object","properties":{}}""")]
    [InlineData("""{ "type":"object", "properties":{} }""", """{ "type":"object", "properties":{} }""")]
    public void The_root_is_made_whole_and_a_whole_schema_keeps_its_bytes(string given, string sent) => Assert.Equal(sent, Any(given));

    [Theory] // Row 44
    [InlineData("""{"properties":{"a":{"enum":["x","y"]}}}""", """{"type":"object","properties":{"a":{"type":"string","enum":["x","y"]}}}""")]
    [InlineData("""{"properties":{"a":{"enum":[1,null]}}}""", """{"type":"object","properties":{"a":{"type":["integer","null"],"enum":[1,null]}}}""")]
    [InlineData("""{"properties":{"a":{"const":true}}}""", """{"type":"object","properties":{"a":{"type":"boolean","enum":[true]}}}""")]
    [InlineData("""{"properties":{"a":true}}""", """{"type":"object","properties":{"a":{"type":["string","number","integer","boolean","object","array","null"]}}}""")]
    [InlineData("""{"properties":{"a":{"type":["string","null"],"format":"uri"}}}""", """{"type":"object","properties":{"a":{"type":["string","null"]}}}""")]
    [InlineData("""{"properties":{"a":{"type":"string","anyOf":[{"minLength":1},{"type":"null"}]}}}""", """{"type":"object","properties":{"a":{"anyOf":[{"type":"string","minLength":1},{"type":"null"}]}}}""")]
    [InlineData("""{"properties":{"a":{"oneOf":[{"type":"string"},{"type":"number"}],"description":"d"}}}""", """{"type":"object","properties":{"a":{"description":"d","anyOf":[{"type":"string"},{"type":"number"}]}}}""")]
    [InlineData("""{"type":"object","properties":{"a":{"type":"string"}},"anyOf":[{"required":["a"]},{"properties":{"b":{"type":"number"}}}]}""", """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}}}""")]
    [InlineData("""{"allOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"number"}},"required":["b","ghost"]}]}""", """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"number"}},"required":["a","b"]}""")]
    [InlineData("""{"properties":{"a":{"$ref":"#/$defs/A"}},"$defs":{"A":{"type":"object","properties":{"again":{"$ref":"#/$defs/A"}}}}}""", """{"type":"object","properties":{"a":{"type":"object","properties":{"again":{"type":"object"}}}}}""")]
    [InlineData("""{"properties":{"a":{"$ref":"https://elsewhere/x"}}}""", """{"type":"object","properties":{"a":{"type":"object"}}}""")]
    [InlineData("""{"properties":{"a":{"type":"array","items":[{"type":"string"},{"type":"number"}]}}}""", """{"type":"object","properties":{"a":{"type":"array","prefixItems":[{"type":"string"},{"type":"number"}]}}}""")]
    [InlineData("""{"$schema":"x","properties":{"if":{"type":"string"}},"if":{"required":["x"]},"then":{},"not":{}}""", """{"type":"object","properties":{"if":{"type":"string"}}}""")]
    public void Moonshot_gets_its_subset(string given, string sent) => Assert.Equal(sent, Moonshot(given));

    [Fact]
    public void A_nest_of_references_that_doubles_at_each_level_stays_bounded()
    {
        string defs = string.Join(',', Enumerable.Range(0, 40).Select(i => $$$"""
            "D{{{i}}}":{"type":"object","properties":{"l":{"$ref":"#/$defs/D{{{i + 1}}}"},"r":{"$ref":"#/$defs/D{{{i + 1}}}"} } }
            """));
        Assert.InRange(Moonshot($$$"""{"properties":{"a":{"$ref":"#/$defs/D0"}},"$defs":{ {{{defs}}} }}""").Length, 1, 8_000_000);
    }

    public static TheoryData<string> PublishedCases()
    {
        TheoryData<string> cases = [];
        foreach (string file in SharedData.Files("data/mfjs", "*.jsonl"))
            foreach (string line in File.ReadLines(file).Where(line => line.Length > 0)) cases.Add(line);
        if (cases.Count == 0) cases.Add("");
        return cases;
    }

    [Theory, MemberData(nameof(PublishedCases))]
    public void What_the_vendor_publishes_as_valid_stays_valid_and_changes_only_once(string schema)
    {
        Assert.SkipWhen(schema.Length == 0, "the vendor's cases are not at hand");
        string given = $$$"""{"type":"object","properties":{"x":{{{schema}}}}}""";
        string once = Moonshot(given);
        Assert.Equal(once, Moonshot(once));
        using JsonDocument document = JsonDocument.Parse(once);
        AssertTyped(document.RootElement);
    }

    static void AssertTyped(JsonElement schema)
    {
        Assert.True(schema.TryGetProperty("type", out _) ^ schema.TryGetProperty("anyOf", out JsonElement branches), schema.ToString());
        if (branches.ValueKind == JsonValueKind.Array) foreach (JsonElement branch in branches.EnumerateArray()) AssertTyped(branch);
        if (schema.TryGetProperty("properties", out JsonElement properties)) foreach (JsonProperty property in properties.EnumerateObject()) AssertTyped(property.Value);
        if (schema.TryGetProperty("items", out JsonElement items)) AssertTyped(items);
    }
}
