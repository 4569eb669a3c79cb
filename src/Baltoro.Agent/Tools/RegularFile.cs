// Opens files for reading so that nothing a repository holds (a pipe, a device, a folder) can stop the agent. It reads nothing.

using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Baltoro.Agent.Tools;

/// <summary>A file opened for reading, or why it was not.</summary>
abstract record RegularFile
{
    RegularFile() { }

    /// <param name="Stream">The receiver disposes it. Unbuffered.</param>
    public sealed record Open(FileStream Stream) : RegularFile;

    /// <param name="Why">A sentence about the file that does not name it.</param>
    public sealed record Refused(string Why) : RegularFile;

    /// <param name="path">Absolute.</param>
    /// <param name="may">
    /// Asked about where the opened file really lies, once it is open: whoever can write in the project may have put a link in the way since
    /// the call was judged. Null permits.
    /// </param>
    public static RegularFile OpenToRead(string path, Func<string, bool>? may = null)
    {
        if (Directory.Exists(path)) return new Refused("It is a folder, not a file.");
        // Devices are files that never end or that reading changes.
        if (!OperatingSystem.IsWindows() && Workspace.IsWithin(RealPath.Of(path), "/dev")) return new Refused("It is a device, not a file.");
        try
        {
            SafeFileHandle handle = OperatingSystem.IsLinux() ? Posix.OpenWithoutWaiting(path) : File.OpenHandle(path);
            FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
            if (stream.CanSeek && (may is null || Posix.PathOf(handle) is not { } real || may(real))) return new Open(stream);
            bool isFile = stream.CanSeek;
            stream.Dispose();
            return new Refused(isFile ? "It leads to a place that may not be read." : "It is a pipe or a socket, not a file.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return new Refused("There is no such file.");
        }
        catch (UnauthorizedAccessException)
        {
            return new Refused("Reading it is not permitted by the file system.");
        }
        catch (IOException e)
        {
            return new Refused($"It cannot be opened: {e.Message}");
        }
    }
}

/// <summary>Calls of the C library that .NET has no word for.</summary>
static class Posix
{
    // Linux on x86-64 and arm64; two of them differ.
    const int ReadOnly = 0, NonBlocking = 0x800, CloseOnExec = 0x80000, PathOnly = 0x200000;

    static readonly int NoFollow = System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 0x8000 : 0x20000;

    /// <summary>Opens for reading; a pipe without a writer does not make it wait.</summary>
    /// <exception cref="IOException">The file cannot be opened; the kind that File.OpenRead would throw.</exception>
    public static SafeFileHandle OpenWithoutWaiting(string path)
    {
        int descriptor = open(path, ReadOnly | NonBlocking | CloseOnExec);
        if (descriptor >= 0) return new SafeFileHandle(descriptor, ownsHandle: true);
        int error = Marshal.GetLastPInvokeError();
        throw error switch
        {
            2 or 20 => new FileNotFoundException($"{path}: no such file.", path),
            1 or 13 => new UnauthorizedAccessException($"{path}: not permitted."),
            _ => new IOException(Marshal.GetPInvokeErrorMessage(error)),
        };
    }

    /// <summary>A folder to be held, whatever becomes of its name; the last part of the path is no link. Null when there is none.</summary>
    public static SafeFileHandle? HoldFolder(string path)
    {
        int descriptor = open(path, PathOnly | NoFollow | CloseOnExec);
        if (descriptor < 0) return null;
        SafeFileHandle handle = new(descriptor, ownsHandle: true);
        if (Directory.Exists(Held(handle))) return handle;
        handle.Dispose();
        return null;
    }

    /// <summary>A name for what is held, which no link leads away from.</summary>
    public static string Held(SafeFileHandle handle) => $"/proc/self/fd/{handle.DangerousGetHandle()}";

    /// <summary>Where the system says that it lies; null where it does not say.</summary>
    public static string? PathOf(SafeFileHandle handle) => OperatingSystem.IsLinux() ? new FileInfo(Held(handle)).LinkTarget : null;

    /// <summary>Ends a process group; one that is gone already is no error.</summary>
    public static void SignalGroup(int group, int signal) => _ = kill(-group, signal);

    public const int Terminate = 15, Kill = 9;

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int kill(int process, int signal);
}
