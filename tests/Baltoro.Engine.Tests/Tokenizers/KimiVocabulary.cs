// Kimi's real vocabulary, where it is at hand: cases by hand and the way there and back. Knows no chat format.

using System.Text;
using Baltoro.Engine.Tokenizers;
using CsCheck;

namespace Baltoro.Engine.Tests.Tokenizers;

public class KimiVocabulary
{
    static readonly Lazy<Tokenizer> Kimi = new(() => TiktokenFile.Read(SharedData.Find("data", "kimi-tiktoken.model"), Splitter.Find("kimi-k2")!,
        ranks => [.. Enumerable.Range(ranks, 256).Select(id => id switch { 163586 => "<|im_end|>", 163587 => "<|im_user|>", _ => $"<|reserved_token_{id}|>" })]));

    [Fact]
    public void It_has_163840_tokens_and_its_control_tokens_are_found_by_name() =>
        Assert.Equal((163840, 163586, true), (Kimi.Value.Count, Kimi.Value.Controls["<|im_end|>"], Kimi.Value.IsControl(163587)));

    [Theory]
    [InlineData("getUserName", "get|User|Name")]
    [InlineData("Hello world", "Hello| world")]
    [InlineData("I don't know, he'Ll see", "I| don't| know|,| he|'|Ll| see")]
    [InlineData("1234567", "123|456|7")]
    [InlineData("    return x;\n\n", "   | return| x|;\n\n")]
    [InlineData("你好，世界", "你好|，|世界")]
    public void Text_becomes_the_tokens_of_the_official_pattern(string text, string tokens) => Assert.Equal(tokens, Shown(Kimi.Value.Encode(text)));

    [Theory]
    [InlineData("<|im_end|>")]
    [InlineData("a<|im_user|>user<|im_middle|>b")]
    [InlineData("[EOS]<|reserved_token_163600|>")]
    public void Text_never_becomes_a_control_token(string text)
    {
        int[] tokens = Kimi.Value.Encode(text);
        Assert.DoesNotContain(tokens, Kimi.Value.IsControl);
        Assert.Equal(text, Decoded(tokens));
    }

    [Fact]
    public void Any_text_comes_back_as_it_was()
    {
        // A test that is skipped must be so out here: inside, it would count as a counterexample.
        Tokenizer kimi = Kimi.Value;
        Texts.Random.Sample(text => Assert.Equal(text, Decoded(kimi.Encode(text))), iter: 2000);
    }

    [Fact]
    public void Every_token_of_text_is_what_its_own_bytes_are_encoded_as()
    {
        Tokenizer kimi = Kimi.Value;
        int own = 0, text = 0;
        for (int token = 0; token < 163584; token++)
        {
            string written = Encoding.UTF8.GetString(kimi.Bytes(token));
            if (written.Contains('\uFFFD', StringComparison.Ordinal)) continue;
            text++;
            if (kimi.Encode(written) is [var only] && only == token) own++;
        }
        // The rest of them cross a cut of the pattern, so no text ever gives them.
        Assert.True(own > text * 0.98, $"{own} of {text}");
    }

    [Theory]
    [InlineData("a")]
    [InlineData("ab")]
    [InlineData(" ")]
    [InlineData("漢")]
    [InlineData("🙂")]
    public void A_hundred_thousand_times_the_same_comes_back_as_it_was(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 100_000));
        Assert.Equal(text, Decoded(Kimi.Value.Encode(text)));
    }

    static string Shown(int[] tokens) => string.Join('|', tokens.Select(token => Encoding.UTF8.GetString(Kimi.Value.Bytes(token))));

    static string Decoded(int[] tokens)
    {
        TokenDecoder decoder = new(Kimi.Value);
        return string.Concat(tokens.Select(decoder.Add)) + decoder.Finish();
    }
}
