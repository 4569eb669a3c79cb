// A file system in memory with room for hardly anything.

using System.Diagnostics;

namespace Baltoro.Gateway.Tests.Ledger;

sealed class SmallDisk : IAsyncDisposable
{
    readonly string _folder;

    SmallDisk(string folder) => _folder = folder;

    /// <summary>Null where this is not allowed.</summary>
    public static async Task<SmallDisk?> Mount(string folder)
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root") return null;
        Directory.CreateDirectory(folder);
        return await Run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder) ? new(folder) : null;
    }

    public async Task MakeRoom() => Assert.True(await Run("mount", "-o", "remount,size=8m", _folder));

    public async ValueTask DisposeAsync() => await Run("umount", "-l", _folder);

    static async Task<bool> Run(params string[] words)
    {
        using Process process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
