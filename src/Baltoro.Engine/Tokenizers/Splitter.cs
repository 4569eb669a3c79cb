// Cuts text into the pieces that are encoded one by one, and finds the cutter that a vocabulary was made with. Knows no tokens.

namespace Baltoro.Engine.Tokenizers;

/// <summary>A pre-tokenizer. Stateless; safe from any thread.</summary>
public abstract class Splitter
{
    /// <summary>By the names that files use (<c>tokenizer.ggml.pre</c>).</summary>
    static readonly Dictionary<string, Splitter> Known = new(StringComparer.Ordinal)
    {
        ["baltoro"] = new BaltoroSplitter(),
        ["kimi-k2"] = new KimiSplitter(),
        ["deepseek-v3"] = new DeepSeekV3Splitter(),
        ["deepseek-llm"] = new DeepSeekLlmSplitter(),
        ["glm4"] = new Glm4Splitter(),
        ["gpt-2"] = new Gpt2Splitter(),
        // What converters write when they know no better.
        ["default"] = new Gpt2Splitter(),
    };

    /// <summary>The names of all cutters.</summary>
    public static IReadOnlyCollection<string> Names => Known.Keys;

    /// <summary>The cutter of this name; null when there is none.</summary>
    public static Splitter? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>How many bytes the first piece has.</summary>
    /// <param name="text">Valid UTF-8 of one byte or more; all that is left of the text.</param>
    /// <returns>1 to the length of the text, at a character's end.</returns>
    public abstract int Next(ReadOnlySpan<byte> text);
}
