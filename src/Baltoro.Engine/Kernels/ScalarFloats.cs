// The definition of a product with float weights; every faster kernel is held against it. Knows no instruction set.

namespace Baltoro.Engine.Kernels;

/// <summary>Even and odd columns are summed by themselves, each by fused multiply-adds in order, and added at the end.</summary>
sealed unsafe class ScalarFloats<TLayout> : PanelKernel where TLayout : struct, IFloats
{
    public override int StepColumns => 1;

    public override int StepBytes => Rows * TLayout.Bytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        float* inputs = x.Floats + (long)first * x.Columns;
        for (int t = 0; t < count; t++)
            for (int r = 0; r < Rows; r++)
            {
                float even = 0, odd = 0;
                for (int k = 0; k < x.Columns; k += 2)
                {
                    even = MathF.FusedMultiplyAdd(TLayout.Get(panel + ((long)k * Rows + r) * TLayout.Bytes), inputs[(long)k * width + t], even);
                    odd = MathF.FusedMultiplyAdd(TLayout.Get(panel + ((long)(k + 1) * Rows + r) * TLayout.Bytes), inputs[(long)(k + 1) * width + t], odd);
                }
                y[t * stride + r] = even + odd;
            }
    }
}
