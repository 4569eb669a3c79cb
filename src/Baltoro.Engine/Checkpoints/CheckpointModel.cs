// A checkpoint's tensors under the names by which the engine asks for them. Knows no layers' arithmetic.

using System.Globalization;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Network;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Checkpoints;

/// <summary>Names as in transformers' models/deepseek_v3.</summary>
sealed unsafe class CheckpointModel : ModelFiles
{
    readonly Checkpoint _checkpoint;
    readonly ConfigReader _config;

    public CheckpointModel(string folder)
    {
        _checkpoint = Checkpoint.Open(folder);
        try
        {
            _config = new(_checkpoint.ConfigPath, _checkpoint.Config);
        }
        catch
        {
            _checkpoint.Dispose();
            throw;
        }
    }

    public override IEnumerable<string> Files => _checkpoint.Files;

    public override Preface Preface => field ??= new CheckpointPreface(_checkpoint.Folder, _config);

    public override byte[] Sample() => _checkpoint.Sample();

    public override Shape ReadShape() => _config.Read();

    public override bool Has(string name) => _checkpoint.Tensors.ContainsKey(Name(name, 0)) || _checkpoint.Tensors.ContainsKey(Name(name, 0) + "_packed");

    public override StoredMatrices Stored(string name, int count, int rows, int columns)
    {
        bool packed = _checkpoint.Tensors.ContainsKey(Name(name, 0) + "_packed");
        SafeTensor[] tensors = [.. Enumerable.Range(0, count).Select(i => _checkpoint.Tensor(Name(name, i) + (packed ? "_packed" : "")))];
        if (packed) return Packed(name, tensors, rows, columns);
        foreach (SafeTensor tensor in tensors) Check(tensor, tensors[0].Type, rows, columns);
        return new BlockMatrices(Float(tensors[0]), [.. tensors.Select(tensor => tensor.Elements)]) { Name = name, Count = count, Rows = rows, Columns = columns };
    }

    PackedMatrices Packed(string name, SafeTensor[] tensors, int rows, int columns)
    {
        SafeTensor[] scales = new SafeTensor[tensors.Length];
        for (int i = 0; i < tensors.Length; i++)
        {
            Check(tensors[i], "I32", rows, columns / 8);
            scales[i] = _checkpoint.Tensor(Name(name, i) + "_scale");
            Check(scales[i], "BF16", rows, columns / 32);
            SafeTensor shape = _checkpoint.Tensor(Name(name, i) + "_shape");
            if (!Integers(shape).SequenceEqual([rows, columns])) throw shape.Fault($"is {SafetensorsFile.Write(Integers(shape))}; [{rows}, {columns}] was expected");
        }
        return new(tensors, scales) { Name = name, Count = tensors.Length, Rows = rows, Columns = columns };
    }

    public override Native<float> Vector(string name, int length)
    {
        SafeTensor tensor = _checkpoint.Tensor(Name(name, 0));
        Check(tensor, tensor.Type, length);
        return Vector(Float(tensor), (byte*)tensor.Elements, length) ?? throw tensor.Fault("holds a number that is not finite");
    }

    static void Check(SafeTensor tensor, string type, params long[] sizes)
    {
        if (tensor.Type != type || !tensor.Sizes.SequenceEqual(sizes))
            throw tensor.Fault($"is {SafetensorsFile.Write(tensor.Sizes)} of {tensor.Type}; {SafetensorsFile.Write(sizes)} of {type} was expected");
    }

    static TensorType Float(SafeTensor tensor) => tensor.Type switch
    {
        "F32" => TensorType.F32,
        "F16" => TensorType.F16,
        "BF16" => TensorType.BF16,
        _ => throw tensor.Fault($"is of type {tensor.Type}; BF16, F16 or F32 was expected"),
    };

    static long[] Integers(SafeTensor tensor) => tensor.Type switch
    {
        "I64" => new ReadOnlySpan<long>((void*)tensor.Elements, (int)Math.Min(tensor.Bytes / 8, 8)).ToArray(),
        "I32" => [.. new ReadOnlySpan<int>((void*)tensor.Elements, (int)Math.Min(tensor.Bytes / 4, 8)).ToArray()],
        _ => throw tensor.Fault($"is of type {tensor.Type}; I64 or I32 was expected"),
    };

    /// <param name="name">As llama.cpp's converter would name it.</param>
    /// <param name="index">Of several tensors that would be one there, which.</param>
    string Name(string name, int index)
    {
        if (!name.StartsWith("blk.", StringComparison.Ordinal))
            return _config.Prefix + name switch
            {
                "token_embd.weight" => "model.embed_tokens.weight",
                "output_norm.weight" => "model.norm.weight",
                "output.weight" => "lm_head.weight",
                _ => throw Unknown(name),
            };
        int dot = name.IndexOf('.', 4);
        string rest = name[(dot + 1)..] switch
        {
            "attn_norm.weight" => "input_layernorm.weight",
            "attn_q.weight" => "self_attn.q_proj.weight",
            "attn_q_a.weight" => "self_attn.q_a_proj.weight",
            "attn_q_a_norm.weight" => "self_attn.q_a_layernorm.weight",
            "attn_q_b.weight" => "self_attn.q_b_proj.weight",
            "attn_kv_a_mqa.weight" => "self_attn.kv_a_proj_with_mqa.weight",
            "attn_kv_a_norm.weight" => "self_attn.kv_a_layernorm.weight",
            "attn_kv_b.weight" => "self_attn.kv_b_proj.weight",
            // Checkpoints keep keys and values together.
            "attn_k_b.weight" => "self_attn.k_b_proj.weight",
            "attn_output.weight" => "self_attn.o_proj.weight",
            "ffn_norm.weight" => "post_attention_layernorm.weight",
            "ffn_gate_inp.weight" => "mlp.gate.weight",
            "exp_probs_b.bias" => "mlp.gate.e_score_correction_bias",
            ['f', 'f', 'n', '_', .. var part] when part.EndsWith("_exps.weight", StringComparison.Ordinal) => string.Create(CultureInfo.InvariantCulture, $"mlp.experts.{index}.{part[..^12]}_proj.weight"),
            ['f', 'f', 'n', '_', .. var part] when part.EndsWith("_shexp.weight", StringComparison.Ordinal) => $"mlp.shared_experts.{part[..^13]}_proj.weight",
            ['f', 'f', 'n', '_', .. var part] => $"mlp.{part[..^7]}_proj.weight",
            _ => throw Unknown(name),
        };
        return $"{_config.Prefix}model.layers.{name.AsSpan(4, dot - 4)}.{rest}";
    }

    static InvalidOperationException Unknown(string name) => new($"{name} has no name in a checkpoint.");

    public override void Dispose() => _checkpoint.Dispose();
}
