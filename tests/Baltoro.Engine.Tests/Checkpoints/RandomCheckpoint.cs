// A small checkpoint as Moonshot publishes them, with random weights and a vocabulary made by hand. Knows no test.

using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Baltoro.Engine.Tests.Checkpoints;

/// <param name="Nested">As of models that see pictures: what is about text stands in <c>text_config</c>, and tensors have a prefix.</param>
sealed record RandomCheckpoint(int Layers = 2, int Heads = 2, int Context = 32_768, bool Nested = false)
{
    /// <summary>Bytes, these words, and control tokens from <see cref="FirstControl"/> on.</summary>
    public static readonly string[] Words = ["he", "ll", "llo", "hello", " w", "or", "ld", "orld", " world", "漢", "字", "漢字"];

    public const int FirstControl = 268, Vocabulary = 320, End = FirstControl + 2, OtherEnd = FirstControl + 1;

    public static readonly string[] Controls =
    [
        "[BOS]", "[EOS]", "<|im_end|>", "<|im_user|>", "<|im_assistant|>", "<|im_system|>", "<|im_middle|>", "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>",
        "<|tool_call_begin|>", "<|tool_call_argument_begin|>", "<|tool_call_end|>", "<think>", "</think>",
    ];

    /// <summary>The marks by which a template is known.</summary>
    public const string Template = "<|im_middle|> <think></think> {{ tools }}", Template25 = "<|im_middle|> <think> {% if preserve_thinking %}";

    string Text =>
        $$$"""
        "model_type": "kimi_k2", "hidden_size": 64, "num_hidden_layers": {{{Layers}}}, "first_k_dense_replace": {{{Layers - 1}}}, "moe_layer_freq": 1, "intermediate_size": 64, "vocab_size": {{{Vocabulary}}},
        "max_position_embeddings": {{{Context}}}, "num_attention_heads": {{{Heads}}}, "q_lora_rank": 32, "kv_lora_rank": 32, "qk_nope_head_dim": 32, "qk_rope_head_dim": 32, "v_head_dim": 32,
        "rms_norm_eps": 1e-5, "rope_theta": 50000.0, "n_routed_experts": 4, "num_experts_per_tok": 2, "moe_intermediate_size": 32, "n_shared_experts": 1, "scoring_func": "sigmoid",
        "n_group": 1, "topk_group": 1, "norm_topk_prob": true, "routed_scaling_factor": 2.827, "rope_scaling": null, "bos_token_id": {{{FirstControl}}}, "eos_token_id": {{{End}}},
        "quantization_config": {"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups": {"group_0": {"targets": ["Linear"],
        "weights": {"num_bits": 4, "type": "int", "symmetric": true, "strategy": "group", "group_size": 32, "actorder": null} } } }
        """;

