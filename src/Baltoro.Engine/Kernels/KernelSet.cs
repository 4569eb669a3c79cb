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

    /// <summary>As Q4, under scales that are bfloats.</summary>
    Q4Brain,
}

/// <summary>The operations that differ between instruction sets. Every implementation gives the same bits as <see cref="ScalarKernels"/>.</summary>
abstract class KernelSet
{
    /// <summary>Positions of a block of the cache.</summary>
    public const int Block = 32;

    /// <summary>As it is written in <c>BALTORO_SIMD</c>.</summary>
    public abstract string Name { get; }

    public abstract PanelKernel For(Layout layout);

    /// <summary>Attention over blocks of the cache.</summary>
    public abstract LatentKernel Latents { get; }

    protected static Exception NoSuch(Layout layout) => new InvalidOperationException($"{layout} is no layout.");
}
