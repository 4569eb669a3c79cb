// 4-bit weights with a scale of 16 bits for each 32: Q4_0 and Kimi's INT4, in the kernels' order. Knows no file.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>
/// A step is 64 columns, 576 bytes, nine cache lines: 32 scales (those of group 0, rows 0 to 15, then of group 1), then 256 bytes for each group.
/// Byte <c>64 j + 4 r + i</c> of a group holds column <c>8 j + i</c> of row r in its low nibble and column <c>8 j + 4 + i</c> in its high one.
/// </summary>
readonly unsafe struct Q4<TScale> : IQuantised where TScale : struct, IScale
{
    public static GroupKind Kind => GroupKind.Nibbles;

    public static int Groups => 2;

    public static int StepBytes => 576;

    /// <summary>Puts the 32 values (0 to 15) and the scale of one row's group in their place.</summary>
    public static void Put(byte* step, int group, int row, ReadOnlySpan<byte> values, ushort scale)
    {
        ((ushort*)step)[16 * group + row] = scale;
        Nibbles.Put(step + 64 + 256 * group, row, values);
    }

    public static int Value(byte* step, int group, int row, int column) => Nibbles.Get(step + 64 + 256 * group, row, column);

    public static float Scale(byte* step, int group, int row) => TScale.One(((ushort*)step)[16 * group + row]);

    public static float Second(byte* step, int group, int row) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, out Vector512<byte> v0, out Vector512<byte> v1, out Vector512<byte> v2, out Vector512<byte> v3,
        out Vector512<byte> v4, out Vector512<byte> v5, out Vector512<byte> v6, out Vector512<byte> v7, out Vector512<float> scale, out Vector512<float> second)
    {
        byte* at = step + 64 + 256 * group;
        Nibbles.Split(Vector512.Load(at), out v0, out v1);
        Nibbles.Split(Vector512.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector512.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector512.Load(at + 192), out v6, out v7);
        scale = TScale.Sixteen((ushort*)step + 16 * group);
        second = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, int part, out Vector256<byte> v0, out Vector256<byte> v1, out Vector256<byte> v2, out Vector256<byte> v3,
        out Vector256<byte> v4, out Vector256<byte> v5, out Vector256<byte> v6, out Vector256<byte> v7, out Vector256<float> scale, out Vector256<float> second)
    {
        byte* at = step + 64 + 256 * group + 32 * part;
        Nibbles.Split(Vector256.Load(at), out v0, out v1);
        Nibbles.Split(Vector256.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector256.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector256.Load(at + 192), out v6, out v7);
        scale = TScale.Eight((ushort*)step + 16 * group + 8 * part);
        second = default;
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, int part, out Vector128<byte> v0, out Vector128<byte> v1, out Vector128<byte> v2, out Vector128<byte> v3,
        out Vector128<byte> v4, out Vector128<byte> v5, out Vector128<byte> v6, out Vector128<byte> v7, out Vector128<float> scale, out Vector128<float> second)
    {
        byte* at = step + 64 + 256 * group + 16 * part;
        Nibbles.Split(Vector128.Load(at), out v0, out v1);
        Nibbles.Split(Vector128.Load(at + 64), out v2, out v3);
        Nibbles.Split(Vector128.Load(at + 128), out v4, out v5);
        Nibbles.Split(Vector128.Load(at + 192), out v6, out v7);
        scale = TScale.Four((ushort*)step + 16 * group + 4 * part);
        second = default;
    }}
