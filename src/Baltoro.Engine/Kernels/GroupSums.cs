// What is done with a group of 32 columns for one token, for each kind of group, in AVX-512 and AVX2. Knows no layout.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>
/// A lane is a row. Four columns of a row are multiplied with four of the operand, broadcast, and summed in 16 bits as long as they fit there. Nothing is called
/// in here: the kernels inline it up to eight times, and the compiler stops inlining where there is too much of it.
/// </summary>
unsafe interface IPanelSums : IHalfPanelSums
{
    static abstract Vector512<float> Add(Vector512<byte> v0, Vector512<byte> v1, Vector512<byte> v2, Vector512<byte> v3, Vector512<byte> v4, Vector512<byte> v5, Vector512<byte> v6, Vector512<byte> v7,
        Vector512<float> scale, Vector512<float> second, sbyte* a, float* by, int* correction, int* half, Vector512<float> sum);
}

/// <summary>The same for half of a panel's rows.</summary>
unsafe interface IHalfPanelSums
{
    static abstract Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum);
}

/// <summary><see cref="GroupKind.Nibbles"/>: 8 · 15 · 127 · 2 is less than 2^15.</summary>
readonly unsafe struct NibbleSums : IPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<byte> v0, Vector512<byte> v1, Vector512<byte> v2, Vector512<byte> v3, Vector512<byte> v4, Vector512<byte> v5, Vector512<byte> v6, Vector512<byte> v7,
        Vector512<float> scale, Vector512<float> second, sbyte* a, float* by, int* correction, int* half, Vector512<float> sum)
    {
        Vector512<short> even = Avx512BW.MultiplyAddAdjacent(v0, Vector512.Create(((int*)a)[0]).AsSByte()), odd = Avx512BW.MultiplyAddAdjacent(v1, Vector512.Create(((int*)a)[1]).AsSByte());
        even += Avx512BW.MultiplyAddAdjacent(v2, Vector512.Create(((int*)a)[2]).AsSByte());
        odd += Avx512BW.MultiplyAddAdjacent(v3, Vector512.Create(((int*)a)[3]).AsSByte());
        even += Avx512BW.MultiplyAddAdjacent(v4, Vector512.Create(((int*)a)[4]).AsSByte());
        odd += Avx512BW.MultiplyAddAdjacent(v5, Vector512.Create(((int*)a)[5]).AsSByte());
        even += Avx512BW.MultiplyAddAdjacent(v6, Vector512.Create(((int*)a)[6]).AsSByte());
        odd += Avx512BW.MultiplyAddAdjacent(v7, Vector512.Create(((int*)a)[7]).AsSByte());
        Vector512<int> dot = Avx512BW.MultiplyAddAdjacent(even + odd, Vector512<short>.One) + Vector512.Create(*correction);
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), scale * Vector512.Create(*by), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<short> even = Avx2.MultiplyAddAdjacent(v0, Vector256.Create(((int*)a)[0]).AsSByte()), odd = Avx2.MultiplyAddAdjacent(v1, Vector256.Create(((int*)a)[1]).AsSByte());
        even += Avx2.MultiplyAddAdjacent(v2, Vector256.Create(((int*)a)[2]).AsSByte());
        odd += Avx2.MultiplyAddAdjacent(v3, Vector256.Create(((int*)a)[3]).AsSByte());
        even += Avx2.MultiplyAddAdjacent(v4, Vector256.Create(((int*)a)[4]).AsSByte());
        odd += Avx2.MultiplyAddAdjacent(v5, Vector256.Create(((int*)a)[5]).AsSByte());
        even += Avx2.MultiplyAddAdjacent(v6, Vector256.Create(((int*)a)[6]).AsSByte());
        odd += Avx2.MultiplyAddAdjacent(v7, Vector256.Create(((int*)a)[7]).AsSByte());
        Vector256<int> dot = Avx2.MultiplyAddAdjacent(even + odd, Vector256<short>.One) + Vector256.Create(*correction);
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * Vector256.Create(*by), sum);
    }
}

