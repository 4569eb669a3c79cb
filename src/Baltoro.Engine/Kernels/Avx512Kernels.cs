// The kernels for AVX-512: 16 rows of a panel in one register. Knows no model.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>Needs F and BW.</summary>
sealed unsafe class Avx512Kernels : KernelSet
{
    readonly Avx512Floats<F32> _f32 = new();
    readonly Avx512Floats<F16> _f16 = new();
    readonly Avx512Floats<BF16> _bf16 = new();
    readonly Avx512Quantised<Q4> _q4 = new();
    readonly Avx512Quantised<Q8> _q8 = new();
    readonly Avx512Quantised<Q4K> _q4K = new();
    readonly Avx512Quantised<Q5K> _q5K = new();
    readonly Avx512Quantised<Q6K> _q6K = new();

    public override string Name => "avx512";

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

    // Eight rows of A by 32 columns of B are sixteen sums, half of the registers.
    public override void Accumulate(float* a, long lda, float* b, long ldb, float* c, long ldc, int m, int k, int n)
    {
        for (int j = 0; j < n; j += 32)
        {
            int i = 0;
            for (; i + 8 <= m; i += 8) Eight(a + i * lda, lda, b + j, ldb, c + i * ldc + j, ldc, k);
            for (; i < m; i++) One(a + i * lda, b + j, ldb, c + i * ldc + j, k);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Eight(float* a, long lda, float* b, long ldb, float* c, long ldc, int k)
    {
        Vector512<float> c00 = Vector512.Load(c), c01 = Vector512.Load(c + 16), c10 = Vector512.Load(c + ldc), c11 = Vector512.Load(c + ldc + 16);
        Vector512<float> c20 = Vector512.Load(c + 2 * ldc), c21 = Vector512.Load(c + 2 * ldc + 16), c30 = Vector512.Load(c + 3 * ldc), c31 = Vector512.Load(c + 3 * ldc + 16);
        Vector512<float> c40 = Vector512.Load(c + 4 * ldc), c41 = Vector512.Load(c + 4 * ldc + 16), c50 = Vector512.Load(c + 5 * ldc), c51 = Vector512.Load(c + 5 * ldc + 16);
        Vector512<float> c60 = Vector512.Load(c + 6 * ldc), c61 = Vector512.Load(c + 6 * ldc + 16), c70 = Vector512.Load(c + 7 * ldc), c71 = Vector512.Load(c + 7 * ldc + 16);
        float* a4 = a + 4 * lda;
        long lda3 = 3 * lda;
        for (int l = 0; l < k; l++, b += ldb)
        {
            Vector512<float> b0 = Vector512.Load(b), b1 = Vector512.Load(b + 16);
            Vector512<float> x = Vector512.Create(a[l]);
            (c00, c01) = (Vector512.FusedMultiplyAdd(x, b0, c00), Vector512.FusedMultiplyAdd(x, b1, c01));
            x = Vector512.Create(a[l + lda]);
            (c10, c11) = (Vector512.FusedMultiplyAdd(x, b0, c10), Vector512.FusedMultiplyAdd(x, b1, c11));
            x = Vector512.Create(a[l + 2 * lda]);
            (c20, c21) = (Vector512.FusedMultiplyAdd(x, b0, c20), Vector512.FusedMultiplyAdd(x, b1, c21));
            x = Vector512.Create(a[l + lda3]);
            (c30, c31) = (Vector512.FusedMultiplyAdd(x, b0, c30), Vector512.FusedMultiplyAdd(x, b1, c31));
            x = Vector512.Create(a4[l]);
            (c40, c41) = (Vector512.FusedMultiplyAdd(x, b0, c40), Vector512.FusedMultiplyAdd(x, b1, c41));
            x = Vector512.Create(a4[l + lda]);
            (c50, c51) = (Vector512.FusedMultiplyAdd(x, b0, c50), Vector512.FusedMultiplyAdd(x, b1, c51));
            x = Vector512.Create(a4[l + 2 * lda]);
            (c60, c61) = (Vector512.FusedMultiplyAdd(x, b0, c60), Vector512.FusedMultiplyAdd(x, b1, c61));
            x = Vector512.Create(a4[l + lda3]);
            (c70, c71) = (Vector512.FusedMultiplyAdd(x, b0, c70), Vector512.FusedMultiplyAdd(x, b1, c71));
        }
        Store(c, c00, c01);
        Store(c + ldc, c10, c11);
        Store(c + 2 * ldc, c20, c21);
        Store(c + 3 * ldc, c30, c31);
        Store(c + 4 * ldc, c40, c41);
        Store(c + 5 * ldc, c50, c51);
        Store(c + 6 * ldc, c60, c61);
        Store(c + 7 * ldc, c70, c71);
    }

    static void Store(float* to, Vector512<float> first, Vector512<float> second)
    {
        first.Store(to);
        second.Store(to + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(float* a, float* b, long ldb, float* c, int k)
    {
        Vector512<float> c0 = Vector512.Load(c), c1 = Vector512.Load(c + 16);
        for (int l = 0; l < k; l++, b += ldb)
        {
            Vector512<float> x = Vector512.Create(a[l]);
            c0 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b), c0);
            c1 = Vector512.FusedMultiplyAdd(x, Vector512.Load(b + 16), c1);
        }
        Store(c, c0, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Widen(ushort* block, int columns, float* rows, float* turned)
    {
        for (int p = 0; p < Block; p++)
            for (int i = 0; i < columns; i += 16)
                (Avx512F.ConvertToVector512UInt32(Vector256.Load(block + p * columns + i)) << 16).AsSingle().Store(rows + p * columns + i);
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
        for (int i = 0; i < columns; i += 16)
            for (int p = 0; p < Block; p += 16)
                TurnSixteen(rows + p * columns + i, columns, turned + i * Block + p);
    }

    /// <summary>A square of 16 by 16: pairs of rows are interleaved four times, 1, 2, 4 and 8 lanes at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TurnSixteen(float* from, int columns, float* to)
    {
        Vector512<float>* a = stackalloc Vector512<float>[16];
        Vector512<float>* b = stackalloc Vector512<float>[16];
        for (int i = 0; i < 16; i++) a[i] = Vector512.Load(from + i * columns);
        for (int i = 0; i < 16; i += 2) (b[i], b[i + 1]) = (Avx512F.UnpackLow(a[i], a[i + 1]), Avx512F.UnpackHigh(a[i], a[i + 1]));
        for (int i = 0; i < 16; i += 4)
        {
            a[i] = Avx512F.UnpackLow(b[i].AsDouble(), b[i + 2].AsDouble()).AsSingle();
            a[i + 1] = Avx512F.UnpackHigh(b[i].AsDouble(), b[i + 2].AsDouble()).AsSingle();
            a[i + 2] = Avx512F.UnpackLow(b[i + 1].AsDouble(), b[i + 3].AsDouble()).AsSingle();
            a[i + 3] = Avx512F.UnpackHigh(b[i + 1].AsDouble(), b[i + 3].AsDouble()).AsSingle();
        }
        // a[4 g + c], quarter q: column 4 q + c of rows 4 g to 4 g + 3.
        for (int c = 0; c < 4; c++)
        {
            Vector512<float> even0 = Avx512F.Shuffle4x128(a[c], a[c + 4], 0b10_00_10_00), odd0 = Avx512F.Shuffle4x128(a[c], a[c + 4], 0b11_01_11_01);
            Vector512<float> even1 = Avx512F.Shuffle4x128(a[c + 8], a[c + 12], 0b10_00_10_00), odd1 = Avx512F.Shuffle4x128(a[c + 8], a[c + 12], 0b11_01_11_01);
            Avx512F.Shuffle4x128(even0, even1, 0b10_00_10_00).Store(to + c * Block);
            Avx512F.Shuffle4x128(odd0, odd1, 0b10_00_10_00).Store(to + (c + 4) * Block);
            Avx512F.Shuffle4x128(even0, even1, 0b11_01_11_01).Store(to + (c + 8) * Block);
            Avx512F.Shuffle4x128(odd0, odd1, 0b11_01_11_01).Store(to + (c + 12) * Block);
        }
    }
}
