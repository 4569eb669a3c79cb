// Small integers widened to float, in lanes. Knows no layout.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>Eight for AVX2, sixteen for AVX-512, called by nobody else; four everywhere.</summary>
static unsafe class Bytes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(byte* at) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(sbyte* at) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(at)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(byte* at) => Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(sbyte* at) => Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(byte* at) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)at).AsByte())).AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(sbyte* at) =>
        Vector128.ConvertToSingle(Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)at).AsSByte())));
}
