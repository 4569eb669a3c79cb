// The definitions: what every other kernel set must compute, bit for bit. Knows no instruction set.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>Slow, and right by inspection.</summary>
sealed class ScalarKernels : KernelSet
{
    readonly ScalarFloats<F32> _f32 = new();
    readonly ScalarFloats<F16> _f16 = new();
    readonly ScalarFloats<BF16> _bf16 = new();
    readonly ScalarQuantised<Q4<HalfScale>> _q4 = new();
    readonly ScalarQuantised<Q4<BrainScale>> _q4Brain = new();
    readonly ScalarQuantised<Q8> _q8 = new();
    readonly ScalarQuantised<Q4K> _q4K = new();
    readonly ScalarQuantised<Q5K> _q5K = new();
    readonly ScalarQuantised<Q6K> _q6K = new();

    public override string Name => "scalar";

    public override LatentKernel Latents { get; } = new ScalarLatents();

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
