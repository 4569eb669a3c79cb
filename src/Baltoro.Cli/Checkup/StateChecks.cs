// Whether the folders of what the program remembers can be written, and whether the disk has room.

using Baltoro.Cli.Commands;
using Baltoro.Models;

namespace Baltoro.Cli.Checkup;

static class StateChecks
{
    /// <summary>Some hundred thousand rows of the ledger.</summary>
    const long LeastRoom = 100 << 20;

    public static IEnumerable<Finding> Folder(Surroundings around)
    {
        if (ConfigurationPaths.State(around.Environment, around.Platform) is not { } folder)
        {
            yield return new Finding.Wrong("state folder", "there is no home folder", "set HOME or XDG_STATE_HOME");
            yield break;
        }
        yield return Writable("state folder", folder, "put its rights right, or set XDG_STATE_HOME to another one");
        if (Room(folder) is { } room)
            yield return room >= LeastRoom
                ? new Finding.Good("disk", $"{room >> 30} GB free")
                : new Finding.Wrong("disk", $"{room >> 20} MB free where {folder} lies", "make room; what requests cost is else not written down");
    }

    /// <summary>Where conversations with model files are kept, if anywhere.</summary>
    public static IEnumerable<Finding> Prefixes(Settings settings) =>
        settings.Prefixes is { } kept ? [Writable("prefixes", kept.Folder, "put its rights right, or name another one under \"prefixes\"")] : [];

    static Finding Writable(string what, string folder, string mend)
    {
        string probe = Path.Combine(folder, $"probe.{Guid.NewGuid():n}");
        try
        {
            Directory.CreateDirectory(folder);
            File.WriteAllBytes(probe, []);
            File.Delete(probe);
            return new Finding.Good(what, folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding.Wrong(what, $"{folder} cannot be written: {e.Message}", mend);
        }
    }

    /// <summary>Null where the system does not say.</summary>
    static long? Room(string folder)
    {
        try
        {
            string? there = folder;
            while (there is not null && !Directory.Exists(there)) there = Path.GetDirectoryName(there);
            return there is null ? null : new DriveInfo(there).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
