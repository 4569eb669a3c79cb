// The kernels for AVX2 and FMA: 8 rows of a panel in a register. Knows no model.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>What every x86 server of the last ten years has.</summary>
static class Avx2Kernels
{
    public static KernelSet Make() => new()
    {
        Name = "avx2",
        Latents = new Avx2Latents<AddedPairs>(),
        F32 = new Avx2Floats<F32>(),
        F16 = new Avx2Floats<F16>(),
        BF16 = new Avx2Floats<BF16>(),
        Q4 = new Avx2Quantised<Q4<HalfScale>, NibbleSums>(),
        Q4Brain = new Avx2Quantised<Q4<BrainScale>, NibbleSums>(),
        Q8 = new Avx2Quantised<Q8, ByteSums>(),
        Q4K = new Avx2Quantised<Q4K, NibbleAboveLeastSums>(),
        Q5K = new Avx2Quantised<Q5K, FiveBitSums>(),
        Q6K = new Avx2Quantised<Q6K, SixBitSums>(),
    };
}
