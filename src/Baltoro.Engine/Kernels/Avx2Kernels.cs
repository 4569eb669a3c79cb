// The kernels for AVX2 and FMA: 8 rows of a panel in a register. Knows no model.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>What every x86 server of the last ten years has.</summary>
sealed unsafe class Avx2Kernels : KernelSet
{
    readonly Avx2Floats<F32> _f32 = new();
    readonly Avx2Floats<F16> _f16 = new();
    readonly Avx2Floats<BF16> _bf16 = new();
    readonly Avx2Quantised<Q4> _q4 = new();
    readonly Avx2Quantised<Q8> _q8 = new();
    readonly Avx2Quantised<Q4K> _q4K = new();
    readonly Avx2Quantised<Q5K> _q5K = new();
    readonly Avx2Quantised<Q6K> _q6K = new();

    public override string Name => "avx2";

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

    // Four rows of A by 16 columns of B are eight sums, half of the registers.
    public override void Accumulate(float* a, long lda, float* b, long ldb, float* c, long ldc, int m, int k, int n)
    {
        for (int j = 0; j < n; j += 16)
        {
            int i = 0;
            for (; i + 4 <= m; i += 4) Four(a + i * lda, lda, b + j, ldb, c + i * ldc + j, ldc, k);
            for (; i < m; i++) One(a + i * lda, b + j, ldb, c + i * ldc + j, k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Four(float* a, long lda, float* b, long ldb, float* c, long ldc, int k)
    {
        Vector256<float> c00 = Vector256.Load(c), c01 = Vector256.Load(c + 8), c10 = Vector256.Load(c + ldc), c11 = Vector256.Load(c + ldc + 8);
        Vector256<float> c20 = Vector256.Load(c + 2 * ldc), c21 = Vector256.Load(c + 2 * ldc + 8), c30 = Vector256.Load(c + 3 * ldc), c31 = Vector256.Load(c + 3 * ldc + 8);
        long lda3 = 3 * lda;
        for (int l = 0; l < k; l++, b += ldb)
        {
            Vector256<float> b0 = Vector256.Load(b), b1 = Vector256.Load(b + 8);
            Vector256<float> x = Vector256.Create(a[l]);
            (c00, c01) = (Fma.MultiplyAdd(x, b0, c00), Fma.MultiplyAdd(x, b1, c01));
            x = Vector256.Create(a[l + lda]);
            (c10, c11) = (Fma.MultiplyAdd(x, b0, c10), Fma.MultiplyAdd(x, b1, c11));
            x = Vector256.Create(a[l + 2 * lda]);
            (c20, c21) = (Fma.MultiplyAdd(x, b0, c20), Fma.MultiplyAdd(x, b1, c21));
            x = Vector256.Create(a[l + lda3]);
            (c30, c31) = (Fma.MultiplyAdd(x, b0, c30), Fma.MultiplyAdd(x, b1, c31));
        }
        Store(c, c00, c01);
        Store(c + ldc, c10, c11);
        Store(c + 2 * ldc, c20, c21);
        Store(c + 3 * ldc, c30, c31);
    }

    static void Store(float* to, Vector256<float> first, Vector256<float> second)
    {
        first.Store(to);
        second.Store(to + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(float* a, float* b, long ldb, float* c, int k)
    {
        Vector256<float> c0 = Vector256.Load(c), c1 = Vector256.Load(c + 8);
        for (int l = 0; l < k; l++, b += ldb)
        {
            Vector256<float> x = Vector256.Create(a[l]);
            c0 = Fma.MultiplyAdd(x, Vector256.Load(b), c0);
            c1 = Fma.MultiplyAdd(x, Vector256.Load(b + 8), c1);
        }
        Store(c, c0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Widen(ushort* block, int columns, float* rows, float* turned)
    {
        for (int p = 0; p < Block; p++)
            for (int i = 0; i < columns; i += 8)
                (Avx2.ConvertToVector256Int32(block + p * columns + i) << 16).AsSingle().Store(rows + p * columns + i);
        Turn(rows, columns, turned);
    }

    public override void Widen(float* block, int columns, float* rows, float* turned)
    {
        Buffer.MemoryCopy(block, rows, (long)Block * columns * 4, (long)Block * columns * 4);
        Turn(rows, columns, turned);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Turn(float* rows, int columns, float* turned)
    {
        for (int i = 0; i < columns; i += 8)
            for (int p = 0; p < Block; p += 8)
                TurnEight(rows + p * columns + i, columns, turned + i * Block + p);
    }

    /// <summary>A square of 8 by 8: pairs of rows are interleaved three times, 1, 2 and 4 lanes at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TurnEight(float* from, int columns, float* to)
    {
        Vector256<float>* a = stackalloc Vector256<float>[8];
        Vector256<float>* b = stackalloc Vector256<float>[8];
        for (int i = 0; i < 8; i++) a[i] = Vector256.Load(from + i * columns);
        for (int i = 0; i < 8; i += 2) (b[i], b[i + 1]) = (Avx.UnpackLow(a[i], a[i + 1]), Avx.UnpackHigh(a[i], a[i + 1]));
        for (int i = 0; i < 8; i += 4)
        {
            a[i] = Avx.UnpackLow(b[i].AsDouble(), b[i + 2].AsDouble()).AsSingle();
            a[i + 1] = Avx.UnpackHigh(b[i].AsDouble(), b[i + 2].AsDouble()).AsSingle();
            a[i + 2] = Avx.UnpackLow(b[i + 1].AsDouble(), b[i + 3].AsDouble()).AsSingle();
            a[i + 3] = Avx.UnpackHigh(b[i + 1].AsDouble(), b[i + 3].AsDouble()).AsSingle();
        }
        for (int c = 0; c < 4; c++)
        {
            Avx.Permute2x128(a[c], a[c + 4], 0x20).Store(to + c * Block);
            Avx.Permute2x128(a[c], a[c + 4], 0x31).Store(to + (c + 4) * Block);
        }
    }
}
