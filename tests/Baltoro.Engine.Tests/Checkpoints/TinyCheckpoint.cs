// The tiny reference model twice, with the same weights: as a checkpoint with Kimi's INT4 experts, and as a GGUF file.

using System.Globalization;
using System.Runtime.InteropServices;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests.Checkpoints;

/// <summary>Experts are rounded to 4 bits under scales that a bfloat and a half can both hold; other matrices to bfloats; vectors and routers stay.</summary>
static unsafe class TinyCheckpoint
{
    /// <summary>What transformers would have in config.json for the golden model.</summary>
    public const string Config = """
        {"model_type": "kimi_k2", "hidden_size": 256, "num_hidden_layers": 3, "first_k_dense_replace": 1, "moe_layer_freq": 1, "intermediate_size": DENSE, "vocab_size": 512,
        "max_position_embeddings": 131072, "num_attention_heads": 4, "q_lora_rank": 96, "kv_lora_rank": 64, "qk_nope_head_dim": 32, "qk_rope_head_dim": 32, "v_head_dim": 32,
        "rms_norm_eps": 1e-6, "rope_theta": 50000.0, "n_routed_experts": 8, "num_experts_per_tok": 2, "moe_intermediate_size": 64, "n_shared_experts": 1, "scoring_func": "sigmoid",
        "n_group": 1, "topk_group": 1, "norm_topk_prob": true, "routed_scaling_factor": 2.827,
        "rope_scaling": {"type": "yarn", "factor": 32.0, "original_max_position_embeddings": 4096, "mscale": 1.0, "mscale_all_dim": 1.0, "beta_fast": 32.0, "beta_slow": 1.0},
        "quantization_config": {"quant_method": "compressed-tensors", "format": "pack-quantized", "config_groups": {"group_0": {"targets": ["Linear"],
        "weights": {"num_bits": 4, "type": "int", "symmetric": true, "strategy": "group", "group_size": 32, "actorder": null}}}}}
        """;

    static readonly Dictionary<string, string> Names = new()
    {
        ["token_embd"] = "model.embed_tokens", ["output_norm"] = "model.norm", ["output"] = "lm_head", ["attn_norm"] = "input_layernorm", ["ffn_norm"] = "post_attention_layernorm",
        ["attn_q_a"] = "self_attn.q_a_proj", ["attn_q_a_norm"] = "self_attn.q_a_layernorm", ["attn_q_b"] = "self_attn.q_b_proj", ["attn_kv_a_mqa"] = "self_attn.kv_a_proj_with_mqa",
        ["attn_kv_a_norm"] = "self_attn.kv_a_layernorm", ["attn_kv_b"] = "self_attn.kv_b_proj", ["attn_output"] = "self_attn.o_proj", ["ffn_gate_inp"] = "mlp.gate",
        ["ffn_gate"] = "mlp.gate_proj", ["ffn_up"] = "mlp.up_proj", ["ffn_down"] = "mlp.down_proj", ["ffn_gate_shexp"] = "mlp.shared_experts.gate_proj",
        ["ffn_up_shexp"] = "mlp.shared_experts.up_proj", ["ffn_down_shexp"] = "mlp.shared_experts.down_proj", ["ffn_gate_exps"] = "mlp.experts.E.gate_proj",
        ["ffn_up_exps"] = "mlp.experts.E.up_proj", ["ffn_down_exps"] = "mlp.experts.E.down_proj",
    };

