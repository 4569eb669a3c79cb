// What is done with a group of 32 columns for one token, for each kind of group, in AVX2 with VNNI. Knows no layout.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>Four columns of a row are multiplied with four of the operand and added to a sum of 32 bits by one instruction: nothing has to fit into 16.</summary>
static unsafe class VnniDots
{
    /// <summary>16 columns, from the four with this number on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, sbyte* a, int first)
    {
        sum = AvxVnni.MultiplyWideningAndAdd(sum, v0, Vector256.Create(((int*)a)[first]).AsSByte());
        sum = AvxVnni.MultiplyWideningAndAdd(sum, v1, Vector256.Create(((int*)a)[first + 1]).AsSByte());
        sum = AvxVnni.MultiplyWideningAndAdd(sum, v2, Vector256.Create(((int*)a)[first + 2]).AsSByte());
        return AvxVnni.MultiplyWideningAndAdd(sum, v3, Vector256.Create(((int*)a)[first + 3]).AsSByte());
    }
}

/// <summary><see cref="GroupKind.Nibbles"/>.</summary>
readonly unsafe struct VnniNibbleSums : IHalfPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<int> dot = VnniDots.Add(Vector256.Create(*correction), v0, v1, v2, v3, a, 0) + VnniDots.Add(default, v4, v5, v6, v7, a, 4);
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * Vector256.Create(*by), sum);
    }
}

/// <summary><see cref="GroupKind.NibblesAboveLeast"/> and <see cref="GroupKind.FiveBitsAboveLeast"/>.</summary>
readonly unsafe struct VnniAboveLeastSums : IHalfPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<int> dot = VnniDots.Add(default, v0, v1, v2, v3, a, 0) + VnniDots.Add(default, v4, v5, v6, v7, a, 4);
        Vector256<float> all = Vector256.Create(*by);
        return Vector256.FusedMultiplyAdd(Vector256.Create((float)*correction), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * all, sum));
    }
}

/// <summary><see cref="GroupKind.SixBitsInHalves"/>.</summary>
readonly unsafe struct VnniSixBitSums : IHalfPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<float> all = Vector256.Create(*by);
        Vector256<int> front = VnniDots.Add(Vector256.Create(4 * *half), v0, v1, v2, v3, a, 0), back = VnniDots.Add(Vector256.Create(4 * (*correction - *half)), v4, v5, v6, v7, a, 4);
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(back), second * all, Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(front), scale * all, sum));
    }
}

/// <summary><see cref="GroupKind.Bytes"/>, as they are.</summary>
readonly unsafe struct VnniByteSums : IHalfPanelSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Add(Vector256<byte> v0, Vector256<byte> v1, Vector256<byte> v2, Vector256<byte> v3, Vector256<byte> v4, Vector256<byte> v5, Vector256<byte> v6, Vector256<byte> v7,
        Vector256<float> scale, Vector256<float> second, sbyte* a, float* by, int* correction, int* half, Vector256<float> sum)
    {
        Vector256<int> dot = VnniDots.Add(Vector256.Create(16 * *correction), v0, v1, v2, v3, a, 0) + VnniDots.Add(default, v4, v5, v6, v7, a, 4);
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(dot), scale * Vector256.Create(*by), sum);
    }
}
