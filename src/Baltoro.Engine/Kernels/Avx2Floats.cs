// Products with float weights for AVX2: half of a panel's rows in a register. Knows no file format.
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>A lane is a row; even and odd columns are summed apart, as <see cref="ScalarFloats{TLayout}"/> does.</summary>
sealed unsafe class Avx2Floats<TLayout> : PanelKernel where TLayout : struct, IFloats
{
    public override int StepColumns => 1;

    public override int StepBytes => Rows * TLayout.Bytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        float* inputs = x.Floats + (long)first * x.Columns;
        for (int part = 0; part < 2; part++, panel += 8 * TLayout.Bytes, y += 8)
            if (width == 1) One(panel, inputs, x.Columns, y);
            else if (width == 2) Two(panel, inputs, x.Columns, y, stride);
            else
                for (int token = 0; token < count; token += 4)
                    Four(panel, inputs + token, width, x.Columns, y + token * stride, stride, count - token);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(byte* panel, float* x, int columns, float* y)
    {
        Vector256<float> even = default, odd = default;
        for (int k = 0; k < columns; k += 2, panel += 2 * Rows * TLayout.Bytes)
        {
            even = Vector256.FusedMultiplyAdd(TLayout.Eight(panel), Vector256.Create(x[k]), even);
            odd = Vector256.FusedMultiplyAdd(TLayout.Eight(panel + Rows * TLayout.Bytes), Vector256.Create(x[k + 1]), odd);
        }
        (even + odd).Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(byte* panel, float* x, int columns, float* y, long stride)
    {
        Vector256<float> e0 = default, e1 = default, o0 = default, o1 = default;
        for (int k = 0; k < columns; k += 2, x += 4, panel += 2 * Rows * TLayout.Bytes)
        {
            Vector256<float> even = TLayout.Eight(panel), odd = TLayout.Eight(panel + Rows * TLayout.Bytes);
            e0 = Vector256.FusedMultiplyAdd(even, Vector256.Create(x[0]), e0);
            e1 = Vector256.FusedMultiplyAdd(even, Vector256.Create(x[1]), e1);
            o0 = Vector256.FusedMultiplyAdd(odd, Vector256.Create(x[2]), o0);
            o1 = Vector256.FusedMultiplyAdd(odd, Vector256.Create(x[3]), o1);
        }
        (e0 + o0).Store(y);
        (e1 + o1).Store(y + stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(byte* panel, float* x, int width, int columns, float* y, long stride, int count)
    {
        Vector256<float> e0 = default, e1 = default, e2 = default, e3 = default, o0 = default, o1 = default, o2 = default, o3 = default;
        for (int k = 0; k < columns; k += 2, panel += 2 * Rows * TLayout.Bytes)
        {
            Vector256<float> even = TLayout.Eight(panel), odd = TLayout.Eight(panel + Rows * TLayout.Bytes);
            e0 = Vector256.FusedMultiplyAdd(even, Vector256.Create(x[0]), e0);
            e1 = Vector256.FusedMultiplyAdd(even, Vector256.Create(x[1]), e1);
            e2 = Vector256.FusedMultiplyAdd(even, Vector256.Create(x[2]), e2);
            e3 = Vector256.FusedMultiplyAdd(even, Vector256.Create(x[3]), e3);
            x += width;
            o0 = Vector256.FusedMultiplyAdd(odd, Vector256.Create(x[0]), o0);
            o1 = Vector256.FusedMultiplyAdd(odd, Vector256.Create(x[1]), o1);
            o2 = Vector256.FusedMultiplyAdd(odd, Vector256.Create(x[2]), o2);
            o3 = Vector256.FusedMultiplyAdd(odd, Vector256.Create(x[3]), o3);
            x += width;
        }
        (e0 + o0).Store(y);
        if (count > 1) (e1 + o1).Store(y + stride);
        if (count > 2) (e2 + o2).Store(y + 2 * stride);
        if (count > 3) (e3 + o3).Store(y + 3 * stride);
    }
}
