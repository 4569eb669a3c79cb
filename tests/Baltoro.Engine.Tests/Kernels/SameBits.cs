// Every kernel of every instruction set against the scalar one: the same bits, for odd sizes, zeros and extremes.

using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Tests.Kernels;

public unsafe class SameBits
{
    public static TheoryData<string, TensorType, int, int> Products
    {
        get
        {
            TheoryData<string, TensorType, int, int> data = [];
            foreach (string simd in KernelChoice.Available.Where(name => name != "scalar"))
                foreach (TensorType type in (TensorType[])[TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0])
                    foreach (var (rows, columns) in ((int, int)[])[(16, 32), (1, 64), (17, 96), (40, 160), (32, 2048)])
                        data.Add(simd, type, rows, columns);
            foreach (string simd in KernelChoice.Available.Where(name => name != "scalar"))
                foreach (TensorType type in (TensorType[])[TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K])
                    foreach (var (rows, columns) in ((int, int)[])[(16, 256), (17, 512), (33, 1024)])
                        data.Add(simd, type, rows, columns);
            return data;
        }
    }

    [Theory, MemberData(nameof(Products))]
    public void A_product_is_the_scalar_kernels_to_the_bit(string simd, TensorType type, int rows, int columns)
    {
        byte[] stored = Noise(checked((int)(rows * TensorTypes.RowBytes(type, columns))), type);
        foreach (int tokens in (int[])[1, 2, 3, 4, 5, 7, 8, 9, 11, 16, 19])
            foreach (float size in (float[])[1, 0, 1e-30f, 1e6f])
                Assert.Equal(Multiply("scalar", stored, type, rows, columns, tokens, size), Multiply(simd, stored, type, rows, columns, tokens, size));
    }

    [Theory, InlineData(TensorType.F32), InlineData(TensorType.F16), InlineData(TensorType.BF16), InlineData(TensorType.Q8_0), InlineData(TensorType.Q4_0)]
    [InlineData(TensorType.Q4_K), InlineData(TensorType.Q5_K), InlineData(TensorType.Q6_K)]
    public void The_scalar_product_is_the_sum_over_decoded_weights(TensorType type)
    {
        const int Rows = 19, Columns = 512, Tokens = 3;
        byte[] stored = Noise(checked((int)(Rows * TensorTypes.RowBytes(type, Columns))), type);
        float[] inputs = Inputs(Tokens * Columns, 1), row = new float[Columns];
        float[] actual = Multiply("scalar", stored, type, Rows, Columns, Tokens, 1);
        for (int r = 0; r < Rows; r++)
        {
            fixed (byte* from = stored)
            fixed (float* to = row) StoredBlocks.Decode(type, from + r * TensorTypes.RowBytes(type, Columns), Columns, to);
            for (int t = 0; t < Tokens; t++)
            {
                double sum = 0, size = 0;
                for (int k = 0; k < Columns; k++) (sum, size) = (sum + (double)row[k] * inputs[t * Columns + k], size + Math.Abs((double)row[k] * inputs[t * Columns + k]));
                // Operands of quantised weights have 8 bits: half a step of 1/127, on each term.
                Assert.InRange(Math.Abs(sum - actual[t * 32 + r]), 0, type is TensorType.F32 or TensorType.F16 or TensorType.BF16 ? size * 1e-5 : size / 127);
            }
        }
    }

    /// <summary>[tokens, rows padded to 16].</summary>
    static float[] Multiply(string simd, byte[] stored, TensorType type, int rows, int columns, int tokens, float size)
    {
        fixed (byte* elements = stored)
        {
            Matrices matrices = new(new BlockMatrices(type, [(nint)elements]) { Name = "w", Count = 1, Rows = rows, Columns = columns }, KernelChoice.Make(simd));
            using Native<byte> panels = new(matrices.Bytes);
            for (int i = 0; i < matrices.PanelCount; i++) matrices.Pack(i, panels.Start);
            matrices.Place(panels.Start);
            using OperandRoom room = OperandRoom.For(Operand.Rooms(tokens), columns, [matrices]);
            Operand x = room.Cut(0, tokens, columns);
            float[] inputs = Inputs(tokens * columns, size), outputs = new float[tokens * matrices[0].PaddedRows];
            fixed (float* from = inputs, to = outputs)
            {
                for (int t = 0; t < tokens; t++) x.Fill(t, 0, from + t * columns, columns);
                matrices[0].Kernel.Multiply(matrices[0].Panel(0), matrices.PanelCount, x, to, matrices[0].PaddedRows);
            }
            return outputs;
        }
    }

    static float[] Inputs(int length, float size)
    {
        Random random = new(length);
        return [.. Enumerable.Range(0, length).Select(i => i % 50 == 0 ? 0 : (float)(random.NextDouble() * 2 - 1) * size)];
    }

    /// <summary>Random bits, and in each third block the largest or smallest values that there are; scales are modest and finite.</summary>
    static byte[] Noise(int length, TensorType type)
    {
        byte[] bytes = new byte[length];
        Random random = new(length);
        random.NextBytes(bytes);
        var (_, size) = TensorTypes.Block(type);
        for (int i = 0; i < length / size; i++)
        {
            Span<byte> block = bytes.AsSpan(i * size, size);
            if (i % 3 == 0 && size > 4) block.Fill(i % 2 == 0 ? (byte)0 : (byte)255);
            float value = (float)(random.NextDouble() * 2 - 1);
            switch (type)
            {
                case TensorType.F32: BitConverter.TryWriteBytes(block, value); break;
                case TensorType.BF16: BitConverter.TryWriteBytes(block, (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16)); break;
                case TensorType.Q6_K: BitConverter.TryWriteBytes(block[208..], (Half)value); break;
                case TensorType.Q4_K or TensorType.Q5_K:
                    BitConverter.TryWriteBytes(block, (Half)value);
                    BitConverter.TryWriteBytes(block[2..], (Half)(value / 3));
                    break;
                default: BitConverter.TryWriteBytes(block, (Half)value); break;
            }
        }
        return bytes;
    }
}
