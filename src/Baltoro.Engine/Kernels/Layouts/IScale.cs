// How a scale of 16 bits is read: a half or a bfloat. Knows no layout.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>Scales of neighbouring rows.</summary>
unsafe interface IScale
{
    static abstract float One(ushort bits);

    static abstract Vector512<float> Sixteen(ushort* at);

    static abstract Vector256<float> Eight(ushort* at);

    static abstract Vector128<float> Four(ushort* at);
}

/// <summary>IEEE halves, finite.</summary>
readonly unsafe struct HalfScale : IScale
{
    public static float One(ushort bits) => Halves.One(bits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(ushort* at) => Halves.Sixteen(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(ushort* at) => Halves.Eight(at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ushort* at) => Halves.Four(at);
}

/// <summary>The upper halves of 32-bit floats.</summary>
readonly unsafe struct BrainScale : IScale
{
    public static float One(ushort bits) => BitConverter.Int32BitsToSingle(bits << 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sixteen(ushort* at) => BF16.Sixteen((byte*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Eight(ushort* at) => BF16.Eight((byte*)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Four(ushort* at) => BF16.Four((byte*)at);
}