/// <summary><see cref="GroupKind.NibblesAboveLeast"/>.</summary>
readonly unsafe struct NibbleAboveLeastSums : IPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<byte> v0, Vector512<byte> v1, Vector512<byte> v2, Vector512<byte> v3, Vector512<byte> v4, Vector512<byte> v5, Vector512<byte> v6, Vector512<byte> v7,
        Vector512<float> scale, Vector512<float> second, sbyte* a, float* by, int* correction, int* half, Vector512<float> sum)
    {
        Vector512<short> even = Avx512BW.MultiplyAddAdjacent(v0, Vector512.Create(((int*)a)[0]).AsSByte()), odd = Avx512BW.MultiplyAddAdjacent(v1, Vector512.Create(((int*)a)[1]).AsSByte());
        even += Avx512BW.MultiplyAddAdjacent(v2, Vector512.Create(((int*)a)[2]).AsSByte());
        odd += Avx512BW.MultiplyAddAdjacent(v3, Vector512.Create(((int*)a)[3]).AsSByte());
        even += Avx512BW.MultiplyAddAdjacent(v4, Vector512.Create(((int*)a)[4]).AsSByte());
        odd += Avx512BW.MultiplyAddAdjacent(v5, Vector512.Create(((int*)a)[5]).AsSByte());
        even += Avx512BW.MultiplyAddAdjacent(v6, Vector512.Create(((int*)a)[6]).AsSByte());
        odd += Avx512BW.MultiplyAddAdjacent(v7, Vector512.Create(((int*)a)[7]).AsSByte());
        Vector512<int> dot = Avx512BW.MultiplyAddAdjacent(even + odd, Vector512<short>.One);
        Vector512<float> all = Vector512.Create(*by);
        return Vector512.FusedMultiplyAdd(Vector512.Create((float)*correction), second * all, Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), scale * all, sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<short> even = Avx2.MultiplyAddAdjacent(v0, Vector256.Create(((int*)a)[0]).AsSByte()), odd = Avx2.MultiplyAddAdjacent(v1, Vector256.Create(((int*)a)[1]).AsSByte());
        even += Avx2.MultiplyAddAdjacent(v2, Vector256.Create(((int*)a)[2]).AsSByte());
        odd += Avx2.MultiplyAddAdjacent(v3, Vector256.Create(((int*)a)[3]).AsSByte());
        even += Avx2.MultiplyAddAdjacent(v4, Vector256.Create(((int*)a)[4]).AsSByte());
        odd += Avx2.MultiplyAddAdjacent(v5, Vector256.Create(((int*)a)[5]).AsSByte());
        even += Avx2.MultiplyAddAdjacent(v6, Vector256.Create(((int*)a)[6]).AsSByte());
        odd += Avx2.MultiplyAddAdjacent(v7, Vector256.Create(((int*)a)[7]).AsSByte());
        Vector256<int> dot = Avx2.MultiplyAddAdjacent(even + odd, Vector256<short>.One);
        Vector256<float> all = Vector256.Create(*by);
        return Vector256.FusedMultiplyAdd(Vector256.Create((float)*correction), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * all, sum));
    }
}

