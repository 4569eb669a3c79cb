// Reads a model's sizes and constants out of config.json. Knows no tensors.
// The keys: transformers, models/deepseek_v3/configuration_deepseek_v3.py, and compressed-tensors' quantization_config.

using System.Text.Json;
using Baltoro.Engine.Network;

namespace Baltoro.Engine.Checkpoints;

/// <summary>A value that is missing, of another kind or not read is a <see cref="ModelFileException"/> that names its key.</summary>
sealed class ConfigReader
{
    /// <summary>What DeepSeek's code gives the norms inside of attention, whatever the configuration says for the others.</summary>
    const float InnerEpsilon = 1e-6f;

    readonly string _file;
    readonly JsonElement _root, _text;

    public ConfigReader(string file, JsonElement root)
    {
        (_file, _root) = (file, root);
        if (root.ValueKind != JsonValueKind.Object) throw Fault("config", "an object was expected");
        // Models that see pictures keep what is about text apart.
        bool nested = root.TryGetProperty("text_config", out JsonElement text);
        (_text, Prefix) = nested ? (text, "language_model.") : (root, "");
        if (_text.ValueKind != JsonValueKind.Object) throw Fault("text_config", "an object was expected");
        CheckQuantisation(_text.TryGetProperty("quantization_config", out JsonElement own) ? own : root.TryGetProperty("quantization_config", out JsonElement outer) ? outer : default);
    }

    /// <summary>What the names of the language model's tensors begin with.</summary>
    public string Prefix { get; }

    public Shape Read()
    {
        string type = Text("model_type");
        if (type is not ("kimi_k2" or "deepseek_v3" or "deepseek_v2")) throw Fault("model_type", $"is \"{type}\"; kimi_k2, deepseek_v3 or deepseek_v2 was expected");
        if (Has("moe_layer_freq") && Integer("moe_layer_freq") != 1) throw Fault("moe_layer_freq", $"is {Integer("moe_layer_freq")}; 1 was expected");
        int rotary = Integer("qk_rope_head_dim");
        Shape shape = new()
        {
            Layers = Integer("num_hidden_layers"),
            DenseLayers = Integer("first_k_dense_replace", 0),
            Hidden = Integer("hidden_size"),
            DenseWidth = Integer("intermediate_size"),
            Vocabulary = Integer("vocab_size"),
            Context = Integer("max_position_embeddings"),
            Heads = Integer("num_attention_heads"),
            QueryRank = Integer("q_lora_rank", 0),
            Latent = Integer("kv_lora_rank"),
            Rotary = rotary,
            Plain = Integer("qk_nope_head_dim"),
            Value = Integer("v_head_dim"),
            Epsilon = Number(_text, "rms_norm_eps"),
            InnerEpsilon = InnerEpsilon,
            Rope = new() { Width = rotary, Base = Number(_text, "rope_theta"), Yarn = ReadYarn() },
            Routing = Integer("n_routed_experts", 0) == 0 ? null : ReadRouting(),
        };
        return shape.Problem is { } problem ? throw Fault("num_hidden_layers", $"the model has {problem}") : shape;
    }

    /// <summary>Numbers of tokens under a key, which may hold one or a list; none where it is missing.</summary>
    public int[] Tokens(string key, int vocabulary) => Tokens(_file, Has(key) ? _text : _root, key, vocabulary);

    internal static int[] Tokens(string file, JsonElement of, string key, int vocabulary)
    {
        if (of.ValueKind != JsonValueKind.Object) throw new ModelFileException(file, 0, "an object was expected");
        if (!of.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return [];
        JsonElement[] all = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : [value];
        return [.. all.Select(one => one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out int token) && token >= 0 && token < vocabulary ? token
            : throw new ModelFileException(file, 0, $"{key}: a token's number, 0 to {vocabulary - 1}, was expected"))];
    }

