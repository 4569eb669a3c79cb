// Matrices as a model file stores them, and their way into panels. Knows no kernels' arithmetic and no model.

using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Weights;

/// <summary>
/// One matrix, or several of one size (experts, heads), at rest in a file. Row-major: <see cref="Rows"/> outputs, <see cref="Columns"/> inputs.
/// Reading is safe from any thread.
/// </summary>
abstract unsafe class StoredMatrices
{
    public required string Name { get; init; }

    /// <summary>How many matrices.</summary>
    public required int Count { get; init; }

    public required int Rows { get; init; }

    public required int Columns { get; init; }

    /// <summary>The layout in which the kernels multiply with it; exact for every stored type.</summary>
    public abstract Layout Layout { get; }

    /// <summary>Writes 16 rows of matrix <paramref name="index"/> from <paramref name="row"/> on; rows behind the last are zeros, and <paramref name="panel"/> is zeroed before.</summary>
    public abstract void Pack(int index, int row, byte* panel);

    /// <summary>One row as floats.</summary>
    public abstract void Decode(int index, int row, float* to);

    /// <summary>Writes a panel of a float layout out of decoded rows.</summary>
    protected void PackFloats(int index, int row, byte* panel, Layout layout)
    {
        float[] decoded = new float[Columns];
        fixed (float* from = decoded)
            for (int r = 0; r < PanelKernel.Rows && row + r < Rows; r++)
            {
                Decode(index, row + r, from);
                for (int k = 0; k < Columns; k++)
                {
                    long at = (long)k * PanelKernel.Rows + r;
                    if (layout == Layout.F32) ((float*)panel)[at] = from[k];
                    else if (layout == Layout.F16) ((Half*)panel)[at] = (Half)from[k];
                    else Elementwise.Narrow(from + k, (ushort*)panel + at, 1);
                }
            }
    }
}

/// <summary>Matrices of ggml's blocks, or of floats.</summary>
/// <param name="starts">Where each matrix begins.</param>
sealed unsafe class BlockMatrices(TensorType type, nint[] starts) : StoredMatrices
{
    public TensorType Type => type;

    public override Layout Layout => type switch
    {
        TensorType.F32 => Layout.F32,
        TensorType.F16 => Layout.F16,
        TensorType.BF16 => Layout.BF16,
        TensorType.Q4_0 => Layout.Q4,
        TensorType.Q8_0 => Layout.Q8,
        TensorType.Q4_K => Layout.Q4K,
        TensorType.Q5_K => Layout.Q5K,
        TensorType.Q6_K => Layout.Q6K,
        _ => throw new InvalidOperationException($"{type} is no stored type."),
    };

    public override void Decode(int index, int row, float* to) => StoredBlocks.Decode(type, At(index, row), Columns, to);

    public override void Pack(int index, int row, byte* panel)
    {
        if (Layout is Layout.F32 or Layout.F16 or Layout.BF16) PackFloats(index, row, panel, Layout);
        else
            for (int r = 0; r < PanelKernel.Rows && row + r < Rows; r++) PackRow(At(index, row + r), r, panel);
    }

    byte* At(int index, int row) => (byte*)starts[index] + (long)row * TensorTypes.RowBytes(type, Columns);

    void PackRow(byte* row, int r, byte* panel)
    {
        Span<byte> values = stackalloc byte[32];
        Span<sbyte> signed = stackalloc sbyte[32];
        for (int g = 0; g < Columns / 32; g++)
        {
            byte* block = row + g / 8 * TensorTypes.Block(type).Bytes;
            switch (type)
            {
                case TensorType.Q4_0:
                    ushort scale = StoredBlocks.Q4_0(row + g * 18, values);
                    Q4<HalfScale>.Put(panel + g / 2 * Q4<HalfScale>.StepBytes, g % 2, r, values, scale);
                    break;
                case TensorType.Q8_0:
                    scale = StoredBlocks.Q8_0(row + g * 34, signed);
                    Q8.Put(panel + g / 2 * Q8.StepBytes, g % 2, r, signed, scale);
                    break;
                case TensorType.Q4_K:
                    StoredBlocks.Q4_K(block, g % 8, values);
                    PutAboveLeast(block, g % 8, r, values, panel + g / 8 * Q4K.StepBytes);
                    break;
                case TensorType.Q5_K:
                    StoredBlocks.Q5_K(block, g % 8, values);
                    PutAboveLeast(block, g % 8, r, values, panel + g / 8 * Q5K.StepBytes);
                    break;
                case TensorType.Q6_K:
                    byte* step = panel + g / 8 * Q6K.StepBytes;
                    Q6K.PutHead(step, r, StoredBlocks.Q6_K(block, g % 8, values, out sbyte first, out sbyte second));
                    Q6K.Put(step, g % 8, r, values, first, second);
                    break;
                default:
                    throw new InvalidOperationException($"{type} is no quantised type.");
            }
        }
    }

    void PutAboveLeast(byte* block, int group, int r, ReadOnlySpan<byte> values, byte* step)
    {
        var (d, dOfLeast) = StoredBlocks.Heads(block);
        var (scale, least) = StoredBlocks.Scales(block, group);
        Q4K.PutHeads(step, r, d, dOfLeast);
        if (type == TensorType.Q4_K) Q4K.Put(step, group, r, values, scale, least);
        else Q5K.Put(step, group, r, values, scale, least);
    }
}

/// <summary>Matrices of floats that were computed from others: the two halves of a key and value projection that is stored as one.</summary>
/// <param name="layout">A float layout no less precise than what they were computed from.</param>
/// <param name="row">Writes one row.</param>
sealed unsafe class ComputedMatrices(Layout layout, ComputedMatrices.RowWriter row) : StoredMatrices
{
    public delegate void RowWriter(int index, int row, float* to);

    public override Layout Layout => layout;

    public override void Decode(int index, int row1, float* to) => row(index, row1, to);

    public override void Pack(int index, int row1, byte* panel) => PackFloats(index, row1, panel, layout);
}
