// Matrix products that do not depend on each other, cut in parts for the crew. Knows no model.

using Baltoro.Engine.Kernels;
using Baltoro.Engine.Weights;

namespace Baltoro.Engine.Threads;

/// <summary>y[t * stride + r] = W · x for a list of products, run together behind one barrier. Allocated once.</summary>
sealed unsafe class Products
{
    /// <summary>Weights of a part, in bytes, when there is one token: some microseconds of reading, so that taking a part costs little.</summary>
    const int PartBytes = 96 * 1024;

    /// <summary>Bytes of all weights, for one token, below which calling the others takes as long as doing it.</summary>
    const long FewBytes = 128 * 1024;

    readonly Crew _crew;
    readonly Product[] _products;
    readonly int[] _firstParts;
    readonly Action<int, int> _work;
    int _count;
    int _parts;
    long _bytes;

    public Products(Crew crew, int most)
    {
        (_crew, _work) = (crew, Work);
        _products = new Product[most];
        _firstParts = new int[most];
    }

    readonly record struct Product(Matrix Weights, Operand Inputs, nint Outputs, long Stride, int PanelsOfPart);

    /// <summary>Adds a product. Its outputs have room for the last panel's filling.</summary>
    public void Add(Matrix weights, in Operand inputs, float* outputs, long stride)
    {
        if (inputs.Count == 0) return;
        long bytes = weights.PanelBytes * Math.Max(1, inputs.Count / 4);
        int panels = Math.Max(1, (int)(PartBytes / bytes));
        _products[_count] = new(weights, inputs, (nint)outputs, stride, panels);
        _firstParts[_count++] = _parts;
        _parts += (weights.PanelCount + panels - 1) / panels;
        _bytes += bytes * weights.PanelCount;
    }

    /// <summary>Runs what was added and forgets it.</summary>
    public void Run()
    {
        if (_bytes > FewBytes) _crew.Run(_parts, _work);
        else
            for (int part = 0; part < _parts; part++) Work(part, 0);
        (_count, _parts, _bytes) = (0, 0, 0);
    }

    void Work(int part, int lane)
    {
        int index = Array.BinarySearch(_firstParts, 0, _count, part);
        if (index < 0) index = ~index - 1;
        ref Product product = ref _products[index];
        Matrix weights = product.Weights;
        int first = (part - _firstParts[index]) * product.PanelsOfPart, end = Math.Min(first + product.PanelsOfPart, weights.PanelCount);
        weights.Kernel.Multiply(weights.Panel(first), end - first, product.Inputs, (float*)product.Outputs + first * PanelKernel.Rows, product.Stride);
    }
}
