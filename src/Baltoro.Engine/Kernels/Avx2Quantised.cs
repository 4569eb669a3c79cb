// Products with quantised weights for AVX2: half of a panel's rows in a register. Knows no file format.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>
/// A lane is a row. Four columns of a row are multiplied with four of the operand, broadcast, and summed in 16 bits as long as they fit there: 15 · 127 · 2 for
/// eight vectors, 31 · 127 · 2 for four, 63 · 127 · 2 for two. Bytes are multiplied nibble by nibble.
/// </summary>
sealed unsafe class Avx2Quantised<TLayout> : PanelKernel where TLayout : struct, IQuantised
{
    /// <summary>Bytes between what is multiplied and what is fetched from memory meanwhile.</summary>
    const int Ahead = 8192;

    public override int StepColumns => TLayout.Groups * Operand.Group;

    public override int StepBytes => TLayout.StepBytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        Inputs inputs = new(x, first);
        int steps = Steps(x.Columns);
        for (int part = 0; part < 2; part++, y += 8)
            switch (width)
            {
                case 8:
                    // Eight sums and eight weights are more than there are registers.
                    Four(panel, steps, part, inputs, 8, y, stride, Math.Min(4, count));
                    Four(panel, steps, part, inputs.From(4), 8, y + 4 * stride, stride, count - 4);
                    break;
                case 4:
                    Four(panel, steps, part, inputs, 4, y, stride, count);
                    break;
                default:
                    One(panel, steps, part, inputs, y);
                    break;
            }
    }

    /// <summary>Where a tile's numbers are; they are read in order.</summary>
    readonly struct Inputs
    {
        public readonly sbyte* Ints;
        public readonly float* Scales;
        public readonly int* Corrections;
        public readonly int* Halves;

        public Inputs(in Operand x, int first)
        {
            long groups = x.Padded / Operand.Group;
            Ints = x.Ints + first * (long)x.Padded;
            Scales = x.Scales + first * groups;
            Corrections = x.Corrections + first * groups;
            Halves = x.Halves + first * groups;
        }

        Inputs(in Inputs tile, int token)
        {
            Ints = tile.Ints + token * Operand.Group;
            Scales = tile.Scales + token;
            Corrections = tile.Corrections + token;
            Halves = tile.Halves + token;
        }

        /// <summary>The same from a later token of the tile on.</summary>
        public Inputs From(int token) => new(this, token);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(byte* panel, int steps, int part, Inputs x, float* y)
    {
        Vector256<float> c0 = default;
        sbyte* a = x.Ints;
        int i = 0;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
        {
            // The hardware's own looking ahead ends with each page of 4 KiB.
            for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch0(panel + Ahead + line);
            for (int g = 0; g < TLayout.Groups; g++)
            {
                TLayout.Load(panel, g, part, out var v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out var scale, out var second);
                c0 = Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, x.Scales[i], x.Corrections[i], x.Halves[i], c0);
                a += Operand.Group;
                i++;
            }
        }
        c0.Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(byte* panel, int steps, int part, Inputs x, int width, float* y, long stride, int count)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
        sbyte* a = x.Ints;
        int i = 0;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
            for (int g = 0; g < TLayout.Groups; g++)
            {
                TLayout.Load(panel, g, part, out var v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out var scale, out var second);
                c0 = Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, x.Scales[i], x.Corrections[i], x.Halves[i], c0);
                c1 = Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 32, x.Scales[i + 1], x.Corrections[i + 1], x.Halves[i + 1], c1);
                c2 = Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 64, x.Scales[i + 2], x.Corrections[i + 2], x.Halves[i + 2], c2);
                c3 = Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 96, x.Scales[i + 3], x.Corrections[i + 3], x.Halves[i + 3], c3);
                a += width * Operand.Group;
                i += width;
            }
        c0.Store(y);
        if (count > 1) c1.Store(y + stride);
        if (count > 2) c2.Store(y + 2 * stride);
        if (count > 3) c3.Store(y + 3 * stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float by, int correction, int half, Vector256<float> sum)
    {
        Vector256<float> all = Vector256.Create(by);
        switch (TLayout.Kind)
        {
            case GroupKind.Nibbles:
            case GroupKind.NibblesAboveLeast:
                Vector256<short> even = Times(v0, a), odd = Times(v1, a + 4);
                even += Times(v2, a + 8);
                odd += Times(v3, a + 12);
                even += Times(v4, a + 16);
                odd += Times(v5, a + 20);
                even += Times(v6, a + 24);
                odd += Times(v7, a + 28);
                Vector256<int> dot = Pairs(even + odd);
                return TLayout.Kind == GroupKind.Nibbles
                    ? Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot + Vector256.Create(correction)), scale * all, sum)
                    : Vector256.FusedMultiplyAdd(Vector256.Create((float)correction), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * all, sum));
            case GroupKind.FiveBitsAboveLeast:
                dot = Pairs(Times(v0, a) + Times(v1, a + 4) + Times(v2, a + 8) + Times(v3, a + 12))
                    + Pairs(Times(v4, a + 16) + Times(v5, a + 20) + Times(v6, a + 24) + Times(v7, a + 28));
                return Vector256.FusedMultiplyAdd(Vector256.Create((float)correction), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * all, sum));
            case GroupKind.SixBitsInHalves:
                Vector256<int> front = Pairs(Times(v0, a) + Times(v1, a + 4)) + Pairs(Times(v2, a + 8) + Times(v3, a + 12)) + Vector256.Create(4 * half);
                Vector256<int> back = Pairs(Times(v4, a + 16) + Times(v5, a + 20)) + Pairs(Times(v6, a + 24) + Times(v7, a + 28)) + Vector256.Create(4 * (correction - half));
                return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(back), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(front), scale * all, sum));
            case GroupKind.Bytes:
                Vector256<short> low = Times(Low(v0), a) + Times(Low(v1), a + 4) + Times(Low(v2), a + 8) + Times(Low(v3), a + 12)
                    + Times(Low(v4), a + 16) + Times(Low(v5), a + 20) + Times(Low(v6), a + 24) + Times(Low(v7), a + 28);
                Vector256<short> high = Times(High(v0), a) + Times(High(v1), a + 4) + Times(High(v2), a + 8) + Times(High(v3), a + 12)
                    + Times(High(v4), a + 16) + Times(High(v5), a + 20) + Times(High(v6), a + 24) + Times(High(v7), a + 28);
                dot = Pairs(low) + Avx2.MultiplyAddAdjacent(high, Vector256.Create((short)16)) + Vector256.Create(16 * correction);
                return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * all, sum);
            default:
                throw new InvalidOperationException($"{TLayout.Kind} is no kind of group.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<short> Times(Vector256<byte> weights, sbyte* a) => Avx2.MultiplyAddAdjacent(weights, Vector256.Create(*(int*)a).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<int> Pairs(Vector256<short> sums) => Avx2.MultiplyAddAdjacent(sums, Vector256<short>.One);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> Low(Vector256<byte> bytes) => bytes & Vector256.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<byte> High(Vector256<byte> bytes) => (bytes.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15);
}
