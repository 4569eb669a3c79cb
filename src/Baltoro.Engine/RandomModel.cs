// Writes a model file with random weights: for measurements and tests without a download. Knows no forward pass.

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Network;

namespace Baltoro.Engine;

/// <summary>A GGUF file of any shape of the family; what it says is noise, what it costs is what a real one costs.</summary>
public static class RandomModel
{
    /// <param name="type">The type of the large matrices. Rows that are not made of its blocks are Q8_0; norms, routers and biases are F32.</param>
    /// <param name="seed">The same seed gives the same bytes.</param>
    /// <param name="progress">Is told the share that is done, 0 to 1.</param>
    /// <exception cref="ArgumentException">The shape makes no sense.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Shape shape, TensorType type, ulong seed = 1, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        if (shape.Problem is { } problem) throw new ArgumentException($"The model has {problem}.", nameof(shape));
        GgufWriter file = new();
        ShapeWriter.Write(file, shape, "random weights");
        RandomVocabulary.WriteKeys(file, shape.Vocabulary);
        Noise noise = new(seed);
        Matrix("token_embd.weight", shape.Hidden, shape.Vocabulary);
        for (int i = 0; i < shape.Layers; i++) Layer(i);
        Ones("output_norm.weight", shape.Hidden);
        Matrix("output.weight", shape.Hidden, shape.Vocabulary);
        file.Write(path, progress, cancellation);

        void Layer(int i)
        {
            string at = $"blk.{i}.";
            int queries = shape.Heads * shape.Query;
            Ones(at + "attn_norm.weight", shape.Hidden);
            if (shape.QueryRank > 0)
            {
                Matrix(at + "attn_q_a.weight", shape.Hidden, shape.QueryRank);
                Ones(at + "attn_q_a_norm.weight", shape.QueryRank);
                Matrix(at + "attn_q_b.weight", shape.QueryRank, queries);
            }
            else Matrix(at + "attn_q.weight", shape.Hidden, queries);
            Matrix(at + "attn_kv_a_mqa.weight", shape.Hidden, shape.CacheRow);
            Ones(at + "attn_kv_a_norm.weight", shape.Latent);
            Matrix(at + "attn_k_b.weight", shape.Plain, shape.Latent, shape.Heads);
            Matrix(at + "attn_v_b.weight", shape.Latent, shape.Value, shape.Heads);
            Matrix(at + "attn_output.weight", shape.Heads * shape.Value, shape.Hidden);
            Ones(at + "ffn_norm.weight", shape.Hidden);
            if (i < shape.DenseLayers) Network(at, "", shape.DenseWidth);
            else Experts(at, shape.Routing!);
        }

        void Experts(string at, Routing routing)
        {
            Numbers(at + "ffn_gate_inp.weight", [shape.Hidden, routing.Experts], 1 / MathF.Sqrt(shape.Hidden));
            if (routing.Gating == Gating.Sigmoid) Numbers(at + "exp_probs_b.bias", [routing.Experts], 0.02f);
            Network(at, "_exps", routing.Width, routing.Experts);
            if (routing.Shared > 0) Network(at, "_shexp", routing.Width * routing.Shared);
        }

        void Network(string at, string suffix, int width, params long[] count)
        {
            Matrix($"{at}ffn_gate{suffix}.weight", [shape.Hidden, width, .. count]);
            Matrix($"{at}ffn_up{suffix}.weight", [shape.Hidden, width, .. count]);
            Matrix($"{at}ffn_down{suffix}.weight", [width, shape.Hidden, .. count]);
        }

        void Matrix(string name, params long[] sizes)
        {
            TensorType stored = sizes[0] % TensorTypes.Block(type).Elements == 0 ? type : TensorType.Q8_0;
            file.Add(name, stored, sizes, stream => noise.Write(stream, stored, sizes, 1 / MathF.Sqrt(sizes[0])));
        }

        void Numbers(string name, long[] sizes, float deviation) => file.Add(name, TensorType.F32, sizes, stream => noise.Write(stream, TensorType.F32, sizes, deviation));

