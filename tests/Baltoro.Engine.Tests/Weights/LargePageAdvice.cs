// Whether the system was asked to hold large stretches of memory in large pages, by what it says of them itself.

using System.Globalization;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Tests.Weights;

public sealed unsafe class LargePageAdvice : IDisposable
{
    const string Asked = " hg ";

    readonly Folder _folder = new();

    public LargePageAdvice() => Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/sys/kernel/mm/transparent_hugepage/enabled"), "The system knows no large pages.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_mapped_model_is_to_lie_in_large_pages()
    {
        string path = _folder.At("model");
        using (FileStream file = File.Create(path)) file.SetLength(8 << 20);
        using MappedFile mapped = new(path);
        Assert.Contains(Asked, Flags(mapped.Start + (4 << 20)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_array_is_too_and_a_small_one_is_not()
    {
        using Native<float> large = new(4 << 20), small = new(1 << 10);
        Assert.Contains(Asked, Flags(large.Start + (2 << 20)), StringComparison.Ordinal);
        Assert.DoesNotContain(Asked, Flags(small.Start), StringComparison.Ordinal);
    }

    /// <summary>What the system knows of the stretch of memory with an address.</summary>
    static string Flags(void* address)
    {
        bool isThere = false;
        foreach (string line in File.ReadLines("/proc/self/smaps"))
        {
            string[] ends = line.Split(' ')[0].Split('-');
            if (ends.Length == 2 && ulong.TryParse(ends[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong first) && ulong.TryParse(ends[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong end))
                isThere = first <= (ulong)address && (ulong)address < end;
            else if (isThere && line.StartsWith("VmFlags:", StringComparison.Ordinal)) return line + " ";
        }
        return "";
    }
}
