// Two 4-bit values in a byte, as every 4-bit plane of a layout keeps them. Knows no scales.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>
/// The nibbles of 16 rows and 32 columns in 256 bytes: byte <c>64 j + 4 r + i</c> holds column <c>8 j + i</c> of row r in its low nibble and
/// column <c>8 j + 4 + i</c> in its high one.
/// </summary>
static unsafe class Nibbles
{
    public static void Put(byte* plane, int row, ReadOnlySpan<byte> values)
    {
        for (int j = 0; j < 4; j++)
            for (int i = 0; i < 4; i++)
                plane[64 * j + 4 * row + i] = (byte)(values[8 * j + i] & 15 | (values[8 * j + 4 + i] & 15) << 4);
    }

    public static int Get(byte* plane, int row, int column) => plane[64 * (column / 8) + 4 * row + column % 4] >> (column % 8 / 4 * 4) & 15;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Vector512<byte> pairs, out Vector512<byte> low, out Vector512<byte> high)
    {
        low = pairs & Vector512.Create((byte)15);
        high = (pairs.AsUInt16() >>> 4).AsByte() & Vector512.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Vector256<byte> pairs, out Vector256<byte> low, out Vector256<byte> high)
    {
        low = pairs & Vector256.Create((byte)15);
        high = (pairs.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Split(Vector128<byte> pairs, out Vector128<byte> low, out Vector128<byte> high)
    {
        low = pairs & Vector128.Create((byte)15);
        high = pairs >>> 4;
    }
}
