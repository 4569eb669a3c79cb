// Multiplies panels of a matrix, 16 rows each, with the inputs of some tokens. Knows no threads and no model.

namespace Baltoro.Engine.Kernels;

/// <summary>
/// One product kernel: a panel layout in one instruction set. All kernels of a layout add in the same order with the same roundings, lane by lane, so
/// they agree to the bit with the scalar one, whatever the number of tokens.
/// </summary>
abstract unsafe class PanelKernel
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 16;

    /// <summary>Columns of a step, the unit in which a panel is laid out.</summary>
    public abstract int StepColumns { get; }

    /// <summary>Bytes of a step.</summary>
    public abstract int StepBytes { get; }

    public int Steps(int columns) => (columns + StepColumns - 1) / StepColumns;

    public long PanelBytes(int columns) => (long)Steps(columns) * StepBytes;

    /// <summary>y[t * stride + r] = sum over k of W[r, k] * x[t, k], for the rows r of <paramref name="count"/> panels, of which <paramref name="panel"/> is the first, and every token t of <paramref name="x"/>.</summary>
    public virtual void Multiply(byte* panel, int count, in Operand x, float* y, long stride)
    {
        long bytes = PanelBytes(x.Columns);
        for (int i = 0; i < count; i++, panel += bytes, y += Rows)
            for (int first = 0; first < x.Count;)
            {
                int width = x.Width(first);
                Tile(panel, x, first, width, y + first * stride, stride, Math.Min(width, x.Count - first));
                first += width;
            }
    }

    /// <summary>The same for one panel and the tile that begins with token <paramref name="first"/>; only its first <paramref name="count"/> tokens are written.</summary>
    protected abstract void Tile(byte* panel, in Operand x, int first, int width, float* y, long stride, int count);
}