        void Ones(string name, int length) =>
            file.Add(name, TensorType.F32, [length], stream => stream.Write(MemoryMarshal.AsBytes<float>(Enumerable.Repeat(1f, length).ToArray())));
    }

    /// <summary>xorshift64* (Vigna, arXiv 1402.6246), written as blocks whose values have about the deviation asked for.</summary>
    sealed class Noise(ulong seed)
    {
        readonly byte[] _buffer = new byte[1 << 16];
        ulong _state = seed * 0x9E3779B97F4A7C15 | 1;

        ulong Next()
        {
            _state ^= _state >> 12;
            _state ^= _state << 25;
            _state ^= _state >> 27;
            return _state * 0x2545F4914F6CDD1D;
        }

        public void Write(Stream stream, TensorType type, long[] sizes, float deviation)
        {
            var (elements, bytes) = TensorTypes.Block(type);
            long blocks = sizes.Aggregate((all, size) => all * size) / elements;
            int fit = _buffer.Length / bytes;
            while (blocks > 0)
            {
                int count = (int)Math.Min(blocks, fit);
                Span<byte> part = _buffer.AsSpan(0, count * bytes);
                Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(_buffer.AsSpan(0, (part.Length + 7) / 8 * 8));
                foreach (ref ulong word in words) word = Next();
                for (int i = 0; i < count; i++) Shape(part.Slice(i * bytes, bytes), type, deviation);
                stream.Write(part);
                blocks -= count;
            }
        }

        /// <summary>Puts scales into a block of random bits; of floats, makes every one.</summary>
        static void Shape(Span<byte> block, TensorType type, float deviation)
        {
            // Quants reach further down than up; under a scale of either sign their mean is zero all the same.
            float signed = (block[0] & 1) == 0 ? deviation : -deviation;
            switch (type)
            {
                case TensorType.F32:
                    BinaryPrimitives.WriteSingleLittleEndian(block, Even(BinaryPrimitives.ReadUInt32LittleEndian(block)) * deviation);
                    break;
                case TensorType.F16:
                    BinaryPrimitives.WriteHalfLittleEndian(block, (Half)(Even((uint)BinaryPrimitives.ReadUInt16LittleEndian(block) << 16) * deviation));
                    break;
                case TensorType.BF16:
                    BinaryPrimitives.WriteUInt16LittleEndian(block, (ushort)(BitConverter.SingleToUInt32Bits(Even((uint)BinaryPrimitives.ReadUInt16LittleEndian(block) << 16) * deviation) >> 16));
                    break;
                // The deviations of evenly spread values: 4.6 of 16 levels, 74 of 256; K types have 6-bit scales of 31.5 in the mean beside, and theirs and the least values' spread: 1.8 times as much.
                case TensorType.Q4_0:
                    BinaryPrimitives.WriteHalfLittleEndian(block, (Half)(signed / 4.6f));
                    break;
                case TensorType.Q8_0:
                    BinaryPrimitives.WriteHalfLittleEndian(block, (Half)(signed / 74));
                    break;
                case TensorType.Q4_K or TensorType.Q5_K:
                    float d = deviation / 31.5f / (type == TensorType.Q4_K ? 8.2f : 16.8f);
                    BinaryPrimitives.WriteHalfLittleEndian(block, (Half)d);
                    BinaryPrimitives.WriteHalfLittleEndian(block[2..], (Half)(d * (type == TensorType.Q4_K ? 7.5f : 15.5f)));
                    break;
                case TensorType.Q6_K:
                    BinaryPrimitives.WriteHalfLittleEndian(block[208..], (Half)(deviation / 74 / 18.5f));
                    break;
                default:
                    throw new InvalidOperationException($"{type} is no stored type.");
            }
        }

        /// <summary>Evenly spread with a deviation of 1.</summary>
        static float Even(uint bits) => ((int)(bits >> 8) - (1 << 23)) / (float)(1 << 23) * 1.7320508f;
    }
}
