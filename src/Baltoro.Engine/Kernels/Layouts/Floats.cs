// Weights as floats, halves or bfloats, 16 rows interleaved. Knows no file.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>32-bit floats.</summary>
readonly unsafe struct F32 : IFloats
{
    public static int Bytes => 4;

    public static float Get(byte* at) => *(float*)at;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(byte* at) => Vector512.Load((float*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(byte* at) => Vector256.Load((float*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(byte* at) => Vector128.Load((float*)at);
}

/// <summary>IEEE halves, finite.</summary>
readonly unsafe struct F16 : IFloats
{
    public static int Bytes => 2;

    public static float Get(byte* at) => Halves.One(*(ushort*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(byte* at) => Halves.Sixteen((ushort*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(byte* at) => Halves.Eight((ushort*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(byte* at) => Halves.Four((ushort*)at);
}

/// <summary>The upper halves of 32-bit floats.</summary>
readonly unsafe struct BF16 : IFloats
{
    public static int Bytes => 2;

    public static float Get(byte* at) => BitConverter.Int32BitsToSingle(*(ushort*)at << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(byte* at)
    {
        Vector256<ushort> halves = Vector256.Load((ushort*)at);
        return Avx512F.IsSupported
            ? (Avx512F.ConvertToVector512UInt32(halves) << 16).AsSingle()
            : (Vector512.Create(Vector256.WidenLower(halves), Vector256.WidenUpper(halves)) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(byte* at)
    {
        Vector128<ushort> halves = Vector128.Load((ushort*)at);
        return (Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves)) << 16).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(byte* at) => (Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)at).AsUInt16()) << 16).AsSingle();
}