/// <summary><see cref="GroupKind.FiveBitsAboveLeast"/>: 4 · 31 · 127 · 2 is less than 2^15.</summary>
readonly unsafe struct FiveBitSums : IPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<byte> v0, Vector512<byte> v1, Vector512<byte> v2, Vector512<byte> v3, Vector512<byte> v4, Vector512<byte> v5, Vector512<byte> v6, Vector512<byte> v7,
        Vector512<float> scale, Vector512<float> second, sbyte* a, float* by, int* correction, int* half, Vector512<float> sum)
    {
        Vector512<short> front = Avx512BW.MultiplyAddAdjacent(v0, Vector512.Create(((int*)a)[0]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v1, Vector512.Create(((int*)a)[1]).AsSByte());
        front += Avx512BW.MultiplyAddAdjacent(v2, Vector512.Create(((int*)a)[2]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v3, Vector512.Create(((int*)a)[3]).AsSByte());
        Vector512<short> back = Avx512BW.MultiplyAddAdjacent(v4, Vector512.Create(((int*)a)[4]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v5, Vector512.Create(((int*)a)[5]).AsSByte());
        back += Avx512BW.MultiplyAddAdjacent(v6, Vector512.Create(((int*)a)[6]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v7, Vector512.Create(((int*)a)[7]).AsSByte());
        Vector512<int> dot = Avx512BW.MultiplyAddAdjacent(front, Vector512<short>.One) + Avx512BW.MultiplyAddAdjacent(back, Vector512<short>.One);
        Vector512<float> all = Vector512.Create(*by);
        return Vector512.FusedMultiplyAdd(Vector512.Create((float)*correction), second * all, Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), scale * all, sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<short> front = Avx2.MultiplyAddAdjacent(v0, Vector256.Create(((int*)a)[0]).AsSByte()) + Avx2.MultiplyAddAdjacent(v1, Vector256.Create(((int*)a)[1]).AsSByte());
        front += Avx2.MultiplyAddAdjacent(v2, Vector256.Create(((int*)a)[2]).AsSByte()) + Avx2.MultiplyAddAdjacent(v3, Vector256.Create(((int*)a)[3]).AsSByte());
        Vector256<short> back = Avx2.MultiplyAddAdjacent(v4, Vector256.Create(((int*)a)[4]).AsSByte()) + Avx2.MultiplyAddAdjacent(v5, Vector256.Create(((int*)a)[5]).AsSByte());
        back += Avx2.MultiplyAddAdjacent(v6, Vector256.Create(((int*)a)[6]).AsSByte()) + Avx2.MultiplyAddAdjacent(v7, Vector256.Create(((int*)a)[7]).AsSByte());
        Vector256<int> dot = Avx2.MultiplyAddAdjacent(front, Vector256<short>.One) + Avx2.MultiplyAddAdjacent(back, Vector256<short>.One);
        Vector256<float> all = Vector256.Create(*by);
        return Vector256.FusedMultiplyAdd(Vector256.Create((float)*correction), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * all, sum));
    }
}

/// <summary><see cref="GroupKind.SixBitsInHalves"/>: 2 · 63 · 127 · 2 is less than 2^15.</summary>
readonly unsafe struct SixBitSums : IPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<byte> v0, Vector512<byte> v1, Vector512<byte> v2, Vector512<byte> v3, Vector512<byte> v4, Vector512<byte> v5, Vector512<byte> v6, Vector512<byte> v7,
        Vector512<float> scale, Vector512<float> second, sbyte* a, float* by, int* correction, int* half, Vector512<float> sum)
    {
        Vector512<float> all = Vector512.Create(*by);
        Vector512<int> front = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v0, Vector512.Create(((int*)a)[0]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v1, Vector512.Create(((int*)a)[1]).AsSByte()), Vector512<short>.One) + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v2, Vector512.Create(((int*)a)[2]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v3, Vector512.Create(((int*)a)[3]).AsSByte()), Vector512<short>.One) + Vector512.Create(4 * *half);
        Vector512<int> back = Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v4, Vector512.Create(((int*)a)[4]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v5, Vector512.Create(((int*)a)[5]).AsSByte()), Vector512<short>.One) + Avx512BW.MultiplyAddAdjacent(Avx512BW.MultiplyAddAdjacent(v6, Vector512.Create(((int*)a)[6]).AsSByte()) + Avx512BW.MultiplyAddAdjacent(v7, Vector512.Create(((int*)a)[7]).AsSByte()), Vector512<short>.One) + Vector512.Create(4 * (*correction - *half));
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(back), second * all, Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(front), scale * all, sum));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<float> all = Vector256.Create(*by);
        Vector256<int> front = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v0, Vector256.Create(((int*)a)[0]).AsSByte()) + Avx2.MultiplyAddAdjacent(v1, Vector256.Create(((int*)a)[1]).AsSByte()), Vector256<short>.One) + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v2, Vector256.Create(((int*)a)[2]).AsSByte()) + Avx2.MultiplyAddAdjacent(v3, Vector256.Create(((int*)a)[3]).AsSByte()), Vector256<short>.One) + Vector256.Create(4 * *half);
        Vector256<int> back = Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v4, Vector256.Create(((int*)a)[4]).AsSByte()) + Avx2.MultiplyAddAdjacent(v5, Vector256.Create(((int*)a)[5]).AsSByte()), Vector256<short>.One) + Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(v6, Vector256.Create(((int*)a)[6]).AsSByte()) + Avx2.MultiplyAddAdjacent(v7, Vector256.Create(((int*)a)[7]).AsSByte()), Vector256<short>.One) + Vector256.Create(4 * (*correction - *half));
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(back), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(front), scale * all, sum));
    }
}

