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

/// <summary>The operations that differ between instruction sets. Every set gives the same bits as <see cref="ScalarKernels"/>.</summary>
sealed class KernelSet
{
    /// <summary>Positions of a block of the cache.</summary>
    public const int Block = 32;

    /// <summary>As it is written in <c>BALTORO_SIMD</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Attention over blocks of the cache.</summary>
    public required LatentKernel Latents { get; init; }

    public required PanelKernel F32 { get; init; }

    public required PanelKernel F16 { get; init; }

    public required PanelKernel BF16 { get; init; }

    public required PanelKernel Q4 { get; init; }

    public required PanelKernel Q4Brain { get; init; }

    public required PanelKernel Q8 { get; init; }

    public required PanelKernel Q4K { get; init; }

    public required PanelKernel Q5K { get; init; }

    public required PanelKernel Q6K { get; init; }

    public PanelKernel For(Layout layout) => layout switch
    {
        Layout.F32 => F32,
        Layout.F16 => F16,
        Layout.BF16 => BF16,
        Layout.Q4 => Q4,
        Layout.Q4Brain => Q4Brain,
        Layout.Q8 => Q8,
        Layout.Q4K => Q4K,
        Layout.Q5K => Q5K,
        Layout.Q6K => Q6K,
        _ => throw new InvalidOperationException($"{layout} is no layout."),
    };
}
