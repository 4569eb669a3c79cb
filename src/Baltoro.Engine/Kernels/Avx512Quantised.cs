// Products with quantised weights for AVX-512: all 16 rows of a panel in one register. Knows no file format and no arithmetic.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>Walks over a panel's groups once for up to eight tokens, each with a sum of its own; what is done in a group is <typeparamref name="TSums"/>'s.</summary>
sealed unsafe class Avx512Quantised<TLayout, TSums> : PanelKernel where TLayout : struct, IQuantised where TSums : struct, IPanelSums
{
    /// <summary>Bytes between what is multiplied and what is fetched from memory meanwhile.</summary>
    const int Ahead = 8192;

    public override int StepColumns => TLayout.Groups * Operand.Group;

    public override int StepBytes => TLayout.StepBytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        Inputs inputs = new(x, first);
        int steps = Steps(x.Columns);
        switch (width)
        {
            case 8:
                Eight(panel, steps, inputs, y, stride, count, first == 0);
                break;
            case 4:
                Four(panel, steps, inputs, y, stride, count);
                break;
            case 2:
                Two(panel, steps, inputs, y, stride);
                break;
            default:
                One(panel, 1, steps, inputs, y);
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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(byte* panel, int count, int steps, Inputs x, float* y)
    {
        for (; count > 0; count--, y += Rows)
        {
            Vector512<float> c0 = default;
            sbyte* a = x.Ints;
            float* by = x.Scales;
            int* correction = x.Corrections, half = x.Halves;
            for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
            {
                // The hardware's own looking ahead ends with each page of 4 KiB. Into the second-level cache, which was the fastest of what was measured.
                for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch2(panel + Ahead + line);
                for (int g = 0; g < TLayout.Groups; g++, a += Operand.Group, by++, correction++, half++)
                {
                    TLayout.Load(panel, g, out var v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out var scale, out var second);
                    c0 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, by, correction, half, c0);
                }
            }
            c0.Store(y);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(byte* panel, int steps, Inputs x, float* y, long stride)
    {
        Vector512<float> c0 = default, c1 = default;
        sbyte* a = x.Ints;
        float* by = x.Scales;
        int* correction = x.Corrections, half = x.Halves;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
        {
            for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch0(panel + Ahead + line);
            for (int g = 0; g < TLayout.Groups; g++, a += 2 * Operand.Group, by += 2, correction += 2, half += 2)
            {
                TLayout.Load(panel, g, out var v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out var scale, out var second);
                c0 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, by, correction, half, c0);
                c1 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 32, by + 1, correction + 1, half + 1, c1);
            }
        }
        c0.Store(y);
        c1.Store(y + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(byte* panel, int steps, Inputs x, float* y, long stride, int count)
    {
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default;
        sbyte* a = x.Ints;
        float* by = x.Scales;
        int* correction = x.Corrections, half = x.Halves;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
        {
            for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch0(panel + Ahead + line);
            for (int g = 0; g < TLayout.Groups; g++, a += 4 * Operand.Group, by += 4, correction += 4, half += 4)
            {
                TLayout.Load(panel, g, out var v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out var scale, out var second);
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

    /// <param name="isFirst">Whether the panel comes from memory: for more than eight tokens it lies in a near cache from the second time on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Eight(byte* panel, int steps, Inputs x, float* y, long stride, int count, bool isFirst)
    {
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
        sbyte* a = x.Ints;
        float* by = x.Scales;
        int* correction = x.Corrections, half = x.Halves;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
        {
            if (isFirst)
                for (int line = 0; line < TLayout.StepBytes; line += 64) Sse.Prefetch0(panel + Ahead + line);
            for (int g = 0; g < TLayout.Groups; g++, a += 8 * Operand.Group, by += 8, correction += 8, half += 8)
            {
                TLayout.Load(panel, g, out var v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out var scale, out var second);
                c0 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a, by, correction, half, c0);
                c1 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 32, by + 1, correction + 1, half + 1, c1);
                c2 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 64, by + 2, correction + 2, half + 2, c2);
                c3 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 96, by + 3, correction + 3, half + 3, c3);
                c4 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 128, by + 4, correction + 4, half + 4, c4);
                c5 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 160, by + 5, correction + 5, half + 5, c5);
                c6 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 192, by + 6, correction + 6, half + 6, c6);
                c7 = TSums.Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, second, a + 224, by + 7, correction + 7, half + 7, c7);
            }
        }
        c0.Store(y);
        if (count > 1) c1.Store(y + stride);
        if (count > 2) c2.Store(y + 2 * stride);
        if (count > 3) c3.Store(y + 3 * stride);
        if (count > 4) c4.Store(y + 4 * stride);
        if (count > 5) c5.Store(y + 5 * stride);
        if (count > 6) c6.Store(y + 6 * stride);
        if (count > 7) c7.Store(y + 7 * stride);
    }
}
