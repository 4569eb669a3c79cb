// What may come next: just what can be accepted, in the time that is left, at no cost to the collector.

using System.Text;
using System.Text.Json;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Grammars;
using CsCheck;

namespace Baltoro.Engine.Tests.Constraint;

public class AllowedTokens
{
    static Grammar Grammar(string name)
    {
        using JsonDocument document = JsonDocument.Parse(SampleSchemas.All[name]);
        return GrammarBuilder.Json(SampleVocabulary.Trie, document.RootElement);
    }

    [Theory]
    [InlineData("Edit")]
    [InlineData("Grep")]
    [InlineData("objects that share names")]
    [InlineData("declared and other members")]
    [InlineData("bounded lengths")]
    [InlineData("anything")]
    [InlineData("tuples")]
    public void A_token_is_allowed_just_when_it_can_be_accepted(string name)
    {
        Grammar grammar = Grammar(name);
        TokenSet allowed = new(grammar.Trie.Vocabulary);
        for (int seed = 0; seed < 4; seed++)
        {
            Random random = new(seed);
            List<int> text = [];
            for (int step = 0; step < 12; step++)
            {
                GrammarState state = After(grammar, text)!;
                if (state.MustEnd) break;
                state.Allow(allowed, 10_000);
                int[] possible = [.. Enumerable.Range(0, grammar.Trie.Vocabulary).Where(token => After(grammar, [.. text, token]) is not null)];
                Assert.Equal(possible, Enumerable.Range(0, grammar.Trie.Vocabulary).Where(token => allowed[token]));
                text.Add(possible[random.Next(possible.Length)]);
            }
        }
    }

    static GrammarState? After(Grammar grammar, List<int> text)
    {
        GrammarState state = grammar.Begin();
        try
        {
            foreach (int token in text) state.Accept(token);
            return state;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [Theory]
    [InlineData("""{"b":1,"c":2}""", true)]
    [InlineData("""{"aa":1}""", false)]
    [InlineData("""{"x":1}""", false)]
    public void A_member_that_needs_others_does_not_come_as_one_that_nobody_declared(string text, bool mayCome) =>
        Assert.Equal(mayCome, After(Grammar("members that need others, where any may come"), [.. Encoding.UTF8.GetBytes(text).Select(value => (int)value)]) is not null);

    [Fact]
    public void The_shortest_text_is_counted_in_tokens() =>
        // {"file_path":  "  "  }
        Assert.Equal(4, Grammar("Read").Shortest);

    [Fact]
    public void Where_time_is_too_short_the_way_to_the_end_is_the_fastest()
    {
        GrammarState state = Grammar("Read").Begin();
        TokenSet allowed = new(SampleVocabulary.Trie.Vocabulary);
        state.Allow(allowed, 1);
        Assert.Equal(["{\"file_path\":"], Enumerable.Range(0, SampleVocabulary.Trie.Vocabulary).Where(token => allowed[token]).Select(token => Encoding.UTF8.GetString(SampleVocabulary.Trie.Text(token))));
    }

    [Fact]
    public void Logits_that_are_restricted_are_those_of_the_definition() => Gen.Select(Gen.Int[1, 700], Gen.Int[0, 2], Gen.Int).Sample((vocabulary, fill, seed) =>
    {
        Random random = new(seed);
        TokenSet set = new(vocabulary);
        for (int token = 0; token < vocabulary; token++)
            if (fill == 0 ? random.Next(20) == 0 : fill == 1 ? random.Next(200) != 0 : (token / 64 + seed) % 2 == 0) set.Add(token);
        float[] logits = [.. Enumerable.Range(0, vocabulary + (fill == 1 ? 70 : 0)).Select(i => (float)i)], expected = [.. logits];
        set.RestrictScalar(expected);
        set.Restrict(logits);
        Assert.Equal(expected, logits);
    });

    [Theory]
    [InlineData("Edit")]
    [InlineData("TodoWrite")]
    [InlineData("bounded lengths")]
    public void Where_everything_was_met_before_nothing_is_allocated(string name)
    {
        Grammar grammar = Grammar(name);
        float[] logits = new float[grammar.Trie.Vocabulary];
        List<int> text = Write(new GrammarConstraint(grammar, [SampleVocabulary.Stop]), logits);
        GrammarConstraint again = new(grammar, [SampleVocabulary.Stop]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (int token in text)
        {
            again.Restrict(logits, 10_000);
            again.Accept(token);
        }
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    static List<int> Write(GrammarConstraint constraint, float[] logits)
    {
        Random random = new(5);
        List<int> text = [];
        for (bool more = true; more && text.Count < 200;)
        {
            Array.Clear(logits);
            constraint.Restrict(logits, 10_000);
            int[] possible = [.. Enumerable.Range(0, logits.Length - 1).Where(token => logits[token] == 0)];
            text.Add(possible[random.Next(possible.Length)]);
            more = constraint.Accept(text[^1]);
        }
        return text;
    }

    [Fact]
    public void With_the_vocabulary_of_Kimi_texts_satisfy_their_schemas_too()
    {
        TokenTrie kimi = SampleVocabulary.Kimi();
        foreach (string name in (string[])["Edit", "Grep", "TodoWrite", "patterns"])
        {
            using JsonDocument document = JsonDocument.Parse(SampleSchemas.All[name]);
            Grammar grammar = GrammarBuilder.Json(kimi, document.RootElement);
            for (int i = 0; i < 10; i++)
            {
                string text = Encoding.UTF8.GetString(Writing.Text(grammar, new(i), grammar.Shortest + 10 * i));
                using JsonDocument written = JsonDocument.Parse(text);
                Assert.True(Json.Schema.JsonSchema.FromText(SampleSchemas.All[name]).Evaluate(written.RootElement).IsValid, text);
            }
        }
    }

    [Fact]
    public async Task A_model_with_random_weights_writes_what_the_schema_says()
    {
        using Model model = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 2, CacheMemory = 64 << 20, BatchTokens = 48 });
        using Scheduler scheduler = new(model);
        byte[][] tokens = [.. Enumerable.Range(0, Golden.Vocabulary).Select(token => token < 256 ? (byte[])[(byte)token] : token < 511 ? Encoding.ASCII.GetBytes($"x{token:x}") : [])];
        using JsonDocument document = JsonDocument.Parse(SampleSchemas.All["TodoWrite"]);
        Grammar grammar = GrammarBuilder.Json(new(tokens), document.RootElement);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            List<byte> text = [];
            GenerationOrder order = new()
            {
                Prompt = [1, 2, 3 + i], Sampling = new() { Temperature = 3, Seed = (ulong)i }, MaxTokens = grammar.Shortest + 20 * i, StopTokens = [511], Constraint = new GrammarConstraint(grammar, [511]),
            };
            await foreach (int token in scheduler.Generate(order)) text.AddRange(tokens[token]);
            using JsonDocument written = JsonDocument.Parse(text.ToArray());
            Assert.True(Json.Schema.JsonSchema.FromText(SampleSchemas.All["TodoWrite"]).Evaluate(written.RootElement).IsValid);
        })));
    }
}
