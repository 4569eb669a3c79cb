// The kernels for AVX2 with VNNI: products are added up in 32 bits by the instruction that makes them. Knows no model.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>What processors without AVX-512 have had since Alder Lake; .NET offers VNNI for registers of 32 bytes only.</summary>
sealed class AvxVnniKernels : KernelSet
{
    readonly Avx2Floats<F32> _f32 = new();
    readonly Avx2Floats<F16> _f16 = new();
    readonly Avx2Floats<BF16> _bf16 = new();
    readonly Avx2Quantised<Q4<HalfScale>, VnniNibbleSums> _q4 = new();
    readonly Avx2Quantised<Q4<BrainScale>, VnniNibbleSums> _q4Brain = new();
    readonly Avx2Quantised<Q8, VnniByteSums> _q8 = new();
    readonly Avx2Quantised<Q4K, VnniAboveLeastSums> _q4K = new();
    readonly Avx2Quantised<Q5K, VnniAboveLeastSums> _q5K = new();
    readonly Avx2Quantised<Q6K, VnniSixBitSums> _q6K = new();

    public override string Name => "avxvnni";

    public override LatentKernel Latents { get; } = new Avx2Latents<VnniPairs>();

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
