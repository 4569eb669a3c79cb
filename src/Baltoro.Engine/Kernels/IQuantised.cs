// What a layout of quantised weights tells the kernels: where values and scales lie. Knows no file format.

using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels;

/// <summary>How the values of a group of 32 are multiplied and scaled.</summary>
enum GroupKind
{
    /// <summary>0 to 15, zero point 8; <c>scale * (q - 8)</c>.</summary>
    Nibbles,

    /// <summary>0 to 15; <c>scale * q - 8 * second</c>, so that the second number meets the operand's correction as it is.</summary>
    NibblesAboveLeast,

    /// <summary>0 to 31, otherwise the same.</summary>
    FiveBitsAboveLeast,

    /// <summary>0 to 63, zero point 32; <c>scale * (q - 32)</c> for the first 16 columns, <c>second * (q - 32)</c> for the others.</summary>
    SixBitsInHalves,

    /// <summary>0 to 255, zero point 128; <c>scale * (q - 128)</c>.</summary>
    Bytes,
}

/// <summary>
/// <para>A layout of 16 interleaved rows in steps of <see cref="Groups"/> groups of 32 columns. It is given as bytes in the order that the kernels
/// multiply: byte <c>r * 4 + i</c> of vector <c>v</c> (0 to 7) is the value of row r, column <c>4 v + i</c> of the group.</para>
/// <para>The narrower loads give a part of the same vectors: rows 8 p to 8 p + 7, or 4 p to 4 p + 3.</para>
/// </summary>
unsafe interface IQuantised
{
    static abstract GroupKind Kind { get; }

    static abstract int Groups { get; }

    static abstract int StepBytes { get; }

    /// <summary>The stored value of a row and column of a group.</summary>
    static abstract int Value(byte* step, int group, int row, int column);

    static abstract float Scale(byte* step, int group, int row);

    /// <summary>The second number of <see cref="GroupKind"/>; 0 where there is none.</summary>
    static abstract float Second(byte* step, int group, int row);

    static abstract void Load(byte* step, int group, out Vector512<byte> v0, out Vector512<byte> v1, out Vector512<byte> v2, out Vector512<byte> v3,
        out Vector512<byte> v4, out Vector512<byte> v5, out Vector512<byte> v6, out Vector512<byte> v7, out Vector512<float> scale, out Vector512<float> second);

    static abstract void Load(byte* step, int group, int part, out Vector256<byte> v0, out Vector256<byte> v1, out Vector256<byte> v2, out Vector256<byte> v3,
        out Vector256<byte> v4, out Vector256<byte> v5, out Vector256<byte> v6, out Vector256<byte> v7, out Vector256<float> scale, out Vector256<float> second);

    static abstract void Load(byte* step, int group, int part, out Vector128<byte> v0, out Vector128<byte> v1, out Vector128<byte> v2, out Vector128<byte> v3,
        out Vector128<byte> v4, out Vector128<byte> v5, out Vector128<byte> v6, out Vector128<byte> v7, out Vector128<float> scale, out Vector128<float> second);
}
