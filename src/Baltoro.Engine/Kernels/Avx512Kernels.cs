// The kernels for AVX-512: 16 rows of a panel in one register. Knows no model.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>Needs F and BW.</summary>
static class Avx512Kernels
{
    public static KernelSet Make() => new()
    {
        Name = "avx512",
        Latents = new Avx512Latents(),
        F32 = new Avx512Floats<F32>(),
        F16 = new Avx512Floats<F16>(),
        BF16 = new Avx512Floats<BF16>(),
        Q4 = new Avx512Quantised<Q4<HalfScale>, NibbleSums>(),
        Q4Brain = new Avx512Quantised<Q4<BrainScale>, NibbleSums>(),
        Q8 = new Avx512Quantised<Q8, ByteSums>(),
        Q4K = new Avx512Quantised<Q4K, NibbleAboveLeastSums>(),
        Q5K = new Avx512Quantised<Q5K, FiveBitSums>(),
        Q6K = new Avx512Quantised<Q6K, SixBitSums>(),
    };
}
