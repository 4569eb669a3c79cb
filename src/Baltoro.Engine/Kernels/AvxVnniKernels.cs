// The kernels for AVX2 with VNNI: products are added up in 32 bits by the instruction that makes them. Knows no model.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>What processors without AVX-512 have had since Alder Lake; .NET offers VNNI for registers of 32 bytes only.</summary>
static class AvxVnniKernels
{
    public static KernelSet Make() => new()
    {
        Name = "avxvnni",
        Latents = new Avx2Latents<VnniPairs>(),
        F32 = new Avx2Floats<F32>(),
        F16 = new Avx2Floats<F16>(),
        BF16 = new Avx2Floats<BF16>(),
        Q4 = new Avx2Quantised<Q4<HalfScale>, VnniNibbleSums>(),
        Q4Brain = new Avx2Quantised<Q4<BrainScale>, VnniNibbleSums>(),
        Q8 = new Avx2Quantised<Q8, VnniByteSums>(),
        Q4K = new Avx2Quantised<Q4K, VnniAboveLeastSums>(),
        Q5K = new Avx2Quantised<Q5K, VnniAboveLeastSums>(),
        Q6K = new Avx2Quantised<Q6K, VnniSixBitSums>(),
    };
}
