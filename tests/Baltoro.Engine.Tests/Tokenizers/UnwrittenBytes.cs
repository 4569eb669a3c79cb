// Vocabularies of DeepSeek's first models: without the bytes that no UTF-8 has, whose letters are tokens by themselves.

using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tokenizers;
using CsCheck;

namespace Baltoro.Engine.Tests.Tokenizers;

public sealed class UnwrittenBytes : IDisposable
{
    static readonly int[] Unwritten = [0xC0, 0xC1, .. Enumerable.Range(0xF5, 11)];

    readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Their_letters_are_found_in_a_text_and_are_text_again()
    {
        Tokenizer tokenizer = Read();
        int[] tokens = tokenizer.Encode("für Zoë, À ÷ ü");
        TokenDecoder decoder = new(tokenizer);
        Assert.Equal("für Zoë, À ÷ ü", string.Concat(tokens.Select(decoder.Add)) + decoder.Finish());
        Assert.Equal(["ü", "À", "÷", "ü"], tokens.Where(token => token >= 243).Select(tokenizer.Name));
        Assert.DoesNotContain(tokens, tokenizer.IsControl);
    }

    [Fact]
    public void They_are_no_control_tokens() => Assert.Equal(["[EOS]"], Read().Controls.Keys);

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        Tokenizer tokenizer = Read();
        Texts.Random.Sample(text =>
        {
            TokenDecoder decoder = new(tokenizer);
            Assert.Equal(text, string.Concat(tokenizer.Encode(text).Select(decoder.Add)) + decoder.Finish());
        });
    }

    /// <summary>243 bytes, an end, 13 letters.</summary>
    Tokenizer Read()
    {
        GgufWriter writer = new();
        writer.Add("tokenizer.ggml.model", "gpt2");
        writer.Add("tokenizer.ggml.pre", "deepseek-llm");
        writer.Add("tokenizer.ggml.tokens", (string[])[.. Enumerable.Range(0, 256).Except(Unwritten).Select(value => $"{ByteLetters.Of((byte)value)}"), "[EOS]", .. Unwritten.Select(value => $"{(char)value}")]);
        writer.Add("tokenizer.ggml.token_type", (int[])[.. Enumerable.Repeat(1, 243), 3, .. Enumerable.Repeat(4, 13)]);
        writer.Add("tokenizer.ggml.merges", Array.Empty<string>());
        writer.Write(_folder.At("vocabulary.gguf"));
        using GgufFile file = GgufFile.Open(_folder.At("vocabulary.gguf"));
        return GgufTokenizer.Read(file.Metadata);
    }
}
