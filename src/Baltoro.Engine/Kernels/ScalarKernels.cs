// The definitions: what every other kernel set must compute, bit for bit. Knows no instruction set.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>Slow, and right by inspection.</summary>
sealed unsafe class ScalarKernels : KernelSet
{
    readonly ScalarFloats<F32> _f32 = new();
    readonly ScalarFloats<F16> _f16 = new();
    readonly ScalarFloats<BF16> _bf16 = new();
    readonly ScalarQuantised<Q4> _q4 = new();
    readonly ScalarQuantised<Q8> _q8 = new();
    readonly ScalarQuantised<Q4K> _q4K = new();
    readonly ScalarQuantised<Q5K> _q5K = new();
    readonly ScalarQuantised<Q6K> _q6K = new();

    public override string Name => "scalar";

    public override PanelKernel For(Layout layout) => layout switch
    {
        Layout.F32 => _f32,
        Layout.F16 => _f16,
        Layout.BF16 => _bf16,
        Layout.Q4 => _q4,
        Layout.Q8 => _q8,
        Layout.Q4K => _q4K,
        Layout.Q5K => _q5K,
        Layout.Q6K => _q6K,
        _ => throw NoSuch(layout),
    };

    public override void Accumulate(float* a, long lda, float* b, long ldb, float* c, long ldc, int m, int k, int n)
    {
        for (int i = 0; i < m; i++)
            for (int l = 0; l < k; l++)
                for (int j = 0; j < n; j++)
                    c[i * ldc + j] = MathF.FusedMultiplyAdd(a[i * lda + l], b[l * ldb + j], c[i * ldc + j]);
    }

    public override void Widen(ushort* block, int columns, float* rows, float* turned)
    {
        for (int p = 0; p < Block; p++)
            for (int i = 0; i < columns; i++)
                Put(BitConverter.Int32BitsToSingle(block[p * columns + i] << 16), p, i, columns, rows, turned);
    }

    public override void Widen(float* block, int columns, float* rows, float* turned)
    {
        for (int p = 0; p < Block; p++)
            for (int i = 0; i < columns; i++)
                Put(block[p * columns + i], p, i, columns, rows, turned);
    }

    static void Put(float value, int p, int i, int columns, float* rows, float* turned)
    {
        rows[p * columns + i] = value;
        turned[i * Block + p] = value;
    }
}
