// The kernels for 16-byte registers, in operations that every processor has: ARM's, and old x86. Knows no model.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>4 rows of a panel in a register. Uses ARM's dot product of bytes where there is one.</summary>
sealed class Vector128Kernels : KernelSet
{
    readonly Vector128Floats<F32> _f32 = new();
    readonly Vector128Floats<F16> _f16 = new();
    readonly Vector128Floats<BF16> _bf16 = new();
    readonly Vector128Quantised<Q4<HalfScale>> _q4 = new();
    readonly Vector128Quantised<Q8> _q8 = new();
    readonly Vector128Quantised<Q4K> _q4K = new();
    readonly Vector128Quantised<Q5K> _q5K = new();
    readonly Vector128Quantised<Q6K> _q6K = new();
    readonly Vector128Quantised<Q4<BrainScale>> _q4Brain = new();

    public override string Name => "vector128";

    public override LatentKernel Latents { get; } = new Vector128Latents();

    public override PanelKernel For(Layout layout) => layout switch
    {
        Layout.F32 => _f32,
        Layout.F16 => _f16,
        Layout.BF16 => _bf16,
        Layout.Q4 => _q4,
        Layout.Q8 => _q8,
        Layout.Q4K => _q4K,
        Layout.Q5K => _q5K,
        Layout.Q6K => _q6K,
        Layout.Q4Brain => _q4Brain,
        _ => throw NoSuch(layout),
    };
}
