// Turns a block of 32 rows, so that each column is 32 neighbours. Knows no numbers.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>Square by square inside of the registers; columns are a multiple of 16.</summary>
static unsafe class Squares
{
    const int Block = KernelSet.Block;

    public static void Turn512(int* rows, int columns, int* turned)
    {
        for (int i = 0; i < columns; i += 16)
            for (int p = 0; p < Block; p += 16) Sixteen(rows + p * columns + i, columns, turned + i * Block + p);
    }

    public static void Turn256(int* rows, int columns, int* turned)
    {
        for (int i = 0; i < columns; i += 8)
            for (int p = 0; p < Block; p += 8) Eight(rows + p * columns + i, columns, turned + i * Block + p);
    }

    /// <summary>Rows are interleaved in pairs four times, 1, 2, 4 and 8 lanes at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sixteen(int* from, long columns, int* to)
    {
        Vector512<int> r0 = Vector512.Load(from), r1 = Vector512.Load(from + columns), r2 = Vector512.Load(from + 2 * columns), r3 = Vector512.Load(from + 3 * columns);
        Four(ref r0, ref r1, ref r2, ref r3);
        from += 4 * columns;
        Vector512<int> r4 = Vector512.Load(from), r5 = Vector512.Load(from + columns), r6 = Vector512.Load(from + 2 * columns), r7 = Vector512.Load(from + 3 * columns);
        Four(ref r4, ref r5, ref r6, ref r7);
        from += 4 * columns;
        Vector512<int> r8 = Vector512.Load(from), r9 = Vector512.Load(from + columns), r10 = Vector512.Load(from + 2 * columns), r11 = Vector512.Load(from + 3 * columns);
        Four(ref r8, ref r9, ref r10, ref r11);
        from += 4 * columns;
        Vector512<int> r12 = Vector512.Load(from), r13 = Vector512.Load(from + columns), r14 = Vector512.Load(from + 2 * columns), r15 = Vector512.Load(from + 3 * columns);
        Four(ref r12, ref r13, ref r14, ref r15);
        // r[4 g + c], quarter q: column 4 q + c of rows 4 g to 4 g + 3.
        Columns(r0, r4, r8, r12, to);
        Columns(r1, r5, r9, r13, to + Block);
        Columns(r2, r6, r10, r14, to + 2 * Block);
        Columns(r3, r7, r11, r15, to + 3 * Block);
    }

    /// <summary>Turns the square in each quarter of four rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(ref Vector512<int> a, ref Vector512<int> b, ref Vector512<int> c, ref Vector512<int> d)
    {
        Vector512<long> low = Avx512F.UnpackLow(a, b).AsInt64(), high = Avx512F.UnpackHigh(a, b).AsInt64();
        Vector512<long> low2 = Avx512F.UnpackLow(c, d).AsInt64(), high2 = Avx512F.UnpackHigh(c, d).AsInt64();
        (a, b) = (Avx512F.UnpackLow(low, low2).AsInt32(), Avx512F.UnpackHigh(low, low2).AsInt32());
        (c, d) = (Avx512F.UnpackLow(high, high2).AsInt32(), Avx512F.UnpackHigh(high, high2).AsInt32());
    }

    /// <summary>Puts the quarters of four vectors together, the first of each, the second, and so on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Columns(Vector512<int> a, Vector512<int> b, Vector512<int> c, Vector512<int> d, int* to)
    {
        Vector512<int> even = Avx512F.Shuffle4x128(a, b, 0b10_00_10_00), odd = Avx512F.Shuffle4x128(a, b, 0b11_01_11_01);
        Vector512<int> even2 = Avx512F.Shuffle4x128(c, d, 0b10_00_10_00), odd2 = Avx512F.Shuffle4x128(c, d, 0b11_01_11_01);
        Avx512F.Shuffle4x128(even, even2, 0b10_00_10_00).Store(to);
        Avx512F.Shuffle4x128(odd, odd2, 0b10_00_10_00).Store(to + 4 * Block);
        Avx512F.Shuffle4x128(even, even2, 0b11_01_11_01).Store(to + 8 * Block);
        Avx512F.Shuffle4x128(odd, odd2, 0b11_01_11_01).Store(to + 12 * Block);
    }

    /// <summary>The same with 8 lanes: three times.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Eight(int* from, long columns, int* to)
    {
        Vector256<int> r0 = Vector256.Load(from), r1 = Vector256.Load(from + columns), r2 = Vector256.Load(from + 2 * columns), r3 = Vector256.Load(from + 3 * columns);
        Four(ref r0, ref r1, ref r2, ref r3);
        from += 4 * columns;
        Vector256<int> r4 = Vector256.Load(from), r5 = Vector256.Load(from + columns), r6 = Vector256.Load(from + 2 * columns), r7 = Vector256.Load(from + 3 * columns);
        Four(ref r4, ref r5, ref r6, ref r7);
        Columns(r0, r4, to);
        Columns(r1, r5, to + Block);
        Columns(r2, r6, to + 2 * Block);
        Columns(r3, r7, to + 3 * Block);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(ref Vector256<int> a, ref Vector256<int> b, ref Vector256<int> c, ref Vector256<int> d)
    {
        Vector256<long> low = Avx2.UnpackLow(a, b).AsInt64(), high = Avx2.UnpackHigh(a, b).AsInt64();
        Vector256<long> low2 = Avx2.UnpackLow(c, d).AsInt64(), high2 = Avx2.UnpackHigh(c, d).AsInt64();
        (a, b) = (Avx2.UnpackLow(low, low2).AsInt32(), Avx2.UnpackHigh(low, low2).AsInt32());
        (c, d) = (Avx2.UnpackLow(high, high2).AsInt32(), Avx2.UnpackHigh(high, high2).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Columns(Vector256<int> a, Vector256<int> b, int* to)
    {
        Avx2.Permute2x128(a, b, 0x20).Store(to);
        Avx2.Permute2x128(a, b, 0x31).Store(to + 4 * Block);
    }
}
