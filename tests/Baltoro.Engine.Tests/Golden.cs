// The reference numbers that the engine is held against, and what is derived from them. Golden/README.md says where they come from.

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Baltoro.Engine.Cache;
using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Tests;

static class Golden
{
    public static readonly int[] Tokens = Ints(JsonDocument.Parse(File.ReadAllBytes(At("tokens.json"))).RootElement);

    public const int Vocabulary = 512;

    /// <summary>A cache of floats, so that nothing but the weights' own precision stands between the model and the reference.</summary>
    public static ModelOptions Exact(string simd) => new() { Threads = 2, CachePrecision = CachePrecision.Single, CacheMemory = 64 << 20, BatchTokens = 64, Simd = simd };

    public static string At(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    /// <summary>[64, 512] logits.</summary>
    public static float[] Logits(string name) => Floats(File.ReadAllBytes(At(name)));

    public static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();

    /// <summary>The F32 model with Kimi K2's own ramp: beta_fast is 1 in place of 32, in the four bytes behind the key.</summary>
    public static string WriteK2Yarn(string folder)
    {
        byte[] model = File.ReadAllBytes(At("tiny.gguf"));
        byte[] key = Encoding.ASCII.GetBytes("deepseek2.rope.scaling.yarn_beta_fast");
        int at = model.AsSpan().IndexOf(key) + key.Length + 4;
        BitConverter.TryWriteBytes(model.AsSpan(at), 1f);
        string path = Path.Combine(folder, "tiny_k2yarn.gguf");
        File.WriteAllBytes(path, model);
        return path;
    }

    /// <summary>The F32 model with its matrices rounded to halves; the router keeps its floats.</summary>
    public static string WriteHalves(string folder)
    {
        using GgufFile tiny = GgufFile.Open(At("tiny.gguf"));
        GgufWriter halves = new();
        foreach (string key in tiny.Metadata.Keys) Copy(tiny, key, halves);
        foreach (GgufTensor tensor in tiny.Tensors.Values)
        {
            float[] values = Values(tensor);
            if (tensor.Dimensions.Length == 1 || tensor.Name.Contains("ffn_gate_inp", StringComparison.Ordinal)) Add(halves, tensor.Name, tensor.Dimensions.ToArray(), values);
            else halves.Add(tensor.Name, TensorType.F16, tensor.Dimensions.ToArray(), stream => stream.Write(MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value))));
        }
        string path = Path.Combine(folder, "tiny_f16.gguf");
        halves.Write(path);
        return path;
    }

    /// <summary>The F32 model as it was stored before the absorbed form: a head's keys above its values in one tensor, and no keys of the absorbed form's widths.</summary>
    public static string WriteJoined(string folder)
    {
        using GgufFile tiny = GgufFile.Open(At("tiny.gguf"));
        int heads = tiny.Metadata.Integer("deepseek2.attention.head_count"), latent = tiny.Metadata.Integer("deepseek2.attention.kv_lora_rank"), value = tiny.Metadata.Integer("deepseek2.attention.value_length_mla");
        int plain = tiny.Metadata.Integer("deepseek2.attention.key_length_mla") - tiny.Metadata.Integer("deepseek2.rope.dimension_count");
        GgufWriter joined = new();
        foreach (string key in tiny.Metadata.Keys.Where(key => !key.EndsWith("_mla", StringComparison.Ordinal)))
            if (key is "deepseek2.attention.key_length" or "deepseek2.attention.value_length") joined.Add(key, tiny.Metadata.Integer(key + "_mla"));
            else Copy(tiny, key, joined);
        foreach (GgufTensor tensor in tiny.Tensors.Values.Where(tensor => !tensor.Name.Contains("attn_v_b", StringComparison.Ordinal)))
        {
            float[] values = Values(tensor);
            if (!tensor.Name.Contains("attn_k_b", StringComparison.Ordinal))
            {
                Add(joined, tensor.Name, tensor.Dimensions.ToArray(), values);
                continue;
            }
            float[] both = new float[heads * (plain + value) * latent], up = Values(tiny.Tensor(tensor.Name.Replace("attn_k_b", "attn_v_b", StringComparison.Ordinal)));
            for (int head = 0; head < heads; head++)
                for (int row = 0; row < plain + value; row++)
                    for (int column = 0; column < latent; column++)
                        both[(head * (plain + value) + row) * latent + column] = row < plain ? values[(head * latent + column) * plain + row] : up[(head * value + row - plain) * latent + column];
            Add(joined, tensor.Name.Replace("attn_k_b", "attn_kv_b", StringComparison.Ordinal), [latent, heads * (plain + value)], both);
        }
        string path = Path.Combine(folder, "tiny_joined.gguf");
        joined.Write(path);
        return path;
    }

    /// <summary>The F32 model with heads before and behind its own that attend like its first one and are not listened to.</summary>
    public static string WriteIdleHeads(string folder, int before, int behind)
    {
        using GgufFile tiny = GgufFile.Open(At("tiny.gguf"));
        const string Count = "deepseek2.attention.head_count";
        int heads = tiny.Metadata.Integer(Count);
        GgufWriter wide = new();
        foreach (string key in tiny.Metadata.Keys)
            if (key == Count) wide.Add(key, before + heads + behind);
            else Copy(tiny, key, wide);
        foreach (GgufTensor tensor in tiny.Tensors.Values)
        {
            float[] values = Values(tensor);
            long[] sizes = tensor.Dimensions.ToArray();
            if (tensor.Name.EndsWith("attn_q_b.weight", StringComparison.Ordinal) || tensor.Name.EndsWith("attn_k_b.weight", StringComparison.Ordinal) || tensor.Name.EndsWith("attn_v_b.weight", StringComparison.Ordinal))
            {
                float[] first = values[..(values.Length / heads)];
                values = [.. Enumerable.Repeat(first, before).SelectMany(one => one), .. values, .. Enumerable.Repeat(first, behind).SelectMany(one => one)];
                sizes[^1] = sizes[^1] / heads * (before + heads + behind);
            }
            else if (tensor.Name.EndsWith("attn_output.weight", StringComparison.Ordinal))
            {
                int head = (int)sizes[0] / heads;
                values = [.. values.Chunk((int)sizes[0]).SelectMany(row => (float[])[.. new float[before * head], .. row, .. new float[behind * head]])];
                sizes[0] = head * (before + heads + behind);
            }
            Add(wide, tensor.Name, sizes, values);
        }
        string path = Path.Combine(folder, "tiny_wide.gguf");
        wide.Write(path);
        return path;
    }

    static unsafe float[] Values(GgufTensor tensor) => new ReadOnlySpan<float>(tensor.Elements, (int)(tensor.Bytes / 4)).ToArray();

    static void Add(GgufWriter to, string name, long[] sizes, float[] values) => to.Add(name, TensorType.F32, sizes, stream => stream.Write(MemoryMarshal.AsBytes<float>(values)));

    /// <summary>A key of one file into another.</summary>
    public static void Copy(GgufFile from, string key, GgufWriter to)
    {
        switch (from.Metadata.KindOf(key).Kind)
        {
            case GgufKind.String: to.Add(key, from.Metadata.Text(key)); break;
            case GgufKind.UInt32: to.Add(key, from.Metadata.Integer(key)); break;
            case GgufKind.Float32: to.Add(key, from.Metadata.Number(key)); break;
            case GgufKind.Bool: to.Add(key, from.Metadata.Flag(key, false)); break;
        }
    }

    /// <summary>Logits of all tokens in one piece.</summary>
    public static float[] Whole(Model model)
    {
        using Session session = model.Begin();
        float[] logits = new float[Tokens.Length * Vocabulary];
        session.EvaluateAll(Tokens, (position, row) => row.CopyTo(logits.AsSpan(position * Vocabulary)));
        return logits;
    }

    /// <summary>Root of the mean squared difference over the root of the mean square of what is expected.</summary>
    public static double RelativeRms(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, size = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow((double)actual[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }
        return Math.Sqrt(difference / size);
    }

    /// <summary>The largest logit's place for each position.</summary>
    public static int[] Largest(ReadOnlySpan<float> logits)
    {
        int[] largest = new int[logits.Length / Vocabulary];
        for (int i = 0; i < largest.Length; i++)
        {
            ReadOnlySpan<float> row = logits.Slice(i * Vocabulary, Vocabulary);
            for (int k = 0; k < row.Length; k++) largest[i] = row[k] > row[largest[i]] ? k : largest[i];
        }
        return largest;
    }

    static int[] Ints(JsonElement array) => [.. array.EnumerateArray().Select(token => token.GetInt32())];
}
