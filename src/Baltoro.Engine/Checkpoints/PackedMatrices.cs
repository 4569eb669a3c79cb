// Matrices of 4-bit integers as compressed-tensors packs them, and their way into panels. Knows no kernels' arithmetic and no model.
// The format: github.com/vllm-project/compressed-tensors, pack_to_int32.

using Baltoro.Engine.Kernels;
using Baltoro.Engine.Kernels.Layouts;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Checkpoints;

/// <summary>Eight columns in an int32, the first in its lowest bits, each 8 more than it means; a bfloat scale for each 32. Both go into the panels as they are.</summary>
/// <param name="packed">[rows, columns / 8] of each matrix.</param>
/// <param name="scales">[rows, columns / 32] of each matrix.</param>
sealed unsafe class PackedMatrices(SafeTensor[] packed, SafeTensor[] scales) : StoredMatrices
{
    public override Layout Layout => Layout.Q4Brain;

    public override void Decode(int index, int row, float* to)
    {
        Span<byte> values = stackalloc byte[32];
        for (int g = 0; g < Columns / 32; g++, to += 32)
        {
            float scale = BitConverter.Int32BitsToSingle(Group(index, row, g, values) << 16);
            for (int i = 0; i < 32; i++) to[i] = scale * (values[i] - 8);
        }
    }

    public override void Pack(int index, int row, byte* panel)
    {
        Span<byte> values = stackalloc byte[32];
        for (int r = 0; r < PanelKernel.Rows && row + r < Rows; r++)
            for (int g = 0; g < Columns / 32; g++)
            {
                ushort scale = Group(index, row + r, g, values);
                if ((scale & 0x7F80) == 0x7F80) throw scales[index].Fault($"row {row + r}, group {g} holds a number that is not finite");
                Q4<BrainScale>.Put(panel + g / 2 * Q4<BrainScale>.StepBytes, g % 2, r, values, scale);
            }
    }

    ushort Group(int index, int row, int group, Span<byte> values)
    {
        uint* from = (uint*)packed[index].Elements + (long)row * (Columns / 8) + 4 * group;
        for (int i = 0; i < 32; i++) values[i] = (byte)(from[i / 8] >> (4 * (i % 8)) & 15);
        return ((ushort*)scales[index].Elements)[(long)row * (Columns / 32) + group];
    }
}
