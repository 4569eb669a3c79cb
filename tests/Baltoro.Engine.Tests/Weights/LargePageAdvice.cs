// Whether the system was asked to hold large stretches of memory in large pages, by what it says of them itself.

using System.Globalization;
using System.Runtime.InteropServices;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Tests.Weights;

public sealed unsafe partial class LargePageAdvice : IDisposable
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
        using Native<float> large = new(4 << 20);
        // What the system says is read piece by piece while other tests take and give back memory, so that a stretch can be missed once.
        Assert.Contains(Enumerable.Range(0, 5), _ => Flags(large.Start + (2 << 20)).Contains(Asked, StringComparison.Ordinal));
        // Fresh from the system: what the allocator gives out again may have been a part of a large array.
        const nuint Bytes = 3 << 20;
        void* small = Map(null, Bytes, ReadWrite, PrivateAnonymous, -1, 0);
        LargePages.Ask(small, (long)Bytes);
        Assert.DoesNotContain(Asked, Flags(small), StringComparison.Ordinal);
        Assert.Equal(0, Unmap(small, Bytes));
    }

    const int ReadWrite = 3, PrivateAnonymous = 0x22;

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* at, nuint bytes, int access, int kind, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* start, nuint bytes);

    [Fact]
    public void Of_a_file_that_was_written_and_is_forgotten_nothing_is_kept_in_memory()
    {
        string path = _folder.At("model");
        Assert.SkipWhen(new DriveInfo(_folder.Path).DriveFormat == "tmpfs", "The folder is in memory itself.");
        File.WriteAllBytes(path, new byte[8 << 20]);
        Assert.True(Kept(path) > 4 << 20);
        using (FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite)) LargePages.Forget(file);
        Assert.Equal(0, Kept(path));
    }

    /// <summary>Bytes of a file that the system has in memory.</summary>
    static long Kept(string path)
    {
        using MappedFile mapped = new(path);
        byte[] pages = new byte[mapped.Length / Environment.SystemPageSize];
        fixed (byte* first = pages) Assert.Equal(0, InCore(mapped.Start, (nuint)mapped.Length, first));
        return pages.Count(page => (page & 1) != 0) * (long)Environment.SystemPageSize;
    }

    [LibraryImport("libc", EntryPoint = "mincore")]
    private static partial int InCore(void* start, nuint bytes, byte* pages);

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
