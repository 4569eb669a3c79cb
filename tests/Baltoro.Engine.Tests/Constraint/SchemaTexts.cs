// Whatever a random model writes under a schema ends, parses and satisfies it: by a checker that shares nothing with the compiler.

using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Baltoro.Engine.Constraint.Grammars;
using Json.Schema;

namespace Baltoro.Engine.Tests.Constraint;

public class SchemaTexts
{
    /// <summary>BALTORO_SCHEMA_TRIES makes more or fewer of each.</summary>
    static readonly int Tries = int.Parse(Environment.GetEnvironmentVariable("BALTORO_SCHEMA_TRIES") ?? "1000", CultureInfo.InvariantCulture);

    static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static TheoryData<string> Names => [.. SampleSchemas.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_text_under_a_schema_satisfies_it(string name) => Check(SampleSchemas.All[name], name, JsonSpacing.None);

    [Theory]
    [InlineData("Grep")]
    [InlineData("AskUserQuestion")]
    [InlineData("declared and other members")]
    [InlineData("listed values of all kinds")]
    public void So_does_every_text_with_blanks(string name) => Check(SampleSchemas.All[name], name, JsonSpacing.Blanks);

    static void Check(string schema, string name, JsonSpacing spacing)
    {
        using JsonDocument document = JsonDocument.Parse(schema);
        Grammar grammar = GrammarBuilder.Json(SampleVocabulary.Trie, document.RootElement, spacing);
        JsonSchema checker = JsonSchema.FromText(schema);
        HashSet<string> different = [];
        for (int i = 0; i < Tries; i++)
        {
            // From just enough to plenty.
            int most = i % 5 == 0 ? grammar.Shortest : grammar.Shortest + i % 200;
            string text = Strict.GetString(Writing.Text(grammar, new Random(i), most));
            using JsonDocument written = JsonDocument.Parse(text), spread = JsonDocument.Parse(Spread(written.RootElement, schema));
            EvaluationResults results = checker.Evaluate(spread.RootElement, new() { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
            Assert.True(results.IsValid, $"{name}, try {i}: {text}\n{JsonSerializer.Serialize(results)}");
            different.Add(text);
        }
        Assert.True(different.Count > 1, $"{name}: every text was {different.First()}");
    }

    /// <summary>
    /// The checker counts what a reader takes for one character, the standard counts code points. So characters that may join others, and are not the schema's own,
    /// are replaced by one that does not.
    /// </summary>
    static string Spread(JsonElement written, string schema) => string.Concat(JsonSerializer.Serialize(written, Readable).EnumerateRunes()
        .Select(rune => rune.Value < 0x300 || schema.Contains(rune.ToString(), StringComparison.Ordinal) ? rune.ToString() : "ö"));
}
