// Writes the trained model as a GGUF file that the engine, or llama.cpp, loads. Knows no training.

using System.Runtime.InteropServices;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Network;
using Baltoro.Transcripts;
using TorchSharp;
using static TorchSharp.torch;

namespace Baltoro.Trainer;

/// <summary>Matrices are halves, or floats where that is asked for; norms, routers and biases are floats. Tensor names are those of llama.cpp's converter.</summary>
static class Export
{
    public const string Name = "piolet";

    /// <param name="weights">Of <see cref="Parameters.Copy"/>, 32-bit.</param>
    /// <param name="biases">[layers, experts]</param>
    public static void Write(string path, Shape shape, Dictionary<string, Tensor> weights, Tensor biases, Vocabulary vocabulary, TensorType type)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        GgufWriter file = new();
        ShapeWriter.Write(file, shape, Name);
        // Tells the product that the tools need no declaration: the model was trained with them.
        file.Add("baltoro.scope", "narrow");
        file.Add("baltoro.quoted_arguments", Profile.QuotedArguments);
        file.Add("baltoro.thought_forms", Profile.ThoughtForms);
        vocabulary.Describe(file);
        Matrix("token_embd.weight", weights["embedding"]);
        for (int layer = 0; layer < shape.Layers; layer++) Layer(layer);
        Exact("output_norm.weight", weights["norm"]);
        file.Write(path);

        void Layer(int layer)
        {
            string from = $"{layer}.", to = $"blk.{layer}.";
            Exact(to + "attn_norm.weight", weights[from + "attention norm"]);
            Exact(to + "ffn_norm.weight", weights[from + "feed norm"]);
            Exact(to + "attn_q_a_norm.weight", weights[from + "query norm"]);
            Exact(to + "attn_kv_a_norm.weight", weights[from + "latent norm"]);
            Tensor[] down = weights[from + "down"].split([shape.QueryRank, shape.CacheRow], 0);
            Matrix(to + "attn_q_a.weight", down[0]);
            Matrix(to + "attn_kv_a_mqa.weight", down[1]);
            Matrix(to + "attn_q_b.weight", weights[from + "query up"]);
            Tensor[] up = weights[from + "latent up"].view(shape.Heads, shape.Plain + shape.Value, shape.Latent).split([shape.Plain, shape.Value], 1);
            // Keys are absorbed into queries, so their half stands the other way round: [heads, latent, plain].
            Matrix(to + "attn_k_b.weight", up[0].transpose(1, 2));
            Matrix(to + "attn_v_b.weight", up[1]);
            Matrix(to + "attn_output.weight", weights[from + "output"]);
            if (layer < shape.DenseLayers)
            {
                Feed(to, "", weights[from + "widen"], weights[from + "narrow"]);
                return;
            }
            Exact(to + "ffn_gate_inp.weight", weights[from + "router"]);
            Exact(to + "exp_probs_b.bias", biases.select(0, layer));
            Feed(to, "_exps", weights[from + "experts widen"], weights[from + "experts narrow"]);
            Feed(to, "_shexp", weights[from + "shared widen"], weights[from + "shared narrow"]);
        }

        void Feed(string to, string suffix, Tensor widen, Tensor narrow)
        {
            Tensor[] halves = widen.chunk(2, -2);
            Matrix($"{to}ffn_gate{suffix}.weight", halves[0]);
            Matrix($"{to}ffn_up{suffix}.weight", halves[1]);
            Matrix($"{to}ffn_down{suffix}.weight", narrow);
        }

        void Matrix(string name, Tensor values) => Add(name, type, values);

        void Exact(string name, Tensor values) => Add(name, TensorType.F32, values);

        void Add(string name, TensorType stored, Tensor values)
        {
            float[] numbers = values.contiguous().data<float>().ToArray();
            file.Add(name, stored, [.. values.shape.Reverse()], stream => stream.Write(stored switch
            {
                TensorType.F32 => MemoryMarshal.AsBytes<float>(numbers),
                TensorType.F16 => MemoryMarshal.AsBytes<Half>(Array.ConvertAll(numbers, one => (Half)one)),
                _ => throw new ArgumentException($"{stored} is not written; F16 or F32 was expected.", nameof(type)),
            }));
        }
    }

    /// <summary>The model as floats, its logits by libtorch and by the engine: the largest difference, as a share of the largest logit of its row.</summary>
    public static (double Difference, int SameBest, int Places) Compare(Network network, Dictionary<string, Tensor> weights, string path, IReadOnlyList<TokenRow> rows)
    {
        using var none = no_grad();
        using Baltoro.Engine.Model model = Baltoro.Engine.Model.Open(path, new() { CachePrecision = Baltoro.Engine.Cache.CachePrecision.Single, CacheMemory = 1L << 28, Threads = 1 });
        double difference = 0;
        int same = 0, places = 0;
        foreach (TokenRow row in rows)
        {
            using var scope = NewDisposeScope();
            long[] all = [.. Enumerable.Range(0, row.Ids.Length).Select(one => (long)one)];
            float[] theirs = network.Logits(weights, tensor([.. row.Ids.Select(one => (long)one)], 1, row.Ids.Length), tensor(all), ScalarType.Float32, null).data<float>().ToArray();
            using Baltoro.Engine.Session session = model.Begin();
            session.EvaluateAll(row.Ids, (position, ours) =>
            {
                ReadOnlySpan<float> expected = theirs.AsSpan(position * ours.Length, ours.Length);
                float largest = 0, apart = 0;
                int best = 0, bestExpected = 0;
                for (int i = 0; i < ours.Length; i++)
                {
                    largest = Math.Max(largest, Math.Abs(expected[i]));
                    apart = Math.Max(apart, Math.Abs(expected[i] - ours[i]));
                    if (ours[i] > ours[best]) best = i;
                    if (expected[i] > expected[bestExpected]) bestExpected = i;
                }
                difference = Math.Max(difference, apart / largest);
                if (best == bestExpected) same++;
                places++;
            });
        }
        return (difference, same, places);
    }
}
