// Files whose vocabulary is not what it claims to be: each is an error that names the key.

using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Engine.Tests.Tokenizers;

public sealed class DamagedVocabularies : IDisposable
{
    static readonly string[] Bytes = [.. Enumerable.Range(0, 256).Select(value => $"{ByteLetters.Of((byte)value)}")];

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_whole_one_is_read() => Assert.Equal(258, Read(new()).Count);

    [Fact]
    public void Another_kind_of_tokenizer() => Said("tokenizer.ggml.model: is \"llama\"; \"gpt2\" was expected, byte-level byte-pair encoding", new() { Model = "llama" });

    [Fact]
    public void Unknown_cuts() => Said("tokenizer.ggml.pre: is \"martian\"; one of baltoro, kimi-k2, deepseek-v3, deepseek-llm, glm4, gpt-2, default was expected", new() { Pre = "martian" });

    [Fact]
    public void No_tokens() => Said("tokenizer.ggml.tokens: is missing from the metadata", new() { Tokens = null });

    [Fact]
    public void A_byte_without_a_token() => Said("tokenizer.ggml.tokens: no entry stands for the byte 0x41 by itself; without one some text cannot be encoded",
        new() { Tokens = [.. Bytes.Select(text => text == "A" ? "BB" : text), "ab", "[EOS]"] });

    [Fact]
    public void A_character_that_is_no_byte() => Said("tokenizer.ggml.tokens: entry 256 holds a character that stands for no byte", new() { Tokens = [.. Bytes, "a漢", "[EOS]"] });

    [Fact]
    public void More_types_than_tokens() => Said("tokenizer.ggml.token_type: has 3 entries; 258 were expected, one for each token", new() { Types = [1, 1, 1] });

    [Fact]
    public void An_unknown_type() => Said("tokenizer.ggml.token_type: entry 257 is 9; 1 to 5 were expected", new() { Types = [.. Enumerable.Repeat(1, 257), 9] });

    [Theory]
    [InlineData("ab")]
    [InlineData(" b")]
    [InlineData("a c")]
    [InlineData("zz a")]
    [InlineData("a b c")]
    public void A_merge_of_what_are_no_tokens(string merge) => Said($"tokenizer.ggml.merges: entry 1 is \"{merge}\"; two tokens with a space between them were expected, which together are a token",
        new() { Merges = ["a b", merge] });

    [Fact]
    public void No_merges_where_there_are_no_ranks() => Said("tokenizer.ggml.merges: is missing from the metadata", new() { Merges = null });

    [Fact]
    public void An_end_beyond_the_vocabulary() => Said("tokenizer.ggml.eos_token_id: is 258; there are 258 tokens", new() { End = 258 });

    [Theory]
    [InlineData("AA== 0\nAQ== 2\n", "line 2: has rank 2; 1 was expected")]
    [InlineData("AA== 0\nAQ==\n", "line 2: a token in base64, a space and its rank were expected")]
    [InlineData("AA== 0\nA?== 1\n", "line 2: a token in base64, a space and its rank were expected")]
    [InlineData("AA== 0\n", "the byte 0x01: no line stands for it by itself")]
    public void A_tiktoken_file_that_is_none(string text, string problem)
    {
        string path = Path.Combine(_folder.Path, "tiktoken.model");
        File.WriteAllText(path, text);
        Assert.EndsWith(problem, Assert.Throws<ModelFileException>(() => TiktokenFile.Read(path, Splitter.Find("kimi-k2")!, _ => [])).Message, StringComparison.Ordinal);
    }

    void Said(string problem, Keys keys) => Assert.EndsWith(problem, Assert.Throws<ModelFileException>(() => Read(keys)).Message, StringComparison.Ordinal);

    Tokenizer Read(Keys keys)
    {
        GgufWriter writer = new();
        writer.Add("tokenizer.ggml.model", keys.Model);
        writer.Add("tokenizer.ggml.pre", keys.Pre);
        if (keys.Tokens is { } tokens) writer.Add("tokenizer.ggml.tokens", tokens);
        writer.Add("tokenizer.ggml.token_type", keys.Types);
        if (keys.Merges is { } merges) writer.Add("tokenizer.ggml.merges", merges);
        writer.Add("tokenizer.ggml.eos_token_id", keys.End);
        string path = Path.Combine(_folder.Path, "vocabulary.gguf");
        writer.Write(path);
        using GgufFile file = GgufFile.Open(path);
        return GgufTokenizer.Read(file.Metadata);
    }

    sealed record Keys
    {
        public string Model { get; init; } = "gpt2";
        public string Pre { get; init; } = "gpt-2";
        public IReadOnlyList<string>? Tokens { get; init; } = [.. Bytes, "ab", "[EOS]"];
        public IReadOnlyList<int> Types { get; init; } = [.. Enumerable.Repeat(1, 257), 3];
        public IReadOnlyList<string>? Merges { get; init; } = ["a b"];
        public int End { get; init; } = 257;
    }
}
