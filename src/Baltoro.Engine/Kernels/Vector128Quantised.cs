// Products with quantised weights in 16-byte registers: a quarter of a panel's rows in one. Knows no file format.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Baltoro.Engine.Kernels;

/// <summary>A lane is a row. Sums of a group are exact in 32 bits, so they may be made in any order.</summary>
sealed unsafe class Vector128Quantised<TLayout> : PanelKernel where TLayout : struct, IQuantised
{
    public override int StepColumns => TLayout.Groups * Operand.Group;

    public override int StepBytes => TLayout.StepBytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        long groups = x.Padded / Operand.Group;
        for (int part = 0; part < 4; part++)
            for (int token = 0; token < count; token += 2)
                Two(panel, Steps(x.Columns), part, x.Ints + first * (long)x.Padded + token * Operand.Group, x.Scales + first * groups + token, x.Corrections + first * groups + token,
                    x.Halves + first * groups + token, width, y + 4 * part + token * stride, count - token == 1 ? 0 : stride);
    }

    /// <summary>Two tokens, or one and the same twice where their outputs are no distance apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(byte* panel, int steps, int part, sbyte* a, float* by, int* correction, int* half, int width, float* y, long stride)
    {
        Vector128<float> c0 = default, c1 = default;
        int second = stride == 0 ? 0 : 1;
        for (int s = 0; s < steps; s++, panel += TLayout.StepBytes)
            for (int g = 0; g < TLayout.Groups; g++, a += width * Operand.Group, by += width, correction += width, half += width)
            {
                TLayout.Load(panel, g, part, out Vector128<byte> v0, out var v1, out var v2, out var v3, out var v4, out var v5, out var v6, out var v7, out Vector128<float> scale, out Vector128<float> other);
                c0 = Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, other, a, *by, *correction, *half, c0);
                if (second > 0) c1 = Add(v0, v1, v2, v3, v4, v5, v6, v7, scale, other, a + Operand.Group, by[1], correction[1], half[1], c1);
            }
        c0.Store(y);
        if (second > 0) c1.Store(y + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> Add(Vector128<byte> v0, Vector128<byte> v1, Vector128<byte> v2, Vector128<byte> v3, Vector128<byte> v4, Vector128<byte> v5, Vector128<byte> v6, Vector128<byte> v7,
        Vector128<float> scale, Vector128<float> second, sbyte* a, float by, int correction, int half, Vector128<float> sum)
    {
        Vector128<int> front = Dot(v3, a + 12, Dot(v2, a + 8, Dot(v1, a + 4, Dot(v0, a, default))));
        Vector128<int> back = Dot(v7, a + 28, Dot(v6, a + 24, Dot(v5, a + 20, Dot(v4, a + 16, default))));
        Vector128<float> all = Vector128.Create(by);
        return TLayout.Kind switch
        {
            GroupKind.NibblesAboveLeast or GroupKind.FiveBitsAboveLeast =>
                Vector128.FusedMultiplyAdd(Vector128.Create((float)correction), second * all, Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(front + back), scale * all, sum)),
            GroupKind.SixBitsInHalves => Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(back + Vector128.Create(4 * (correction - half))), second * all,
                Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(front + Vector128.Create(4 * half)), scale * all, sum)),
            // Bytes were made signed on the way, which takes their zero point off.
            GroupKind.Bytes => Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(front + back), scale * all, sum),
            _ => Vector128.FusedMultiplyAdd(Vector128.ConvertToSingle(front + back + Vector128.Create(correction)), scale * all, sum),
        };
    }

    /// <summary>Adds the products of four columns of each row with four of the operand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<int> Dot(Vector128<byte> weights, sbyte* a, Vector128<int> sum)
    {
        Vector128<sbyte> signed = (TLayout.Kind == GroupKind.Bytes ? weights ^ Vector128.Create((byte)128) : weights).AsSByte(), inputs = Vector128.Create(*(int*)a).AsSByte();
        if (Dp.IsSupported) return Dp.DotProduct(sum, signed, inputs);
        // 128 · 127 is less than 2^15.
        Vector128<int> low = (Vector128.WidenLower(signed) * Vector128.WidenLower(inputs)).AsInt32(), high = (Vector128.WidenUpper(signed) * Vector128.WidenUpper(inputs)).AsInt32();
        low = (low << 16 >> 16) + (low >> 16);
        high = (high << 16 >> 16) + (high >> 16);
        // Of each row two sums stand side by side.
        return sum + Vector128.Create(low[0] + low[1], low[2] + low[3], high[0] + high[1], high[2] + high[3]);
    }
}
