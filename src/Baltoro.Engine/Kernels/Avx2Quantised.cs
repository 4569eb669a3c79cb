// Products with quantised weights for AVX2: half of a panel's rows in a register. Knows no file format and no arithmetic.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>Walks over a panel's groups once for up to four tokens, each with a sum of its own; what is done in a group is <typeparamref name="TSums"/>'s.</summary>
sealed unsafe class Avx2Quantised<TLayout, TSums> : PanelKernel where TLayout : struct, IQuantised where TSums : struct, IHalfPanelSums
{
    /// <summary>Bytes between what is multiplied and what is fetched from memory meanwhile.</summary>
    const int Ahead = 8192;

    public override int StepColumns => TLayout.Groups * Operand.Group;

    public override int StepBytes => TLayout.StepBytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        Inputs inputs = new(x, first);
        int steps = Steps(x.Columns);
        if (width == 1)
        {
            One(panel, 1, steps, inputs, y);
            return;
        }
        for (int part = 0; part < 2; part++, y += 8)
            switch (width)
            {
                case 8:
                    // Eight sums and eight weights are more than there are registers.
                    Four(panel, steps, part, inputs, 8, y, stride, Math.Min(4, count), isFirst: first == 0 && part == 0);
                    Four(panel, steps, part, inputs.From(4), 8, y + 4 * stride, stride, count - 4, isFirst: false);
                    break;
                case 4:
                    Four(panel, steps, part, inputs, 4, y, stride, count, isFirst: first == 0 && part == 0);
                    break;
                default:
                    Two(panel, steps, part, inputs, y, stride);
                    break;
            }
    }

    /// <remarks>One token is what decoding has: all panels are walked over without a pause.</remarks>
    public override void Multiply(byte* panel, int count, in Operand x, float* y, long stride)
    {
        if (x.Count == 1) One(panel, count, Steps(x.Columns), new(x, 0), y);
        else base.Multiply(panel, count, x, y, stride);
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
    static void One(byte* panel, int count, int steps, Inputs x, float* y)
    {
        for (; count > 0; count--, y += Rows)
        {
            Vector256<float> c0 = default, c1 = default;
            sbyte* a = x.Ints;
            float* by = x.Scales;
            int* correction = x.Corrections, half = x.Halves;
            for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
            {
                // As in AVX-512.
                for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch2(panel + Ahead + line);
                for (int g = 0; g < TLayout.Groups; g++, a += Operand.Group, by++, correction++, half++)
                {
                    TLayout.Load(panel, g, 0, out Vector256<byte> v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out Vector256<float> scale, out Vector256<float> second);
                    c0 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, by, correction, half, c0);
                    TLayout.Load(panel, g, 1, out v0, out v1, out v2, out v3, out v4, out v5, out v6, out v7, out scale, out second);
                    c1 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, by, correction, half, c1);
                }
            }
            c0.Store(y);
            c1.Store(y + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(byte* panel, int steps, int part, Inputs x, float* y, long stride)
    {
        Vector256<float> c0 = default, c1 = default;
        sbyte* a = x.Ints;
        float* by = x.Scales;
        int* correction = x.Corrections, half = x.Halves;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
        {
            for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch0(panel + Ahead + line);
            for (int g = 0; g < TLayout.Groups; g++, a += 2 * Operand.Group, by += 2, correction += 2, half += 2)
            {
                TLayout.Load(panel, g, part, out Vector256<byte> v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out Vector256<float> scale, out Vector256<float> second);
                c0 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, by, correction, half, c0);
                c1 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 32, by + 1, correction + 1, half + 1, c1);
            }
        }
        c0.Store(y);
        c1.Store(y + stride);
    }

    /// <param name="isFirst">Whether the panel comes from memory: afterwards it lies in a near cache.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(byte* panel, int steps, int part, Inputs x, int width, float* y, long stride, int count, bool isFirst)
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default;
        sbyte* a = x.Ints;
        float* by = x.Scales;
        int* correction = x.Corrections, half = x.Halves;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
        {
            if (isFirst)
                for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch0(panel + Ahead + line);
            for (int g = 0; g < TLayout.Groups; g++, a += width * Operand.Group, by += width, correction += width, half += width)
            {
                TLayout.Load(panel, g, part, out Vector256<byte> v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out Vector256<float> scale, out Vector256<float> second);
                c0 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, by, correction, half, c0);
                c1 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 32, by + 1, correction + 1, half + 1, c1);
                c2 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 64, by + 2, correction + 2, half + 2, c2);
                c3 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 96, by + 3, correction + 3, half + 3, c3);
            }
        }
        c0.Store(y);
        if (count > 1) c1.Store(y + stride);
        if (count > 2) c2.Store(y + 2 * stride);
        if (count > 3) c3.Store(y + 3 * stride);
    }
}
