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
    public static RegularFile OpenToRead(string path)
    {
        if (Directory.Exists(path)) return new Refused("It is a folder, not a file.");
        // Devices are files that never end or that reading changes.
        if (!OperatingSystem.IsWindows() && Workspace.IsWithin(RealPath.Of(path), "/dev")) return new Refused("It is a device, not a file.");
        try
        {
            SafeFileHandle handle = OperatingSystem.IsLinux() ? Posix.OpenWithoutWaiting(path) : File.OpenHandle(path);
            FileStream stream = new(handle, FileAccess.Read, bufferSize: 0);
            if (stream.CanSeek) return new Open(stream);
            stream.Dispose();
            return new Refused("It is a pipe or a socket, not a file.");
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
    // Linux on x86-64 and arm64.
    const int ReadOnly = 0, NonBlocking = 0x800, CloseOnExec = 0x80000;

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

    /// <summary>Ends a process group; one that is gone already is no error.</summary>
    public static void SignalGroup(int group, int signal) => _ = kill(-group, signal);

    public const int Terminate = 15, Kill = 9;

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int kill(int process, int signal);
}
