// Products with float weights in 16-byte registers: a quarter of a panel's rows in one. Knows no file format.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>A lane is a row; even and odd columns are summed apart, as <see cref="ScalarFloats{TLayout}"/> does.</summary>
sealed unsafe class Vector128Floats<TLayout> : PanelKernel where TLayout : struct, IFloats
{
    public override int StepColumns => 1;

    public override int StepBytes => Rows * TLayout.Bytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        float* inputs = x.Floats + (long)first * x.Columns;
        for (int token = 0; token < count; token += 2)
            if (count - token == 1) One(panel, inputs + token, width, x.Columns, y + token * stride);
            else Two(panel, inputs + token, width, x.Columns, y + token * stride, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(byte* panel, float* x, int width, int columns, float* y)
    {
        Vector128<float> e0 = default, e1 = default, e2 = default, e3 = default, o0 = default, o1 = default, o2 = default, o3 = default;
        for (int k = 0; k < columns; k += 2, x += 2 * width)
        {
            Vector128<float> even = Vector128.Create(x[0]), odd = Vector128.Create(x[width]);
            e0 = Vector128.FusedMultiplyAdd(TLayout.Four(panel), even, e0);
            e1 = Vector128.FusedMultiplyAdd(TLayout.Four(panel + 4 * TLayout.Bytes), even, e1);
            e2 = Vector128.FusedMultiplyAdd(TLayout.Four(panel + 8 * TLayout.Bytes), even, e2);
            e3 = Vector128.FusedMultiplyAdd(TLayout.Four(panel + 12 * TLayout.Bytes), even, e3);
            panel += Rows * TLayout.Bytes;
            o0 = Vector128.FusedMultiplyAdd(TLayout.Four(panel), odd, o0);
            o1 = Vector128.FusedMultiplyAdd(TLayout.Four(panel + 4 * TLayout.Bytes), odd, o1);
            o2 = Vector128.FusedMultiplyAdd(TLayout.Four(panel + 8 * TLayout.Bytes), odd, o2);
            o3 = Vector128.FusedMultiplyAdd(TLayout.Four(panel + 12 * TLayout.Bytes), odd, o3);
            panel += Rows * TLayout.Bytes;
        }
        (e0 + o0).Store(y);
        (e1 + o1).Store(y + 4);
        (e2 + o2).Store(y + 8);
        (e3 + o3).Store(y + 12);
    }

    /// <summary>Half of the rows, twice.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Two(byte* panel, float* x, int width, int columns, float* y, long stride)
    {
        for (int part = 0; part < 2; part++, y += 8)
        {
            Vector128<float> e00 = default, e01 = default, e10 = default, e11 = default, o00 = default, o01 = default, o10 = default, o11 = default;
            byte* at = panel + part * 8 * TLayout.Bytes;
            float* inputs = x;
            for (int k = 0; k < columns; k += 2, inputs += 2 * width)
            {
                Vector128<float> w0 = TLayout.Four(at), w1 = TLayout.Four(at + 4 * TLayout.Bytes);
                e00 = Vector128.FusedMultiplyAdd(w0, Vector128.Create(inputs[0]), e00);
                e01 = Vector128.FusedMultiplyAdd(w1, Vector128.Create(inputs[0]), e01);
                e10 = Vector128.FusedMultiplyAdd(w0, Vector128.Create(inputs[1]), e10);
                e11 = Vector128.FusedMultiplyAdd(w1, Vector128.Create(inputs[1]), e11);
                at += Rows * TLayout.Bytes;
                (w0, w1) = (TLayout.Four(at), TLayout.Four(at + 4 * TLayout.Bytes));
                o00 = Vector128.FusedMultiplyAdd(w0, Vector128.Create(inputs[width]), o00);
                o01 = Vector128.FusedMultiplyAdd(w1, Vector128.Create(inputs[width]), o01);
                o10 = Vector128.FusedMultiplyAdd(w0, Vector128.Create(inputs[width + 1]), o10);
                o11 = Vector128.FusedMultiplyAdd(w1, Vector128.Create(inputs[width + 1]), o11);
                at += Rows * TLayout.Bytes;
            }
            (e00 + o00).Store(y);
            (e01 + o01).Store(y + 4);
            (e10 + o10).Store(y + stride);
            (e11 + o11).Store(y + stride + 4);
        }
    }
}
