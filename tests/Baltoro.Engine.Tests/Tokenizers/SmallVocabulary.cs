// The vocabulary of the golden model: merges by list, the definition, split characters. Knows no chat format.

using System.Text;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tokenizers;
using CsCheck;

namespace Baltoro.Engine.Tests.Tokenizers;

public class SmallVocabulary
{
    static readonly Tokenizer Tiny = Read();

    [Fact]
    public void The_file_s_tokens_are_read() =>
        Assert.Equal((512, 508, "509", 510), (Tiny.Count, Tiny.Begin, string.Join(',', Tiny.Ends), Tiny.Controls["<|im_end|>"]));

    [Fact]
    public void Text_becomes_the_tokens_that_the_list_of_merges_gives() => Assert.Equal("aa|ba|x", Shown("aabax"));

    [Fact]
    public void Text_never_becomes_a_control_token() => Assert.All(Tiny.Encode("[BOS]a<|im_end|>[PAD]"), token => Assert.False(Tiny.IsControl(token)));

    [Fact]
    public void Any_text_comes_back_as_it_was() => Texts.Random.Sample(text =>
    {
        TokenDecoder decoder = new(Tiny);
        Assert.Equal(text, string.Concat(Tiny.Encode(text).Select(decoder.Add)) + decoder.Finish());
    });

    [Fact]
    public void A_lone_surrogate_is_a_replacement_character() => Assert.Equal(Tiny.Encode("a\uFFFDb"), Tiny.Encode("a\uD800b"));

    [Fact]
    public void Bytes_cut_anywhere_decode_to_the_same_text() => Gen.Select(Texts.Random, Gen.Byte.Array[0, 8]).Sample((text, noise) =>
    {
        byte[] bytes = [.. Encoding.UTF8.GetBytes(text), .. noise];
        TokenDecoder decoder = new(Tiny);
        // A byte at a time is every cut there is.
        string decoded = string.Concat(bytes.Select(b => decoder.Add(Single(b)))) + decoder.Finish();
        Assert.Equal(Encoding.UTF8.GetString(bytes), decoded);
    });

    [Fact]
    public void A_piece_of_any_length_has_the_tokens_of_the_definition_by_rank_and_by_list() => Gen.Frequency(
        // A q stands in no word: pieces fall apart there. The others are long and hang together, or repeat themselves.
        (2, Gen.Int[0, 4].Array[1, 200]), (2, Gen.Int[0, 3].Array[97, 400]), (1, Gen.Select(Gen.Int[0, 3].Array[1, 3], Gen.Int[1, 150], (unit, times) => Enumerable.Repeat(unit, times).SelectMany(one => one).ToArray()))).Sample(letters =>
    {
        byte[] piece = [.. letters.Select(letter => (byte)"abhxq"[letter])];
        foreach (Merges merges in (Merges[])[Words.ByRank, Words.Listed])
        {
            List<int> defined = [], encoded = [];
            PairMerging.Define(piece, Words.Vocabulary, merges, defined);
            PairMerging.Encode(piece, Words.Vocabulary, merges, encoded);
            Assert.Equal(defined, encoded);
        }
    });

    [Fact]
    public void Between_two_bytes_of_a_token_a_text_never_falls_apart() => Gen.Select(Gen.Int[256, Words.Vocabulary.Count - 1], Gen.Byte.Array[0, 4], Gen.Byte.Array[0, 4]).Sample((token, before, behind) =>
    {
        byte[] text = [.. before, .. Words.Vocabulary.Bytes(token), .. behind];
        for (int at = before.Length + 1; at < text.Length - behind.Length; at++) Assert.True(Words.Vocabulary.Joints.MayHold(text, at));
    });

    [Fact]
    public void Where_no_token_is_a_text_falls_apart() =>
        Assert.Equal([true, false, false, true], Enumerable.Range(1, 4).Select(at => Words.Vocabulary.Joints.MayHold("abqab"u8, at)));

    [Fact]
    public void Any_number_of_threads_get_the_tokens_of_one()
    {
        // Words of six letters and more, few enough to meet in the cache of words and so many that they drive each other out of it.
        Random random = new(3);
        string[] texts = [.. Enumerable.Range(0, 60_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(6, 12)).Select(_ => "aabhx"[random.Next(5)])))];
        Tokenizer first = Read(), shared = Read();
        int[][] expected = [.. texts.Select(text => first.Encode(text))];
        Parallel.For(0, 8, new() { MaxDegreeOfParallelism = 8 }, thread =>
        {
            for (int i = 0; i < texts.Length; i++)
            {
                int at = (int)((i * 7919L + thread * 7_500L) % texts.Length);
                Assert.Equal(expected[at], shared.Encode(texts[at]));
            }
        });
    }

    /// <summary>300 words of up to six letters of four: many ways to merge, ranks that fall as words grow, many equal ones in the way.</summary>
    static readonly (Vocabulary Vocabulary, Merges ByRank, Merges Listed) Words = MakeWords();

    static (Vocabulary, Merges, Merges) MakeWords()
    {
        List<byte[]> tokens = [.. Enumerable.Range(0, 256).Select(b => new[] { (byte)b })];
        Random random = new(7);
        HashSet<string> known = [];
        while (known.Count < 300)
        {
            string word = new([.. Enumerable.Range(0, random.Next(2, 7)).Select(_ => "abhx"[random.Next(4)])]);
            if (known.Add(word)) tokens.Add(Encoding.ASCII.GetBytes(word));
        }
        int[] starts = new int[tokens.Count + 1];
        for (int i = 0; i < tokens.Count; i++) starts[i + 1] = starts[i] + tokens[i].Length;
        Vocabulary vocabulary = new([.. tokens.SelectMany(token => token)], starts, new TokenKind[tokens.Count]);
        // Every way to make a word out of two, in an order of its own.
        (int, int, int)[] ways = [.. Enumerable.Range(256, 300).SelectMany(made => Enumerable.Range(1, tokens[made].Length - 1)
            .Select(cut => (vocabulary.Find(tokens[made].AsSpan(0, cut)), vocabulary.Find(tokens[made].AsSpan(cut)), made)).Where(way => way is { Item1: >= 0, Item2: >= 0 }))];
        random.Shuffle(ways);
        Merges.Listed listed = new(ways.Length);
        for (int rank = 0; rank < ways.Length; rank++) listed.Add(ways[rank].Item1, ways[rank].Item2, rank, ways[rank].Item3);
        return (vocabulary, new Merges.ByRank(vocabulary), listed);
    }

    static int Single(byte value)
    {
        for (int token = 0; token < Tiny.Count; token++)
            if (Tiny.Bytes(token) is [var only] && only == value) return token;
        throw new InvalidOperationException($"No token for {value}.");
    }

    static string Shown(string text) => string.Join('|', Tiny.Encode(text).Select(token => Encoding.UTF8.GetString(Tiny.Bytes(token))));

    static Tokenizer Read()
    {
        using GgufFile file = GgufFile.Open(Golden.At("tiny.gguf"));
        return GgufTokenizer.Read(file.Metadata);
    }
}
