// 5-bit weights with a 6-bit scale and least value for each 32: Q5_K in the kernels' order. Knows no file.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>
/// A step is that of <see cref="Q4K"/> and then 64 bytes for each group with the fifth bits: bit v of byte p belongs to byte p of vector v.
/// 2,880 bytes, 45 cache lines.
/// </summary>
readonly unsafe struct Q5K : IQuantised
{
    public static GroupKind Kind => GroupKind.FiveBitsAboveLeast;

    public static int Groups => 8;

    public static int StepBytes => 2880;

    /// <summary>Puts the scale, least and 32 values (0 to 31) of one row's group in their place.</summary>
    public static void Put(byte* step, int group, int row, ReadOnlySpan<byte> values, byte scale, byte least)
    {
        Q4K.Put(step, group, row, values, scale, least);
        byte* fifth = step + 2368 + 64 * group + 4 * row;
        for (int k = 0; k < 32; k++) fifth[k % 4] |= (byte)(values[k] >> 4 << (k / 4));
    }

    public static int Value(byte* step, int group, int row, int column) =>
        Q4K.Value(step, group, row, column) | (step[2368 + 64 * group + 4 * row + column % 4] >> (column / 4) & 1) << 4;

    public static float Scale(byte* step, int group, int row) => Q4K.Scale(step, group, row);

    public static float Second(byte* step, int group, int row) => Q4K.Second(step, group, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, out Vector512<byte> v0, out Vector512<byte> v1, out Vector512<byte> v2, out Vector512<byte> v3,
        out Vector512<byte> v4, out Vector512<byte> v5, out Vector512<byte> v6, out Vector512<byte> v7, out Vector512<float> scale, out Vector512<float> second)
    {
        byte* at = step + 320 + 256 * group;
        Nibbles.Split(Vector512.Load(at), out v0, out v1);
        Nibbles.Split(Vector512.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector512.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector512.Load(at + 192), out v6, out v7);
        Vector512<ushort> fifth = Vector512.Load(step + 2368 + 64 * group).AsUInt16();
        Vector512<byte> bit = Vector512.Create((byte)16);
        v0 |= (fifth << 4).AsByte() & bit;
        v1 |= (fifth << 3).AsByte() & bit;
        v2 |= (fifth << 2).AsByte() & bit;
        v3 |= (fifth << 1).AsByte() & bit;
        v4 |= (fifth).AsByte() & bit;
        v5 |= (fifth >>> 1).AsByte() & bit;
        v6 |= (fifth >>> 2).AsByte() & bit;
        v7 |= (fifth >>> 3).AsByte() & bit;
        byte* scales = step + 64 + 32 * group;
        scale = Halves.Sixteen((ushort*)step) * Bytes.Sixteen(scales);
        second = Halves.Sixteen((ushort*)step + 16) * Bytes.Sixteen(scales + 16) * 0.125f;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, int part, out Vector256<byte> v0, out Vector256<byte> v1, out Vector256<byte> v2, out Vector256<byte> v3,
        out Vector256<byte> v4, out Vector256<byte> v5, out Vector256<byte> v6, out Vector256<byte> v7, out Vector256<float> scale, out Vector256<float> second)
    {
        byte* at = step + 320 + 256 * group + 32 * part;
        Nibbles.Split(Vector256.Load(at), out v0, out v1);
        Nibbles.Split(Vector256.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector256.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector256.Load(at + 192), out v6, out v7);
        Vector256<ushort> fifth = Vector256.Load(step + 2368 + 64 * group + 32 * part).AsUInt16();
        Vector256<byte> bit = Vector256.Create((byte)16);
        v0 |= (fifth << 4).AsByte() & bit;
        v1 |= (fifth << 3).AsByte() & bit;
        v2 |= (fifth << 2).AsByte() & bit;
        v3 |= (fifth << 1).AsByte() & bit;
        v4 |= (fifth).AsByte() & bit;
        v5 |= (fifth >>> 1).AsByte() & bit;
        v6 |= (fifth >>> 2).AsByte() & bit;
        v7 |= (fifth >>> 3).AsByte() & bit;
        byte* scales = step + 64 + 32 * group + 8 * part;
        scale = Halves.Eight((ushort*)step + 8 * part) * Bytes.Eight(scales);
        second = Halves.Eight((ushort*)step + 16 + 8 * part) * Bytes.Eight(scales + 16) * 0.125f;
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, int part, out Vector128<byte> v0, out Vector128<byte> v1, out Vector128<byte> v2, out Vector128<byte> v3,
        out Vector128<byte> v4, out Vector128<byte> v5, out Vector128<byte> v6, out Vector128<byte> v7, out Vector128<float> scale, out Vector128<float> second)
    {
        byte* at = step + 320 + 256 * group + 16 * part;
        Nibbles.Split(Vector128.Load(at), out v0, out v1);
        Nibbles.Split(Vector128.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector128.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector128.Load(at + 192), out v6, out v7);
        Vector128<ushort> fifth = Vector128.Load(step + 2368 + 64 * group + 16 * part).AsUInt16();
        Vector128<byte> bit = Vector128.Create((byte)16);
        v0 |= (fifth << 4).AsByte() & bit;
        v1 |= (fifth << 3).AsByte() & bit;
        v2 |= (fifth << 2).AsByte() & bit;
        v3 |= (fifth << 1).AsByte() & bit;
        v4 |= (fifth).AsByte() & bit;
        v5 |= (fifth >>> 1).AsByte() & bit;
        v6 |= (fifth >>> 2).AsByte() & bit;
        v7 |= (fifth >>> 3).AsByte() & bit;
        byte* scales = step + 64 + 32 * group + 4 * part;
        scale = Halves.Four((ushort*)step + 4 * part) * Bytes.Four(scales);
        second = Halves.Four((ushort*)step + 16 + 4 * part) * Bytes.Four(scales + 16) * 0.125f;
    }}
