// Matrices in panels, ready for the kernels. Knows no file and no model.

using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Weights;

/// <summary>One matrix: panels of 16 rows, one behind the other.</summary>
/// <param name="Panels">The first panel.</param>
/// <param name="Kernel">Multiplies a panel.</param>
/// <param name="Rows">Outputs; the last panel is filled up with rows of zeros.</param>
/// <param name="Columns">Inputs.</param>
readonly unsafe record struct Matrix(nint Panels, PanelKernel Kernel, int Rows, int Columns)
{
    public int PanelCount => (Rows + PanelKernel.Rows - 1) / PanelKernel.Rows;

    public long PanelBytes => Kernel.PanelBytes(Columns);

    public byte* Panel(int index) => (byte*)Panels + index * PanelBytes;

    /// <summary>Outputs with those of the last panel's filling; what a product writes.</summary>
    public int PaddedRows => PanelCount * PanelKernel.Rows;
}

/// <summary>Matrices of one size, one behind the other: the experts of a layer, the heads of a projection.</summary>
sealed unsafe class Matrices
{
    readonly PanelKernel _kernel;
    nint _panels;

    public Matrices(StoredMatrices stored, KernelSet kernels)
    {
        Stored = stored;
        _kernel = kernels.For(stored.Layout);
    }

    /// <summary>Where they come from.</summary>
    public StoredMatrices Stored { get; }

    public int Count => Stored.Count;

    public int Rows => Stored.Rows;

    public int Columns => Stored.Columns;

    public bool Quantised => Stored.Layout is not (Layout.F32 or Layout.F16 or Layout.BF16);

    public long MatrixBytes => PanelsOfOne * _kernel.PanelBytes(Columns);

    public long Bytes => Count * MatrixBytes;

    public Matrix this[int index] => new(_panels + (nint)(index * MatrixBytes), _kernel, Rows, Columns);

    /// <summary>Says where the panels are; before, none may be read.</summary>
    public void Place(byte* panels) => _panels = (nint)panels;

    /// <summary>Writes panel <paramref name="panel"/>, counted over all matrices, to its place behind <paramref name="panels"/>.</summary>
    public void Pack(int panel, byte* panels)
    {
        int perMatrix = PanelsOfOne;
        Stored.Pack(panel / perMatrix, panel % perMatrix * PanelKernel.Rows, panels + panel * _kernel.PanelBytes(Columns));
    }

    /// <summary>Panels of all matrices together.</summary>
    public int PanelCount => Count * PanelsOfOne;

    int PanelsOfOne => (Rows + PanelKernel.Rows - 1) / PanelKernel.Rows;
}
