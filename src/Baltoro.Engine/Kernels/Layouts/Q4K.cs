// 4-bit weights with a 6-bit scale and least value for each 32: Q4_K in the kernels' order. Knows no file.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>
/// A step is 256 columns, 2,368 bytes, 37 cache lines: 16 halves d and 16 halves d of the least; for each of 8 groups 16 bytes of scales and 16 of least
/// values; then 256 bytes for each group as in <see cref="Nibbles"/>. A weight is <c>d · scale · q - d' · least</c>.
/// </summary>
readonly unsafe struct Q4K : IQuantised
{
    public static GroupKind Kind => GroupKind.NibblesAboveLeast;

    public static int Groups => 8;

    public static int StepBytes => 2368;

    /// <summary>Puts what a row's block opens with in its place.</summary>
    public static void PutHeads(byte* step, int row, ushort d, ushort least) => (((ushort*)step)[row], ((ushort*)step)[16 + row]) = (d, least);

    /// <summary>Puts the scale, least and 32 values (their lower four bits) of one row's group in their place.</summary>
    public static void Put(byte* step, int group, int row, ReadOnlySpan<byte> values, byte scale, byte least)
    {
        (step[64 + 32 * group + row], step[64 + 32 * group + 16 + row]) = (scale, least);
        Nibbles.Put(step + 320 + 256 * group, row, values);
    }

    public static int Value(byte* step, int group, int row, int column) => Nibbles.Get(step + 320 + 256 * group, row, column);

    public static float Scale(byte* step, int group, int row) => Halves.One(((ushort*)step)[row]) * step[64 + 32 * group + row];

    public static float Second(byte* step, int group, int row) => Halves.One(((ushort*)step)[16 + row]) * step[64 + 32 * group + 16 + row] * 0.125f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, out Vector512<byte> v0, out Vector512<byte> v1, out Vector512<byte> v2, out Vector512<byte> v3,
        out Vector512<byte> v4, out Vector512<byte> v5, out Vector512<byte> v6, out Vector512<byte> v7, out Vector512<float> scale, out Vector512<float> second)
    {
        byte* at = step + 320 + 256 * group;
        Nibbles.Split(Vector512.Load(at), out v0, out v1);
        Nibbles.Split(Vector512.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector512.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector512.Load(at + 192), out v6, out v7);
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
        byte* scales = step + 64 + 32 * group + 4 * part;
        scale = Halves.Four((ushort*)step + 4 * part) * Bytes.Four(scales);
        second = Halves.Four((ushort*)step + 16 + 4 * part) * Bytes.Four(scales + 16) * 0.125f;
    }}
