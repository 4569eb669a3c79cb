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
    public void A_long_piece_has_the_tokens_of_the_definition() => Gen.Int[0, 3].Array[97, 400].Sample(letters =>
    {
        byte[] piece = [.. letters.Select(letter => (byte)("abhx"[letter]))];
        List<int> defined = [], encoded = [];
        PairMerging.Define(piece, Words.Vocabulary, Words.Merges, defined);
        PairMerging.Encode(piece, Words.Vocabulary, Words.Merges, encoded);
        Assert.Equal(defined, encoded);
    });

    /// <summary>All words of up to six letters of four: many ways to merge, many equal ranks in the way.</summary>
    static readonly (Vocabulary Vocabulary, Merges Merges) Words = MakeWords();

    static (Vocabulary, Merges) MakeWords()
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
        return (vocabulary, new Merges.ByRank(vocabulary));
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
