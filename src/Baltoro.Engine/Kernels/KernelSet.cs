// One instruction set's implementation of everything that takes time. Which one runs is chosen once, in Choice. Knows no model.

namespace Baltoro.Engine.Kernels;

/// <summary>The order in which a matrix's elements are kept for the kernels.</summary>
enum Layout
{
    F32 = 1,
    F16,
    BF16,
    Q4,
    Q8,
    Q4K,
    Q5K,
    Q6K,
}

/// <summary>The operations that differ between instruction sets. Every implementation gives the same bits as <see cref="ScalarKernels"/>.</summary>
abstract unsafe class KernelSet
{
    /// <summary>Columns that these work in: the positions of a block of the cache.</summary>
    public const int Block = 32;

    /// <summary>As it is written in <c>BALTORO_SIMD</c>.</summary>
    public abstract string Name { get; }

    public abstract PanelKernel For(Layout layout);

    /// <summary>
    /// C += A · B for row-major floats: A is [m, k] with rows <paramref name="lda"/> apart, B [k, n] with <paramref name="ldb"/>, C [m, n] with
    /// <paramref name="ldc"/>. n is a multiple of 32. Every element of C is a chain of fused multiply-adds in the order of k.
    /// </summary>
    public abstract void Accumulate(float* a, long lda, float* b, long ldb, float* c, long ldc, int m, int k, int n);

    /// <summary>
    /// Widens a block of 32 rows of bfloats, <paramref name="columns"/> (a multiple of 16) each, to floats: as they stand into
    /// <paramref name="rows"/> [32, columns], and turned into <paramref name="turned"/> [columns, 32].
    /// </summary>
    public abstract void Widen(ushort* block, int columns, float* rows, float* turned);

    /// <summary>The same for a block that is kept as floats already.</summary>
    public abstract void Widen(float* block, int columns, float* rows, float* turned);

    protected static Exception NoSuch(Layout layout) => new InvalidOperationException($"{layout} is no layout.");
}
