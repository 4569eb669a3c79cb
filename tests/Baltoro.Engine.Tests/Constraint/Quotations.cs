// Strings that may only be quotations: where they begin and end, and that a random writer never leaves them.

using System.Text;
using System.Text.Json;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Engine.Tests.Constraint;

public class Quotations
{
    [Fact]
    public void A_word_is_without_blanks_and_without_the_marks_of_its_sentence() => Assert.Equal(
        [".env", "Begin", "and", "app/[id].ts", "follow", "it", "notes/plan-3.txt", "see", "to", "with", "x.y"],
        All("Begin with notes/plan-3.txt, and follow it (see \"x.y\") to 'it', .env and app/[id].ts.", SpanKind.Word));

    [Fact]
    public void A_passage_is_words_that_follow_each_other() => Assert.Equal(["a", "a b", "a b.", "b", "b."], All("a b.", SpanKind.Passage));

    [Fact]
    public void A_passage_goes_over_lines_and_may_begin_with_an_indentation() => Assert.Equal(
        ["  f(x);", "  f(x);\ng", "f(x);", "f(x);\ng"], All("  f(x);\ng", SpanKind.Passage).Where(text => text.Contains("f(x);", StringComparison.Ordinal)));

    [Fact]
    public void Quotations_never_go_from_one_text_into_another() => Assert.Equal(["a", "b"], All(["a", "b"], SpanKind.Passage));

    [Fact]
    public void Quotes_and_backslashes_are_quoted_as_JSON_has_them() => Assert.Contains("say \"C:\\new\" twice", All("say \"C:\\new\" twice", SpanKind.Passage));

    [Fact]
    public void Where_there_is_nothing_to_quote_the_string_is_free()
    {
        Spans none = new([" ", ""], SpanKind.Word);
        Assert.True(none.IsEmpty);
        Assert.Contains(Texts(none, 300), text => text.Length > 10);
    }

    /// <summary>The random writer quotes; every quotation comes.</summary>
    static string[] All(string text, SpanKind kind) => All([text], kind);

    static string[] All(string[] texts, SpanKind kind) => [.. Texts(new(texts, kind), 1000).Distinct().Order(StringComparer.Ordinal)];

    static IEnumerable<string> Texts(Spans spans, int tries)
    {
        GrammarBuilder builder = new(SampleVocabulary.Trie);
        using JsonDocument schema = JsonDocument.Parse("""{"type":"object","properties":{"file_path":{"type":"string"}},"required":["file_path"]}""");
        Grammar grammar = builder.Build(builder.Json(schema.RootElement, new Dictionary<string, Spans> { ["file_path"] = spans }));
        for (int i = 0; i < tries; i++)
        {
            using JsonDocument written = JsonDocument.Parse(Encoding.UTF8.GetString(Writing.Text(grammar, new(i), 60)));
            yield return written.RootElement.GetProperty("file_path").GetString()!;
        }
    }
}
