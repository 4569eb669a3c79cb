// Writes a model's sizes and constants into a GGUF file's metadata. Knows no tensors.

using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Network;

/// <summary>The way back of <see cref="ShapeReader"/>: everything that it reads but the vocabulary's size, which is the embedding's.</summary>
public static class ShapeWriter
{
    /// <param name="name">What the file calls its model.</param>
    public static void Write(GgufWriter file, Shape shape, string name)
    {
        file.Add("general.architecture", "deepseek2");
        file.Add("general.name", name);
        Add("block_count", shape.Layers);
        Add("context_length", shape.Context);
        Add("embedding_length", shape.Hidden);
        Add("feed_forward_length", shape.DenseWidth);
        Add("leading_dense_block_count", shape.DenseLayers);
        Add("vocab_size", shape.Vocabulary);
        Add("attention.head_count", shape.Heads);
        Add("attention.head_count_kv", 1);
        if (shape.QueryRank > 0) Add("attention.q_lora_rank", shape.QueryRank);
        Add("attention.kv_lora_rank", shape.Latent);
        Add("attention.key_length", shape.CacheRow);
        Add("attention.value_length", shape.Latent);
        Add("attention.key_length_mla", shape.Query);
        Add("attention.value_length_mla", shape.Value);
        file.Add("deepseek2.attention.layer_norm_rms_epsilon", shape.Epsilon);
        Add("rope.dimension_count", shape.Rotary);
        file.Add("deepseek2.rope.freq_base", shape.Rope.Base);
        if (shape.Rope.Yarn is { } yarn)
        {
            file.Add("deepseek2.rope.scaling.type", "yarn");
            file.Add("deepseek2.rope.scaling.factor", yarn.Factor);
            Add("rope.scaling.original_context_length", yarn.OriginalContext);
            file.Add("deepseek2.rope.scaling.yarn_beta_fast", yarn.BetaFast);
            file.Add("deepseek2.rope.scaling.yarn_beta_slow", yarn.BetaSlow);
            file.Add("deepseek2.rope.scaling.yarn_log_multiplier", yarn.LogMultiplier);
        }
        if (shape.Routing is not { } routing) return;
        Add("expert_count", routing.Experts);
        Add("expert_used_count", routing.Chosen);
        Add("expert_feed_forward_length", routing.Width);
        Add("expert_shared_count", routing.Shared);
        Add("expert_gating_func", (int)routing.Gating);
        Add("expert_group_count", routing.Groups);
        Add("expert_group_used_count", routing.ChosenGroups);
        file.Add("deepseek2.expert_weights_norm", routing.Normalised);
        file.Add("deepseek2.expert_weights_scale", routing.Scale);

        void Add(string key, int value) => file.Add($"deepseek2.{key}", value);
    }
}
