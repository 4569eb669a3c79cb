// The kernels for 16-byte registers, in operations that every processor has: ARM's, and old x86. Knows no model.

using Baltoro.Engine.Kernels.Layouts;

namespace Baltoro.Engine.Kernels;

/// <summary>4 rows of a panel in a register. Uses ARM's dot product of bytes where there is one.</summary>
static class Vector128Kernels
{
    public static KernelSet Make() => new()
    {
        Name = "vector128",
        Latents = new Vector128Latents(),
        F32 = new Vector128Floats<F32>(),
        F16 = new Vector128Floats<F16>(),
        BF16 = new Vector128Floats<BF16>(),
        Q4 = new Vector128Quantised<Q4<HalfScale>>(),
        Q4Brain = new Vector128Quantised<Q4<BrainScale>>(),
        Q8 = new Vector128Quantised<Q8>(),
        Q4K = new Vector128Quantised<Q4K>(),
        Q5K = new Vector128Quantised<Q5K>(),
        Q6K = new Vector128Quantised<Q6K>(),
    };
}