    Routing ReadRouting() => new()
    {
        Experts = Integer("n_routed_experts"),
        Chosen = Integer("num_experts_per_tok"),
        Width = Integer("moe_intermediate_size"),
        Shared = Integer("n_shared_experts", 0),
        Gating = Text("scoring_func") switch
        {
            "sigmoid" => Gating.Sigmoid,
            "softmax" => Gating.Softmax,
            var other => throw Fault("scoring_func", $"is \"{other}\"; sigmoid or softmax was expected"),
        },
        Groups = Integer("n_group", 1),
        ChosenGroups = Integer("topk_group", 1),
        Normalised = _text.TryGetProperty("norm_topk_prob", out JsonElement normalised) && normalised.ValueKind == JsonValueKind.True,
        Scale = Number(_text, "routed_scaling_factor"),
    };

    Yarn? ReadYarn()
    {
        if (!Has("rope_scaling")) return null;
        JsonElement scaling = _text.GetProperty("rope_scaling");
        if (scaling.ValueKind != JsonValueKind.Object) throw Fault("rope_scaling", "an object was expected");
        string? type = (scaling.TryGetProperty("type", out JsonElement named) || scaling.TryGetProperty("rope_type", out named)) && named.ValueKind == JsonValueKind.String ? named.GetString() : null;
        if (type is "default") return null;
        if (type != "yarn") throw Fault("rope_scaling", $"type is \"{type}\"; yarn was expected");
        return new(Number(scaling, "factor"), (int)Number(scaling, "original_max_position_embeddings"), Number(scaling, "beta_fast", 32), Number(scaling, "beta_slow", 1),
            0.1f * Number(scaling, "mscale_all_dim", 0), Number(scaling, "mscale", 1));
    }

    /// <summary>Only what Kimi's INT4 checkpoints have: symmetric integers of 4 bits in groups of 32, packed.</summary>
    void CheckQuantisation(JsonElement quantisation)
    {
        if (quantisation.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null) return;
        Same(quantisation, "quant_method", "compressed-tensors");
        Same(quantisation, "format", "pack-quantized");
        if (!quantisation.TryGetProperty("config_groups", out JsonElement groups) || groups.ValueKind != JsonValueKind.Object) throw Fault("quantization_config.config_groups", "an object was expected");
        foreach (JsonProperty group in groups.EnumerateObject())
        {
            if (group.Value.ValueKind != JsonValueKind.Object || !group.Value.TryGetProperty("weights", out JsonElement weights) || weights.ValueKind != JsonValueKind.Object)
                throw Fault($"quantization_config.config_groups.{group.Name}.weights", "an object was expected");
            Same(weights, "type", "int");
            Same(weights, "strategy", "group");
            if (Number(weights, "num_bits") != 4 || Number(weights, "group_size") != 32) throw Fault($"quantization_config.config_groups.{group.Name}", "4 bits in groups of 32 were expected");
            if (weights.TryGetProperty("symmetric", out JsonElement symmetric) && symmetric.ValueKind != JsonValueKind.True) throw Fault($"quantization_config.config_groups.{group.Name}", "symmetric weights were expected");
            if (weights.TryGetProperty("actorder", out JsonElement order) && order.ValueKind != JsonValueKind.Null) throw Fault($"quantization_config.config_groups.{group.Name}", "columns in their order were expected");
        }
    }

    void Same(JsonElement of, string key, string expected)
    {
        string? found = of.ValueKind == JsonValueKind.Object && of.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        if (found != expected) throw Fault($"quantization_config: {key}", $"is {(found is null ? "missing" : $"\"{found}\"")}; \"{expected}\" was expected");
    }

    bool Has(string key) => _text.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    int Integer(string key) => Has(key) && _text.GetProperty(key) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number) && number >= 0 ? number
        : throw Fault(key, $"a whole number from 0 was expected{(Has(key) ? "" : ", and it is missing")}");

    int Integer(string key, int absent) => Has(key) ? Integer(key) : absent;

    float Number(JsonElement of, string key, float? absent = null)
    {
        if (!of.TryGetProperty(key, out JsonElement value) || value.ValueKind == JsonValueKind.Null) return absent ?? throw Fault(key, "is missing");
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out float number) && float.IsFinite(number) ? number : throw Fault(key, "a finite number was expected");
    }

    string Text(string key) => Has(key) && _text.GetProperty(key) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : throw Fault(key, "a text was expected");

    ModelFileException Fault(string key, string problem) => new(_file, 0, $"{key}: {problem}");
}
