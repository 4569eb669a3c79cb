// The definitions: what every other kernel set must compute, bit for bit. Knows no instruction set.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>Slow, and right by inspection.</summary>
static class ScalarKernels
{
    public static KernelSet Make() => new()
    {
        Name = "scalar",
        Latents = new ScalarLatents(),
        F32 = new ScalarFloats<F32>(),
        F16 = new ScalarFloats<F16>(),
        BF16 = new ScalarFloats<BF16>(),
        Q4 = new ScalarQuantised<Q4<HalfScale>>(),
        Q4Brain = new ScalarQuantised<Q4<BrainScale>>(),
        Q8 = new ScalarQuantised<Q8>(),
        Q4K = new ScalarQuantised<Q4K>(),
        Q5K = new ScalarQuantised<Q5K>(),
        Q6K = new ScalarQuantised<Q6K>(),
    };
}
