// The kernels for AVX2 and FMA: 8 rows of a panel in a register. Knows no model.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>What every x86 server of the last ten years has.</summary>
sealed class Avx2Kernels : KernelSet
{
    readonly Avx2Floats<F32> _f32 = new();
    readonly Avx2Floats<F16> _f16 = new();
    readonly Avx2Floats<BF16> _bf16 = new();
    readonly Avx2Quantised<Q4<HalfScale>, NibbleSums> _q4 = new();
    readonly Avx2Quantised<Q4<BrainScale>, NibbleSums> _q4Brain = new();
    readonly Avx2Quantised<Q8, ByteSums> _q8 = new();
    readonly Avx2Quantised<Q4K, NibbleAboveLeastSums> _q4K = new();
    readonly Avx2Quantised<Q5K, FiveBitSums> _q5K = new();
    readonly Avx2Quantised<Q6K, SixBitSums> _q6K = new();

    public override string Name => "avx2";

    public override LatentKernel Latents { get; } = new Avx2Latents<AddedPairs>();

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