    /// <summary>Everything: configuration, vocabulary, template, and the weights in two parts.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Nested ? $"{{\"model_type\": \"kimi_k25\", \"text_config\": {{{Text}}}}}" : $"{{{Text}}}");
        File.WriteAllText(Path.Combine(folder, "generation_config.json"), $"{{\"eos_token_id\": [{End}, {OtherEnd}]}}");
        WriteVocabulary(folder);
        TestTensor[] tensors = [.. Tensors()];
        TestTensor[][] parts = [[.. tensors.Where((_, i) => i % 3 == 0)], [.. tensors.Where((_, i) => i % 3 != 0)]];
        for (int i = 0; i < parts.Length; i++) File.WriteAllBytes(Path.Combine(folder, Part(i)), SafetensorsWriter.File(parts[i]));
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"),
            $"{{\"weight_map\":{{{string.Join(',', parts.SelectMany((part, i) => part.Select(tensor => $"\"{tensor.Name}\":\"{Part(i)}\"")))}}}}}");
    }

    /// <summary>tiktoken.model and tokenizer_config.json; the template in the latter.</summary>
    public static void WriteVocabulary(string folder, string template = Template)
    {
        byte[][] ranks = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value }), .. Words.Select(Encoding.UTF8.GetBytes)];
        File.WriteAllLines(Path.Combine(folder, "tiktoken.model"), ranks.Select((bytes, rank) => string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(bytes)} {rank}")));
        string added = string.Join(", ", Controls.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"\"{FirstControl + i}\": {{\"content\": \"{name}\", \"special\": true}}")));
        File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), $"{{\"added_tokens_decoder\": {{{added}}}, \"chat_template\": \"{template}\"}}");
    }

    static string Part(int i) => $"model-0000{i + 1}-of-00002.safetensors";

    IEnumerable<TestTensor> Tensors()
    {
        Random random = new(1);
        string prefix = Nested ? "language_model." : "";
        yield return Brains("model.embed_tokens", Vocabulary, 64);
        for (int layer = 0; layer < Layers; layer++)
        {
            string at = $"model.layers.{layer}.";
            foreach (TestTensor tensor in (TestTensor[])
            [
                Ones(at + "input_layernorm", 64), Ones(at + "post_attention_layernorm", 64), Brains(at + "self_attn.q_a_proj", 32, 64), Ones(at + "self_attn.q_a_layernorm", 32),
                Brains(at + "self_attn.q_b_proj", Heads * 64, 32), Brains(at + "self_attn.kv_a_proj_with_mqa", 64, 64), Ones(at + "self_attn.kv_a_layernorm", 32),
                Brains(at + "self_attn.kv_b_proj", Heads * 64, 32), Brains(at + "self_attn.o_proj", 64, Heads * 32),
            ]) yield return tensor;
            if (layer < Layers - 1)
            {
                foreach (string part in (string[])["gate", "up"]) yield return Brains($"{at}mlp.{part}_proj", 64, 64);
                yield return Brains(at + "mlp.down_proj", 64, 64);
                continue;
            }
            yield return Brains(at + "mlp.gate", 4, 64);
            yield return new($"{prefix}{at}mlp.gate.e_score_correction_bias", "F32", [4], new byte[16]);
            foreach (string part in (string[])["gate", "up", "down"])
            {
                var (rows, columns) = part == "down" ? (64, 32) : (32, 64);
                yield return Brains($"{at}mlp.shared_experts.{part}_proj", rows, columns);
                for (int expert = 0; expert < 4; expert++)
                    foreach (TestTensor tensor in Packed($"{prefix}{at}mlp.experts.{expert}.{part}_proj.weight", rows, columns)) yield return tensor;
            }
        }
        yield return Ones("model.norm", 64);
        yield return Brains("lm_head", Vocabulary, 64);

        TestTensor Brains(string name, int rows, int columns) => new($"{prefix}{name}.weight", "BF16", [rows, columns],
            MemoryMarshal.AsBytes<ushort>([.. Enumerable.Range(0, rows * columns).Select(_ => Brain((float)(random.NextDouble() - 0.5) * 0.6f))]).ToArray());

        TestTensor Ones(string name, int length) => new($"{prefix}{name}.weight", "BF16", [length], MemoryMarshal.AsBytes<ushort>([.. Enumerable.Repeat(Brain(1), length)]).ToArray());

        TestTensor[] Packed(string name, int rows, int columns)
        {
            byte[] quants = new byte[rows * columns / 2];
            random.NextBytes(quants);
            return
            [
                new(name + "_packed", "I32", [rows, columns / 8], quants),
                new(name + "_scale", "BF16", [rows, columns / 32], MemoryMarshal.AsBytes<ushort>([.. Enumerable.Repeat(Brain(0.03f), rows * columns / 32)]).ToArray()),
                new(name + "_shape", "I64", [2], MemoryMarshal.AsBytes<long>([rows, columns]).ToArray()),
            ];
        }
    }

    /// <summary>The nearest bfloat below.</summary>
    static ushort Brain(float value) => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);
}
