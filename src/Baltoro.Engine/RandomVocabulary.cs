// The vocabulary of a model with random weights: every byte, the control tokens of Kimi's format, and nothing else. Knows no weights.

using Baltoro.Engine.Gguf;
using Baltoro.Engine.Tokenizers;

namespace Baltoro.Engine;

/// <summary>So small that it fits the smallest shape, and enough to be talked to. What is left of a larger vocabulary stands for nothing.</summary>
static class RandomVocabulary
{
    static readonly string[] Controls =
    [
        "[BOS]", "[EOS]", "<|im_end|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>", "<|im_middle|>", "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>",
        "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>", "<think>", "</think>",
    ];

    public static void WriteKeys(GgufWriter file, int vocabulary)
    {
        int unused = vocabulary - 256 - Controls.Length;
        if (unused < 0) return;
        file.Add("tokenizer.ggml.model", "gpt2");
        file.Add("tokenizer.ggml.pre", "kimi-k2");
        file.Add("tokenizer.ggml.tokens",
            [.. Enumerable.Range(0, 256).Select(value => $"{ByteLetters.Of((byte)value)}"), .. Controls, .. Enumerable.Range(0, unused).Select(n => $"[unused {n}]")]);
        file.Add("tokenizer.ggml.token_type", (IReadOnlyList<int>)[.. Enumerable.Repeat(1, 256), .. Enumerable.Repeat(3, Controls.Length), .. Enumerable.Repeat(5, unused)]);
        file.Add("tokenizer.ggml.merges", (IReadOnlyList<string>)[]);
        file.Add("tokenizer.ggml.bos_token_id", 256);
        file.Add("tokenizer.ggml.eos_token_id", 258);
    }
}
