// 8-bit weights with a half scale for each 32: Q8_0 in the kernels' order. Knows no file.

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Baltoro.Engine.Kernels.Layouts;

/// <summary>
/// A step is 64 columns, 1,088 bytes: 32 halves as in <see cref="Q4{TScale}"/>, then 512 bytes for each group. Byte <c>64 v + 4 r + i</c> of a group is
/// column <c>4 v + i</c> of row r, plus 128.
/// </summary>
readonly unsafe struct Q8 : IQuantised
{
    public static GroupKind Kind => GroupKind.Bytes;

    public static int Groups => 2;

    public static int StepBytes => 1088;

    /// <summary>Puts the 32 values (-128 to 127) and the scale of one row's group in their place.</summary>
    public static void Put(byte* step, int group, int row, ReadOnlySpan<sbyte> values, ushort scale)
    {
        ((ushort*)step)[16 * group + row] = scale;
        byte* at = step + 64 + 512 * group + 4 * row;
        for (int k = 0; k < 32; k++) at[64 * (k / 4) + k % 4] = (byte)(values[k] + 128);
    }

    public static int Value(byte* step, int group, int row, int column) => step[64 + 512 * group + 64 * (column / 4) + 4 * row + column % 4];

    public static float Scale(byte* step, int group, int row) => Halves.One(((ushort*)step)[16 * group + row]);

    public static float Second(byte* step, int group, int row) => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, out Vector512<byte> v0, out Vector512<byte> v1, out Vector512<byte> v2, out Vector512<byte> v3,
        out Vector512<byte> v4, out Vector512<byte> v5, out Vector512<byte> v6, out Vector512<byte> v7, out Vector512<float> scale, out Vector512<float> second)
    {
        byte* at = step + 64 + 512 * group;
        (v0, v1, v2, v3) = (Vector512.Load(at), Vector512.Load(at + 64), Vector512.Load(at + 128), Vector512.Load(at + 192));
        (v4, v5, v6, v7) = (Vector512.Load(at + 256), Vector512.Load(at + 320), Vector512.Load(at + 384), Vector512.Load(at + 448));
        scale = Halves.Sixteen((ushort*)step + 16 * group);
        second = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, int part, out Vector256<byte> v0, out Vector256<byte> v1, out Vector256<byte> v2, out Vector256<byte> v3,
        out Vector256<byte> v4, out Vector256<byte> v5, out Vector256<byte> v6, out Vector256<byte> v7, out Vector256<float> scale, out Vector256<float> second)
    {
        byte* at = step + 64 + 512 * group + 32 * part;
        (v0, v1, v2, v3) = (Vector256.Load(at), Vector256.Load(at + 64), Vector256.Load(at + 128), Vector256.Load(at + 192));
        (v4, v5, v6, v7) = (Vector256.Load(at + 256), Vector256.Load(at + 320), Vector256.Load(at + 384), Vector256.Load(at + 448));
        scale = Halves.Eight((ushort*)step + 16 * group + 8 * part);
        second = default;
    }
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Load(byte* step, int group, int part, out Vector128<byte> v0, out Vector128<byte> v1, out Vector128<byte> v2, out Vector128<byte> v3,
        out Vector128<byte> v4, out Vector128<byte> v5, out Vector128<byte> v6, out Vector128<byte> v7, out Vector128<float> scale, out Vector128<float> second)
    {
        byte* at = step + 64 + 512 * group + 16 * part;
        (v0, v1, v2, v3) = (Vector128.Load(at), Vector128.Load(at + 64), Vector128.Load(at + 128), Vector128.Load(at + 192));
        (v4, v5, v6, v7) = (Vector128.Load(at + 256), Vector128.Load(at + 320), Vector128.Load(at + 384), Vector128.Load(at + 448));
        scale = Halves.Four((ushort*)step + 16 * group + 4 * part);
        second = default;
    }}