    /// <summary>Writes both: two safetensors files, index and config.json into the folder, and <c>same.gguf</c> beside them.</summary>
    public static void Write(Folder folder)
    {
        using GgufFile tiny = GgufFile.Open(Golden.At("tiny.gguf"));
        GgufWriter gguf = new();
        foreach (string key in tiny.Metadata.Keys) Golden.Copy(tiny, key, gguf);
        List<TestTensor> tensors = [];
        foreach (GgufTensor tensor in tiny.Tensors.Values)
        {
            float[] values = Values(tensor);
            if (tensor.Name.EndsWith("attn_v_b.weight", StringComparison.Ordinal)) continue;
            if (tensor.Name.EndsWith("attn_k_b.weight", StringComparison.Ordinal))
                Add(tensor.Name.Replace("attn_k_b", "attn_kv_b", StringComparison.Ordinal), [64, 4 * 64], Join(values, Values(tiny.Tensors[tensor.Name.Replace("attn_k_b", "attn_v_b", StringComparison.Ordinal)])));
            else Add(tensor.Name, tensor.Dimensions.ToArray(), values);
        }
        gguf.Write(folder.At("same.gguf"));
        TestTensor[][] shards = [[.. tensors.Where((_, i) => i % 3 == 0)], [.. tensors.Where((_, i) => i % 3 != 0)]];
        for (int i = 0; i < shards.Length; i++) File.WriteAllBytes(folder.At(Shard(i)), SafetensorsWriter.File(shards[i]));
        File.WriteAllText(folder.At("model.safetensors.index.json"),
            $"{{\"weight_map\":{{{string.Join(',', shards.SelectMany((shard, i) => shard.Select(tensor => $"\"{tensor.Name}\":\"{Shard(i)}\"")))}}}}}");
        File.WriteAllText(folder.At("config.json"), Config.Replace("DENSE", tiny.Metadata.Integer("deepseek2.feed_forward_length").ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        void Add(string name, long[] sizes, float[] values)
        {
            string[] parts = name.Split('.');
            string stem = parts[0] == "blk" ? parts[2] : parts[0];
            string to = (parts[0] == "blk" ? $"model.layers.{parts[1]}." : "") + (stem == "exp_probs_b" ? "mlp.gate.e_score_correction_bias" : $"{Names[stem]}.weight");
            if (sizes.Length == 1 || stem == "ffn_gate_inp")
            {
                byte[] floats = MemoryMarshal.AsBytes<float>(values).ToArray();
                gguf.Add(name, TensorType.F32, sizes, stream => stream.Write(floats));
                tensors.Add(new(to, "F32", [.. sizes.Reverse()], floats));
            }
            else if (stem.EndsWith("_exps", StringComparison.Ordinal)) AddExperts(name, to, sizes, values);
            else
            {
                byte[] brains = MemoryMarshal.AsBytes<ushort>(Array.ConvertAll(values, Brain)).ToArray();
                gguf.Add(name, TensorType.BF16, sizes, stream => stream.Write(brains));
                tensors.Add(new(to, "BF16", [.. sizes.Reverse()], brains));
            }
        }

        void AddExperts(string name, string to, long[] sizes, float[] values)
        {
            List<byte> blocks = [];
            for (int expert = 0; expert < sizes[2]; expert++)
            {
                List<int> packed = [];
                List<ushort> scales = [];
                foreach (float[] group in values.Skip((int)(expert * sizes[0] * sizes[1])).Take((int)(sizes[0] * sizes[1])).Chunk(32))
                {
                    ushort bits = Brain(group.Max(MathF.Abs) / 7);
                    float scale = BitConverter.Int32BitsToSingle(bits << 16);
                    int[] quants = Array.ConvertAll(group, value => Math.Clamp((int)MathF.Round(value / scale) + 8, 0, 15));
                    scales.Add(bits);
                    for (int i = 0; i < 32; i += 8) packed.Add(Enumerable.Range(0, 8).Aggregate(0, (all, k) => all | quants[i + k] << (4 * k)));
                    Assert.Equal(scale, (float)(Half)scale);
                    blocks.AddRange(BitConverter.GetBytes((Half)scale));
                    for (int i = 0; i < 16; i++) blocks.Add((byte)(quants[i] | quants[i + 16] << 4));
                }
                string one = to.Replace(".E.", $".{expert}.", StringComparison.Ordinal);
                tensors.Add(new(one + "_packed", "I32", [sizes[1], sizes[0] / 8], MemoryMarshal.AsBytes<int>(packed.ToArray()).ToArray()));
                tensors.Add(new(one + "_scale", "BF16", [sizes[1], sizes[0] / 32], MemoryMarshal.AsBytes<ushort>(scales.ToArray()).ToArray()));
                tensors.Add(new(one + "_shape", "I64", [2], MemoryMarshal.AsBytes<long>(new[] { sizes[1], sizes[0] }).ToArray()));
            }
            byte[] all = [.. blocks];
            gguf.Add(name, TensorType.Q4_0, sizes, stream => stream.Write(all));
        }
    }

    static string Shard(int i) => $"model-0000{i + 1}-of-00002.safetensors";

    static float[] Values(GgufTensor tensor) => new ReadOnlySpan<float>(tensor.Elements, (int)(tensor.Bytes / 4)).ToArray();

    static ushort Brain(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + (bits >> 16 & 1)) >> 16);
    }

    /// <summary>A head's keys, turned, above its values: [4 · (32 + 32), 64] out of [4, 64, 32] and [4, 32, 64].</summary>
    static float[] Join(float[] keys, float[] values)
    {
        float[] joined = new float[4 * 64 * 64];
        for (int head = 0; head < 4; head++)
            for (int row = 0; row < 32; row++)
                for (int column = 0; column < 64; column++)
                {
                    joined[(head * 64 + row) * 64 + column] = keys[(head * 64 + column) * 32 + row];
                    joined[(head * 64 + 32 + row) * 64 + column] = values[(head * 32 + row) * 64 + column];
                }
        return joined;
    }
}
