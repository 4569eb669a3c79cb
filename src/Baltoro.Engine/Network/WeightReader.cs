// Finds a model's tensors in its files and checks that they have the sizes that its shape asks for. Knows no file format and no arithmetic.

using Baltoro.Engine.Kernels;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Network;

/// <summary>Tensor names as llama.cpp's converter gives them. Matrices are listed as they are found, in the order in which a forward pass meets them.</summary>
sealed unsafe class WeightReader(ModelFiles file, Shape shape, KernelSet kernels)
{
    readonly List<Matrices> _matrices = [];

    /// <exception cref="ModelFileException">A tensor is missing or has other sizes than expected.</exception>
    public ModelWeights Read()
    {
        StoredMatrices embedding = Stored("token_embd.weight", 1, shape.Vocabulary, shape.Hidden);
        LayerWeights[] layers = new LayerWeights[shape.Layers];
        for (int i = 0; i < layers.Length; i++) layers[i] = Layer(i);
        Native<float> norm = Vector("output_norm.weight", shape.Hidden);
        // Where there is no head of its own, the embedding is used both ways.
        Matrices head = file.Has("output.weight") ? One("output.weight", shape.Vocabulary, shape.Hidden) : Add(embedding);
        return new() { Embedding = embedding, Layers = layers, Norm = norm, Head = head, All = _matrices };
    }

    LayerWeights Layer(int i)
    {
        string at = $"blk.{i}.";
        int query = shape.Heads * shape.Query;
        bool compressed = shape.QueryRank > 0;
        Native<float> attentionNorm = Vector(at + "attn_norm.weight", shape.Hidden);
        Matrices queryDown = compressed ? One(at + "attn_q_a.weight", shape.QueryRank, shape.Hidden) : One(at + "attn_q.weight", query, shape.Hidden);
        Native<float>? queryNorm = compressed ? Vector(at + "attn_q_a_norm.weight", shape.QueryRank) : null;
        Matrices latentDown = One(at + "attn_kv_a_mqa.weight", shape.CacheRow, shape.Hidden);
        Matrices? queryUp = compressed ? One(at + "attn_q_b.weight", query, shape.QueryRank) : null;
        var (keyUp, valueUp) = Halves(at);
        return new()
        {
            AttentionNorm = attentionNorm,
            QueryDown = queryDown,
            QueryNorm = queryNorm,
            QueryUp = queryUp,
            LatentDown = latentDown,
            LatentNorm = Vector(at + "attn_kv_a_norm.weight", shape.Latent),
            KeyUp = keyUp,
            ValueUp = valueUp,
            Output = One(at + "attn_output.weight", shape.Hidden, shape.Heads * shape.Value),
            FeedNorm = Vector(at + "ffn_norm.weight", shape.Hidden),
            Feed = i < shape.DenseLayers ? Dense(at, "", shape.DenseWidth) : Experts(at, shape.Routing!),
        };
    }

    FeedForward.Dense Dense(string at, string suffix, int width) => new(
        One($"{at}ffn_gate{suffix}.weight", width, shape.Hidden),
        One($"{at}ffn_up{suffix}.weight", width, shape.Hidden),
        One($"{at}ffn_down{suffix}.weight", shape.Hidden, width));

    FeedForward.Experts Experts(string at, Routing routing) => new(
        One(at + "ffn_gate_inp.weight", routing.Experts, shape.Hidden),
        file.Has(at + "exp_probs_b.bias") ? Vector(at + "exp_probs_b.bias", routing.Experts) : null,
        Many(at + "ffn_gate_exps.weight", routing.Experts, routing.Width, shape.Hidden),
        Many(at + "ffn_up_exps.weight", routing.Experts, routing.Width, shape.Hidden),
        Many(at + "ffn_down_exps.weight", routing.Experts, shape.Hidden, routing.Width),
        routing.Shared > 0 ? Dense(at, "_shexp", routing.Width * routing.Shared) : null);

    /// <summary>The two halves of the key and value projection: as two tensors, or cut out of one in which a head's keys stand above its values.</summary>
    (Matrices Key, Matrices Value) Halves(string at)
    {
        if (file.Has(at + "attn_k_b.weight") || !file.Has(at + "attn_kv_b.weight"))
            return (Many(at + "attn_k_b.weight", shape.Heads, shape.Latent, shape.Plain), Many(at + "attn_v_b.weight", shape.Heads, shape.Value, shape.Latent));
        StoredMatrices whole = Stored(at + "attn_kv_b.weight", 1, shape.Heads * (shape.Plain + shape.Value), shape.Latent);
        // Numbers are moved, not changed, so that halves and bfloats stay what they are.
        Layout layout = whole.Layout is Layout.F16 or Layout.BF16 ? whole.Layout : Layout.F32;
        ComputedMatrices key = new(layout, (head, column, to) => Column(whole, head * (shape.Plain + shape.Value), shape.Plain, column, to))
        {
            Name = whole.Name + " (keys)", Count = shape.Heads, Rows = shape.Latent, Columns = shape.Plain,
        };
        ComputedMatrices value = new(layout, (head, row, to) => whole.Decode(0, head * (shape.Plain + shape.Value) + shape.Plain + row, to))
        {
            Name = whole.Name + " (values)", Count = shape.Heads, Rows = shape.Value, Columns = shape.Latent,
        };
        return (Add(key), Add(value));
    }

    static void Column(StoredMatrices whole, int first, int rows, int column, float* to)
    {
        float[] row = new float[whole.Columns];
        fixed (float* decoded = row)
            for (int i = 0; i < rows; i++)
            {
                whole.Decode(0, first + i, decoded);
                to[i] = decoded[column];
            }
    }

    Matrices One(string name, int rows, int columns) => Add(Stored(name, 1, rows, columns));

    Matrices Many(string name, int count, int rows, int columns) => Add(Stored(name, count, rows, columns));

    Matrices Add(StoredMatrices stored)
    {
        Matrices matrices = new(stored, kernels);
        _matrices.Add(matrices);
        return matrices;
    }

    StoredMatrices Stored(string name, int count, int rows, int columns) => file.Stored(name, count, rows, columns);

    Native<float> Vector(string name, int length) => file.Vector(name, length);
}

/// <summary>All weights of a model.</summary>
sealed record ModelWeights
{
    /// <summary>[vocabulary, hidden]</summary>
    public required StoredMatrices Embedding { get; init; }

    public required LayerWeights[] Layers { get; init; }

    /// <summary>[hidden]</summary>
    public required Native<float> Norm { get; init; }

    /// <summary>[vocabulary, hidden]</summary>
    public required Matrices Head { get; init; }

    /// <summary>Every matrix once, in the order in which a forward pass meets them.</summary>
    public required IReadOnlyList<Matrices> All { get; init; }
}
