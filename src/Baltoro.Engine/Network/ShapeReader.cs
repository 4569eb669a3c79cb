// Reads a model's sizes and constants out of a GGUF file's metadata. Knows no tensors but the embedding's size.

using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Network;

/// <summary>The keys of architecture <c>deepseek2</c>, as llama.cpp's converter writes them (conversion/, gguf-py constants).</summary>
static class ShapeReader
{
    const string Architecture = "deepseek2";

    /// <exception cref="ModelFileException">A key is missing or says what no model of the family can be.</exception>
    public static Shape Read(GgufFile file)
    {
        GgufMetadata keys = file.Metadata;
        string architecture = keys.Text("general.architecture");
        if (architecture != Architecture) throw keys.Fault("general.architecture", $"is \"{architecture}\"; \"{Architecture}\" was expected");
        int rotary = Integer("rope.dimension_count");
        // Files from before the absorbed form have no *_mla keys, and key_length is what key_length_mla is now.
        bool absorbed = keys.Has(Key("attention.key_length_mla"));
        Shape shape = new()
        {
            Layers = Integer("block_count") - Integer("nextn_predict_layers", 0),
            DenseLayers = Integer("leading_dense_block_count", 0),
            Hidden = Integer("embedding_length"),
            DenseWidth = Integer("feed_forward_length", 0),
            Vocabulary = checked((int)Math.Min(file.Tensor("token_embd.weight").Rows, int.MaxValue)),
            Context = Integer("context_length"),
            Heads = Integer("attention.head_count"),
            QueryRank = Integer("attention.q_lora_rank", 0),
            Latent = Integer("attention.kv_lora_rank"),
            Rotary = rotary,
            Plain = Integer(absorbed ? "attention.key_length_mla" : "attention.key_length") - rotary,
            Value = Integer(absorbed ? "attention.value_length_mla" : "attention.value_length"),
            Epsilon = keys.Number(Key("attention.layer_norm_rms_epsilon")),
            InnerEpsilon = keys.Number(Key("attention.layer_norm_rms_epsilon")),
            Rope = new() { Width = rotary, Base = keys.Number(Key("rope.freq_base")), Yarn = ReadYarn() },
            Routing = Integer("expert_count", 0) == 0 ? null : ReadRouting(),
        };
        return shape.Problem is { } problem ? throw keys.Fault(Key("block_count"), $"the model has {problem}") : shape;

        string Key(string name) => $"{Architecture}.{name}";

        int Integer(string name, int? absent = null) => absent is { } value ? keys.Integer(Key(name), value) : keys.Integer(Key(name));

        Yarn? ReadYarn()
        {
            string type = keys.Text(Key("rope.scaling.type"), "none");
            if (type == "none") return null;
            if (type != "yarn") throw keys.Fault(Key("rope.scaling.type"), $"is \"{type}\"; \"yarn\" or \"none\" was expected");
            // Without a multiplier mscale_all_dim is 0 and mscale 1, the defaults of the original configuration.
            bool scaled = keys.Has(Key("rope.scaling.yarn_log_multiplier"));
            float multiplier = keys.Number(Key("rope.scaling.yarn_log_multiplier"), 0);
            return new(keys.Number(Key("rope.scaling.factor")), Integer("rope.scaling.original_context_length"),
                keys.Number(Key("rope.scaling.yarn_beta_fast"), 32), keys.Number(Key("rope.scaling.yarn_beta_slow"), 1), multiplier, scaled ? multiplier * 10 : 1);
        }

        Routing ReadRouting() => new()
        {
            Experts = Integer("expert_count"),
            Chosen = Integer("expert_used_count"),
            Width = Integer("expert_feed_forward_length"),
            Shared = Integer("expert_shared_count", 0),
            // 0 is "not said", which llama.cpp reads as softmax.
            Gating = (Gating)Math.Max(1, Integer("expert_gating_func", 1)),
            Groups = Math.Max(1, Integer("expert_group_count", 1)),
            ChosenGroups = Math.Max(1, Integer("expert_group_used_count", 1)),
            Normalised = keys.Flag(Key("expert_weights_norm"), false),
            Scale = keys.Number(Key("expert_weights_scale"), 1) is not 0 and var scale ? scale : 1,
        };
    }
}
