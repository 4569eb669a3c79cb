// Which instruction set's kernels run; decided once for a model. Knows no layout.

using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Baltoro.Engine.Kernels;

/// <summary>The sets in order of preference. <c>BALTORO_SIMD</c> names one; without it the first that the processor has is taken.</summary>
static class KernelChoice
{
    public const string Variable = "BALTORO_SIMD";

    static readonly (string Name, Func<bool> Runs, Func<KernelSet> Make)[] Sets =
    [
        // 16 rows in a register; the byte multiplication needs BW.
        ("avx512", () => Avx512BW.IsSupported, Avx512Kernels.Make),
        ("avxvnni", () => AvxVnni.IsSupported && Avx2.IsSupported && Fma.IsSupported, AvxVnniKernels.Make),
        ("avx2", () => Avx2.IsSupported && Fma.IsSupported, Avx2Kernels.Make),
        ("vector128", () => Vector128.IsHardwareAccelerated, Vector128Kernels.Make),
        ("scalar", () => true, ScalarKernels.Make),
    ];

    /// <summary>Those that run on this processor and in this build.</summary>
    public static IEnumerable<string> Available => Sets.Where(set => set.Runs()).Select(set => set.Name);

    /// <param name="name">What <c>BALTORO_SIMD</c> says; null or empty for the best.</param>
    /// <exception cref="ArgumentException">There is no such set, or it does not run here.</exception>
    public static KernelSet Make(string? name)
    {
        foreach (var (known, runs, make) in Sets)
            if (string.IsNullOrEmpty(name) ? runs() : known.Equals(name, StringComparison.OrdinalIgnoreCase) && runs()) return make();
        throw new ArgumentException($"{Variable}: is \"{name}\"; this processor and build run {string.Join(", ", Available)}.", nameof(name));
    }
}
