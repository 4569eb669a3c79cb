// A folder that is held open while something is put into it, so that no link can lead elsewhere meanwhile. It does not know what is put there.

using Microsoft.Win32.SafeHandles;

namespace Baltoro.Agent.Tools;

/// <summary>On Linux; elsewhere a name and no more.</summary>
/// <param name="name">A path to the folder that stays the folder's until this is disposed.</param>
sealed class HeldFolder(string name, SafeFileHandle? handle) : IDisposable
{
    public string Name => name;

    /// <summary>Holds a folder, and makes it and those above it where they are missing.</summary>
    /// <param name="real">Absolute, links followed.</param>
    /// <exception cref="IOException">It cannot be made, or a link has been put in the way.</exception>
    public static HeldFolder Make(string real)
    {
        if (!OperatingSystem.IsLinux())
        {
            Directory.CreateDirectory(real);
            return new(real, null);
        }
        string there = real;
        Stack<string> missing = new();
        while (!Path.Exists(there))
        {
            missing.Push(Path.GetFileName(there));
            there = Path.GetDirectoryName(there)!;
        }
        SafeFileHandle held = Posix.HoldFolder(there) ?? throw Moved(there);
        try
        {
            if (Posix.PathOf(held) != there) throw Moved(there);
            while (missing.TryPop(out string? name))
            {
                string below = Path.Join(Posix.Held(held), name);
                Directory.CreateDirectory(below);
                SafeFileHandle next = Posix.HoldFolder(below) ?? throw Moved(name);
                held.Dispose();
                held = next;
            }
            return new(Posix.Held(held), held);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    public void Dispose() => handle?.Dispose();

    static IOException Moved(string what) => new($"{what}: it is no folder, or has become a link meanwhile.");
}
