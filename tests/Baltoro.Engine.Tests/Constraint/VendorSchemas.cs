// The schemas that Moonshot's subset accepts, from its published cases: each is held to, or refused by name.

using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Engine.Constraint.Schemas;
using Json.Schema;

namespace Baltoro.Engine.Tests.Constraint;

public class VendorSchemas
{
    [Fact]
    public void Every_accepted_schema_is_held_to_or_refused_by_name()
    {
        string folder = Path.GetDirectoryName(SharedData.Find("data", "mfjs", "TestDefs.jsonl"))!;
        List<string> refused = [];
        int held = 0;
        foreach (string schema in Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Distinct())
        {
            using JsonDocument document = JsonDocument.Parse(schema);
            Grammar grammar;
            try
            {
                grammar = GrammarBuilder.Json(SampleVocabulary.Trie, document.RootElement);
            }
            catch (SchemaException e)
            {
                refused.Add($"{e.Keyword}: {schema}");
                continue;
            }
            held++;
            // Names of documents are not at issue, and some cases share one.
            JsonNode named = JsonNode.Parse(schema)!;
            (named as JsonObject)?.Remove("$id");
            JsonSchema checker = JsonSchema.FromText(named.ToJsonString());
            for (int i = 0; i < 3; i++)
            {
                byte[] text = Writing.Text(grammar, new(i), grammar.Shortest + 15 * i);
                using JsonDocument written = JsonDocument.Parse(text);
                Assert.True(checker.Evaluate(written.RootElement).IsValid, $"{schema}\n{System.Text.Encoding.UTF8.GetString(text)}");
            }
        }
        Assert.Equal(["""minLength: {"minLength":999999999999,"type":"string"}"""], refused);
        Assert.Equal(188, held);
    }
}
