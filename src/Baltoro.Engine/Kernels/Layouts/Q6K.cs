// 6-bit weights with an 8-bit scale for each 16: Q6_K in the kernels' order. Knows no file.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>
/// A step is 256 columns, 3,392 bytes, 53 cache lines: 16 halves d and 32 unused bytes; for each of 8 groups 16 signed scales of its first and 16 of its
/// last 16 columns; 256 bytes for each group as in <see cref="Nibbles"/>; 128 bytes for each group with the upper two bits: bits 2 v and 2 v + 1 of byte p
/// belong to byte p of vector v, and in the second 64 bytes of vector v + 4.
/// </summary>
readonly unsafe struct Q6K : IQuantised
{
    public static GroupKind Kind => GroupKind.SixBitsInHalves;

    public static int Groups => 8;

    public static int StepBytes => 3392;

    public static void PutHead(byte* step, int row, ushort d) => ((ushort*)step)[row] = d;

    /// <summary>Puts the scales and 32 values (0 to 63) of one row's group in their place.</summary>
    public static void Put(byte* step, int group, int row, ReadOnlySpan<byte> values, sbyte first, sbyte second)
    {
        (step[64 + 32 * group + row], step[64 + 32 * group + 16 + row]) = ((byte)first, (byte)second);
        Nibbles.Put(step + 320 + 256 * group, row, values);
        byte* upper = step + 2368 + 128 * group + 4 * row;
        for (int k = 0; k < 32; k++) upper[k / 16 * 64 + k % 4] |= (byte)(values[k] >> 4 << (k / 4 % 4 * 2));
    }

    public static int Value(byte* step, int group, int row, int column) => Nibbles.Get(step + 320 + 256 * group, row, column)
        | (step[2368 + 128 * group + 4 * row + column / 16 * 64 + column % 4] >> (column / 4 % 4 * 2) & 3) << 4;

    public static float Scale(byte* step, int group, int row) => Halves.One(((ushort*)step)[row]) * (sbyte)step[64 + 32 * group + row];

    public static float Second(byte* step, int group, int row) => Halves.One(((ushort*)step)[row]) * (sbyte)step[64 + 32 * group + 16 + row];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, out Vector512<byte> v0, out Vector512<byte> v1, out Vector512<byte> v2, out Vector512<byte> v3,
        out Vector512<byte> v4, out Vector512<byte> v5, out Vector512<byte> v6, out Vector512<byte> v7, out Vector512<float> scale, out Vector512<float> second)
    {
        byte* at = step + 320 + 256 * group;
        Nibbles.Split(Vector512.Load(at), out v0, out v1);
        Nibbles.Split(Vector512.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector512.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector512.Load(at + 192), out v6, out v7);
        byte* upper = step + 2368 + 128 * group;
        Vector512<ushort> front = Vector512.Load(upper).AsUInt16(), back = Vector512.Load(upper + 64).AsUInt16();
        Vector512<byte> bits = Vector512.Create((byte)48);
        v0 |= (front << 4).AsByte() & bits;
        v1 |= (front << 2).AsByte() & bits;
        v2 |= front.AsByte() & bits;
        v3 |= (front >>> 2).AsByte() & bits;
        v4 |= (back << 4).AsByte() & bits;
        v5 |= (back << 2).AsByte() & bits;
        v6 |= back.AsByte() & bits;
        v7 |= (back >>> 2).AsByte() & bits;
        sbyte* scales = (sbyte*)step + 64 + 32 * group;
        Vector512<float> all = Halves.Sixteen((ushort*)step);
        scale = all * Bytes.Sixteen(scales);
        second = all * Bytes.Sixteen(scales + 16);
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
        byte* upper = step + 2368 + 128 * group + 32 * part;
        Vector256<ushort> front = Vector256.Load(upper).AsUInt16(), back = Vector256.Load(upper + 64).AsUInt16();
        Vector256<byte> bits = Vector256.Create((byte)48);
        v0 |= (front << 4).AsByte() & bits;
        v1 |= (front << 2).AsByte() & bits;
        v2 |= front.AsByte() & bits;
        v3 |= (front >>> 2).AsByte() & bits;
        v4 |= (back << 4).AsByte() & bits;
        v5 |= (back << 2).AsByte() & bits;
        v6 |= back.AsByte() & bits;
        v7 |= (back >>> 2).AsByte() & bits;
        sbyte* scales = (sbyte*)step + 64 + 32 * group + 8 * part;
        Vector256<float> all = Halves.Eight((ushort*)step + 8 * part);
        scale = all * Bytes.Eight(scales);
        second = all * Bytes.Eight(scales + 16);
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
        byte* upper = step + 2368 + 128 * group + 16 * part;
        Vector128<ushort> front = Vector128.Load(upper).AsUInt16(), back = Vector128.Load(upper + 64).AsUInt16();
        Vector128<byte> bits = Vector128.Create((byte)48);
        v0 |= (front << 4).AsByte() & bits;
        v1 |= (front << 2).AsByte() & bits;
        v2 |= front.AsByte() & bits;
        v3 |= (front >>> 2).AsByte() & bits;
        v4 |= (back << 4).AsByte() & bits;
        v5 |= (back << 2).AsByte() & bits;
        v6 |= back.AsByte() & bits;
        v7 |= (back >>> 2).AsByte() & bits;
        sbyte* scales = (sbyte*)step + 64 + 32 * group + 4 * part;
        Vector128<float> all = Halves.Four((ushort*)step + 4 * part);
        scale = all * Bytes.Four(scales);
        second = all * Bytes.Four(scales + 16);
    }}
