// The definition of a product with quantised weights; every faster kernel is held against it. Knows no instruction set.

namespace Baltoro.Engine.Kernels;

/// <summary>Group by group: an exact integer sum, then one fused multiply-add into the row's float.</summary>
sealed unsafe class ScalarQuantised<TLayout> : PanelKernel where TLayout : struct, IQuantised
{
    public override int StepColumns => TLayout.Groups * Operand.Group;

    public override int StepBytes => TLayout.StepBytes;

    protected override void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count)
    {
        long groups = x.Padded / Operand.Group;
        int steps = Steps(x.Columns);
        for (int t = 0; t < count; t++)
            for (int r = 0; r < Rows; r++)
            {
                float sum = 0;
                for (int s = 0; s < steps; s++)
                    for (int g = 0; g < TLayout.Groups; g++)
                    {
                        long at = first * groups + (long)(s * TLayout.Groups + g) * width + t;
                        sum = Add(panel + (long)s * StepBytes, g, r, x.Ints + at * Operand.Group, x.Scales[at], x.Corrections[at], x.Halves[at], sum);
                    }
                y[t * stride + r] = sum;
            }
    }

    static float Add(byte* step, int g, int r, sbyte* a, float by, int correction, int half, float sum)
    {
        int front = 0, back = 0;
        for (int k = 0; k < 16; k++) front += TLayout.Value(step, g, r, k) * a[k];
        for (int k = 16; k < 32; k++) back += TLayout.Value(step, g, r, k) * a[k];
        float scale = TLayout.Scale(step, g, r) * by, second = TLayout.Second(step, g, r) * by;
        return TLayout.Kind switch
        {
            GroupKind.Nibbles => MathF.FusedMultiplyAdd(front + back + correction, scale, sum),
            GroupKind.NibblesAboveLeast or GroupKind.FiveBitsAboveLeast =>
                MathF.FusedMultiplyAdd(correction, second, MathF.FusedMultiplyAdd(front + back, scale, sum)),
            GroupKind.SixBitsInHalves =>
                MathF.FusedMultiplyAdd(back + 4 * (correction - half), second, MathF.FusedMultiplyAdd(front + 4 * half, scale, sum)),
            GroupKind.Bytes => MathF.FusedMultiplyAdd(front + back + 16 * correction, scale, sum),
            _ => throw new InvalidOperationException($"{TLayout.Kind} is no kind of group."),
        };
    }
}
