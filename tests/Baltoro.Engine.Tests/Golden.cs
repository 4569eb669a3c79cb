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
    public static unsafe string WriteHalves(string folder)
    {
        using GgufFile tiny = GgufFile.Open(At("tiny.gguf"));
        GgufWriter halves = new();
        foreach (string key in tiny.Metadata.Keys) Copy(tiny, key, halves);
        foreach (GgufTensor tensor in tiny.Tensors.Values)
        {
            float[] values = new ReadOnlySpan<float>(tensor.Elements, (int)(tensor.Bytes / 4)).ToArray();
            if (tensor.Dimensions.Length == 1 || tensor.Name.Contains("ffn_gate_inp", StringComparison.Ordinal))
                halves.Add(tensor.Name, TensorType.F32, tensor.Dimensions.ToArray(), stream => stream.Write(MemoryMarshal.AsBytes<float>(values)));
            else halves.Add(tensor.Name, TensorType.F16, tensor.Dimensions.ToArray(), stream => stream.Write(MemoryMarshal.AsBytes<Half>(Array.ConvertAll(values, value => (Half)value))));
        }
        string path = Path.Combine(folder, "tiny_f16.gguf");
        halves.Write(path);
        return path;
    }

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