/// <summary><see cref="GroupKind.Bytes"/>, nibble by nibble.</summary>
readonly unsafe struct ByteSums : IPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<byte> v0, Vector512<byte> v1, Vector512<byte> v2, Vector512<byte> v3, Vector512<byte> v4, Vector512<byte> v5, Vector512<byte> v6, Vector512<byte> v7,
        Vector512<float> scale, Vector512<float> second, sbyte* a, float* by, int* correction, int* half, Vector512<float> sum)
    {
        Vector512<byte> low = Vector512.Create((byte)15);
        Vector512<short> lows = Avx512BW.MultiplyAddAdjacent(v0 & low, Vector512.Create(((int*)a)[0]).AsSByte()), highs = Avx512BW.MultiplyAddAdjacent((v0.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[0]).AsSByte());
        lows += Avx512BW.MultiplyAddAdjacent(v1 & low, Vector512.Create(((int*)a)[1]).AsSByte());
        highs += Avx512BW.MultiplyAddAdjacent((v1.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[1]).AsSByte());
        lows += Avx512BW.MultiplyAddAdjacent(v2 & low, Vector512.Create(((int*)a)[2]).AsSByte());
        highs += Avx512BW.MultiplyAddAdjacent((v2.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[2]).AsSByte());
        lows += Avx512BW.MultiplyAddAdjacent(v3 & low, Vector512.Create(((int*)a)[3]).AsSByte());
        highs += Avx512BW.MultiplyAddAdjacent((v3.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[3]).AsSByte());
        lows += Avx512BW.MultiplyAddAdjacent(v4 & low, Vector512.Create(((int*)a)[4]).AsSByte());
        highs += Avx512BW.MultiplyAddAdjacent((v4.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[4]).AsSByte());
        lows += Avx512BW.MultiplyAddAdjacent(v5 & low, Vector512.Create(((int*)a)[5]).AsSByte());
        highs += Avx512BW.MultiplyAddAdjacent((v5.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[5]).AsSByte());
        lows += Avx512BW.MultiplyAddAdjacent(v6 & low, Vector512.Create(((int*)a)[6]).AsSByte());
        highs += Avx512BW.MultiplyAddAdjacent((v6.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[6]).AsSByte());
        lows += Avx512BW.MultiplyAddAdjacent(v7 & low, Vector512.Create(((int*)a)[7]).AsSByte());
        highs += Avx512BW.MultiplyAddAdjacent((v7.AsUInt16() >>> 4).AsByte() & low, Vector512.Create(((int*)a)[7]).AsSByte());
        Vector512<int> dot = Avx512BW.MultiplyAddAdjacent(lows, Vector512<short>.One) + Avx512BW.MultiplyAddAdjacent(highs, Vector512.Create((short)16)) + Vector512.Create(16 * *correction);
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(dot), scale * Vector512.Create(*by), sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<byte> low = Vector256.Create((byte)15);
        Vector256<short> lows = Avx2.MultiplyAddAdjacent(v0 & low, Vector256.Create(((int*)a)[0]).AsSByte()), highs = Avx2.MultiplyAddAdjacent((v0.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[0]).AsSByte());
        lows += Avx2.MultiplyAddAdjacent(v1 & low, Vector256.Create(((int*)a)[1]).AsSByte());
        highs += Avx2.MultiplyAddAdjacent((v1.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[1]).AsSByte());
        lows += Avx2.MultiplyAddAdjacent(v2 & low, Vector256.Create(((int*)a)[2]).AsSByte());
        highs += Avx2.MultiplyAddAdjacent((v2.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[2]).AsSByte());
        lows += Avx2.MultiplyAddAdjacent(v3 & low, Vector256.Create(((int*)a)[3]).AsSByte());
        highs += Avx2.MultiplyAddAdjacent((v3.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[3]).AsSByte());
        lows += Avx2.MultiplyAddAdjacent(v4 & low, Vector256.Create(((int*)a)[4]).AsSByte());
        highs += Avx2.MultiplyAddAdjacent((v4.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[4]).AsSByte());
        lows += Avx2.MultiplyAddAdjacent(v5 & low, Vector256.Create(((int*)a)[5]).AsSByte());
        highs += Avx2.MultiplyAddAdjacent((v5.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[5]).AsSByte());
        lows += Avx2.MultiplyAddAdjacent(v6 & low, Vector256.Create(((int*)a)[6]).AsSByte());
        highs += Avx2.MultiplyAddAdjacent((v6.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[6]).AsSByte());
        lows += Avx2.MultiplyAddAdjacent(v7 & low, Vector256.Create(((int*)a)[7]).AsSByte());
        highs += Avx2.MultiplyAddAdjacent((v7.AsUInt16() >>> 4).AsByte() & low, Vector256.Create(((int*)a)[7]).AsSByte());
        Vector256<int> dot = Avx2.MultiplyAddAdjacent(lows, Vector256<short>.One) + Avx2.MultiplyAddAdjacent(highs, Vector256.Create((short)16)) + Vector256.Create(16 * *correction);
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * Vector256.Create(*by), sum);
    }
}
