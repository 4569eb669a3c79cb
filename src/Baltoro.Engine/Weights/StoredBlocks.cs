// ggml's blocks of quantised weights, taken apart: values and scales as stored. Knows no kernels and no rows.
// The formats: github.com/ggml-org/llama.cpp, ggml/src/ggml-common.h and ggml-quants.c.

using Baltoro.Engine.Gguf;

namespace Baltoro.Engine.Weights;

/// <summary>The definition of every stored type. Values come out unsigned, as stored; groups are of 32.</summary>
static unsafe class StoredBlocks
{
    /// <summary>scale · (value - 8). The scale is returned as the bits of a half.</summary>
    public static ushort Q4_0(byte* block, Span<byte> values)
    {
        for (int i = 0; i < 16; i++) (values[i], values[i + 16]) = ((byte)(block[2 + i] & 15), (byte)(block[2 + i] >> 4));
        return *(ushort*)block;
    }

    /// <summary>scale · value. The scale is returned as the bits of a half.</summary>
    public static ushort Q8_0(byte* block, Span<sbyte> values)
    {
        new ReadOnlySpan<sbyte>(block + 2, 32).CopyTo(values);
        return *(ushort*)block;
    }

    /// <summary>The two halves that open a block of Q4_K and Q5_K: d and dmin. A weight is d · scale · value - dmin · least.</summary>
    public static (ushort D, ushort Least) Heads(byte* block) => (((ushort*)block)[0], ((ushort*)block)[1]);

    /// <summary>6-bit scale and least of a group of Q4_K or Q5_K.</summary>
    public static (byte Scale, byte Least) Scales(byte* block, int group)
    {
        byte* q = block + 4;
        return group < 4
            ? ((byte)(q[group] & 63), (byte)(q[group + 4] & 63))
            : ((byte)(q[group + 4] & 15 | q[group - 4] >> 6 << 4), (byte)(q[group + 4] >> 4 | q[group] >> 6 << 4));
    }

    public static void Q4_K(byte* block, int group, Span<byte> values)
    {
        byte* q = block + 16 + group / 2 * 32;
        for (int i = 0; i < 32; i++) values[i] = (byte)(q[i] >> (group % 2 * 4) & 15);
    }

    public static void Q5_K(byte* block, int group, Span<byte> values)
    {
        byte* high = block + 16, q = block + 48 + group / 2 * 32;
        for (int i = 0; i < 32; i++) values[i] = (byte)(q[i] >> (group % 2 * 4) & 15 | (high[i] >> group & 1) << 4);
    }

    /// <summary>d · scale · (value - 32), a scale for each 16; d, as the bits of a half, is returned.</summary>
    public static ushort Q6_K(byte* block, int group, Span<byte> values, out sbyte first, out sbyte second)
    {
        int part = group / 4, quarter = group % 4;
        byte* low = block + 64 * part + quarter % 2 * 32, high = block + 128 + 32 * part;
        for (int i = 0; i < 32; i++) values[i] = (byte)(low[i] >> (quarter / 2 * 4) & 15 | (high[i] >> (2 * quarter) & 3) << 4);
        sbyte* scales = (sbyte*)block + 192 + 8 * part + 2 * quarter;
        (first, second) = (scales[0], scales[1]);
        return *(ushort*)(block + 208);
    }

    /// <summary>A row, or the whole blocks at its beginning, as floats.</summary>
    public static void Decode(TensorType type, byte* row, int columns, float* to)
    {
        Span<byte> values = stackalloc byte[32];
        switch (type)
        {
            case TensorType.F32:
                new ReadOnlySpan<float>(row, columns).CopyTo(new(to, columns));
                return;
            case TensorType.F16:
                for (int i = 0; i < columns; i++) to[i] = Half(((ushort*)row)[i]);
                return;
            case TensorType.BF16:
                for (int i = 0; i < columns; i++) to[i] = BitConverter.Int32BitsToSingle(((ushort*)row)[i] << 16);
                return;
            case TensorType.Q8_0:
                for (int i = 0; i < columns; i++) to[i] = Half(*(ushort*)(row + i / 32 * 34)) * (sbyte)row[i / 32 * 34 + 2 + i % 32];
                return;
            case TensorType.Q4_0:
                for (int i = 0; i < columns; i += 32)
                {
                    float scale = Half(Q4_0(row + i / 32 * 18, values));
                    for (int k = 0; k < 32; k++) to[i + k] = scale * (values[k] - 8);
                }
                return;
            default:
                for (int i = 0; i < columns; i += 32) DecodeSuper(type, row + i / 256 * TensorTypes.Block(type).Bytes, i % 256 / 32, values, to + i);
                return;
        }
    }

    static void DecodeSuper(TensorType type, byte* block, int group, Span<byte> values, float* to)
    {
        if (type == TensorType.Q6_K)
        {
            float d = Half(Q6_K(block, group, values, out sbyte first, out sbyte second));
            for (int k = 0; k < 32; k++) to[k] = d * (k < 16 ? first : second) * (values[k] - 32);
            return;
        }
        if (type == TensorType.Q4_K) Q4_K(block, group, values);
        else if (type == TensorType.Q5_K) Q5_K(block, group, values);
        else throw new InvalidOperationException($"{type} is no stored type.");
        var (dBits, leastBits) = Heads(block);
        var (scale, least) = Scales(block, group);
        float by = Half(dBits) * scale, less = Half(leastBits) * least;
        for (int k = 0; k < 32; k++) to[k] = by * values[k] - less;
    }

    static float Half(ushort bits) => (float)BitConverter.UInt16BitsToHalf(bits);
}
