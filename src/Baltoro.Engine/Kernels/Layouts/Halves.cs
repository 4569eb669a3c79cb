// IEEE half numbers widened to float, in lanes. Knows no layout.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>Finite halves only: infinities and NaN come out as large finite numbers, and weights have none (checked when they are packed).</summary>
static unsafe class Halves
{
    // Exponent and fraction moved to a float's place, whose exponent is then too small by 112.
    const float TwoTo112 = 5.192296858534828e33f;
    const int SignExponentFraction = unchecked((int)0x8FFFE000);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(ushort* at)
    {
        Vector256<short> halves = Vector256.Load((short*)at);
        Vector512<int> wide = Avx512F.IsSupported
            ? Avx512F.ConvertToVector512Int32(halves)
            : Vector512.Create(Vector256.WidenLower(halves), Vector256.WidenUpper(halves));
        return ((wide << 13) & Vector512.Create(SignExponentFraction)).AsSingle() * Vector512.Create(TwoTo112);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(ushort* at)
    {
        Vector128<short> halves = Vector128.Load((short*)at);
        Vector256<int> wide = Avx2.IsSupported ? Avx2.ConvertToVector256Int32(halves) : Vector256.Create(Vector128.WidenLower(halves), Vector128.WidenUpper(halves));
        return ((wide << 13) & Vector256.Create(SignExponentFraction)).AsSingle() * Vector256.Create(TwoTo112);
    }

    public static float One(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ushort* at)
    {
        Vector128<int> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)at).AsInt16());
        return ((wide << 13) & Vector128.Create(SignExponentFraction)).AsSingle() * Vector128.Create(TwoTo112);
    }
}
