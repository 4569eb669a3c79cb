// How pairs of 16-bit numbers are multiplied and added to a sum of 32 bits, for AVX2 with and without VNNI. Knows no order of them.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>sum[i] + a[2i] · b[2i] + a[2i + 1] · b[2i + 1], exact: whoever adds sees to it that it fits.</summary>
interface IPairSums
{
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<short> a, Vector256<short> b);
}

/// <summary>In two instructions.</summary>
readonly struct AddedPairs : IPairSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<short> a, Vector256<short> b) => sum + Avx2.MultiplyAddAdjacent(a, b);
}

/// <summary>In one.</summary>
readonly struct VnniPairs : IPairSums
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<short> a, Vector256<short> b) => AvxVnni.MultiplyWideningAndAdd(sum, a, b);
}
