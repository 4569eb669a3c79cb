// Asks the system to hold a stretch of memory in large pages. Knows no contents, and not whether the system does so.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Baltoro.Engine.Kernels;

/// <summary>
/// Weights are read once for each token from one end to the other: with pages of 4 KiB each of them costs a walk through the page tables, twice over in a virtual
/// machine, and a fault at the start. Linux gives pages of 2 MiB where it is asked to (transparent_hugepage set to "madvise" or "always"), for files where the file
/// system holds them in such pieces, too.
/// </summary>
static unsafe partial class LargePages
{
    const long Size = 2 << 20;

    const int HugePage = 14;

    /// <summary>For the whole pages from <paramref name="start"/> on; less than two large ones are left as they are.</summary>
    public static void Ask(void* start, long bytes)
    {
        if (!OperatingSystem.IsLinux() || bytes < 2 * Size) return;
        nuint page = (nuint)Environment.SystemPageSize, first = ((nuint)start + page - 1) / page * page;
        // It is advice: a system that cannot follow it says so, and nothing is lost.
        _ = Advise((void*)first, (nuint)start + (nuint)bytes - first, HugePage);
    }

    /// <summary>
    /// Lets go of what the system keeps of a file that was written, once it is on the disk: pages were taken for it one by one as they were written, and those that read it later would
    /// be given the same small ones. What is read anew comes in large pages.
    /// </summary>
    public static void Forget(FileStream file)
    {
        file.Flush(flushToDisk: true);
        if (OperatingSystem.IsLinux()) _ = Advise(file.SafeFileHandle, 0, 0, DontNeed);
    }

    const int DontNeed = 4;

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long first, long bytes, int advice);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* start, nuint bytes, int advice);
}
