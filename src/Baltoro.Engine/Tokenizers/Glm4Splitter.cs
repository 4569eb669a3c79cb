// The cuts of GLM-4's vocabulary. Knows no tokens.

namespace Baltoro.Engine.Tokenizers;

/// <summary>
/// The pattern of GLM-4's <c>tokenizer.json</c>, which is that of OpenAI's cl100k:
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+</c>
/// </summary>
sealed class Glm4Splitter : Splitter
{
    public override int Next(ReadOnlySpan<byte> text)
    {
        if (SharedCuts.Contraction(text) is > 0 and var contraction) return contraction;
        if (SharedCuts.Word(text) is > 0 and var word) return word;
        if (SharedCuts.Numbers(text) is > 0 and var numbers) return numbers;
        if (SharedCuts.Symbols(text) is > 0 and var symbols) return symbols;
        return SharedCuts.Spaces(text);
    }
}
