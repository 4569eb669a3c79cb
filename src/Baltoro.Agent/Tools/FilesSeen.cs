// What the model has seen of which files, so that it changes none blindly. It reads no files for the model.

using System.Security.Cryptography;

namespace Baltoro.Agent.Tools;

/// <summary>Remembers the state in which each file was last shown to the model, or written by it. Safe from any thread.</summary>
sealed class FilesSeen
{
    readonly Dictionary<string, Stamp> _seen = [];

    /// <param name="path">Absolute, links followed.</param>
    /// <param name="content">All of the file; empty for one that was too large to hold, which is then known by size and time only.</param>
    public void Saw(string path, ReadOnlySpan<byte> content)
    {
        FileInfo file = new(path);
        if (!file.Exists) return;
        Stamp stamp = new(file.Length, file.LastWriteTimeUtc, content.IsEmpty ? null : Convert.ToHexString(SHA256.HashData(content)));
        lock (_seen) _seen[path] = stamp;
    }

    /// <param name="path">Absolute, links followed.</param>
    /// <param name="content">All of the file as it is now.</param>
    public Sight Look(string path, ReadOnlySpan<byte> content)
    {
        Stamp? stamp;
        lock (_seen) stamp = _seen.GetValueOrDefault(path);
        if (stamp is null) return Sight.Never;
        FileInfo file = new(path);
        if (stamp.Length == file.Length && stamp.Modified == file.LastWriteTimeUtc) return Sight.Current;
        // Touched, or written again with the same text.
        return stamp.Hash is not null && stamp.Hash == Convert.ToHexString(SHA256.HashData(content)) ? Sight.Current : Sight.Stale;
    }

    sealed record Stamp(long Length, DateTime Modified, string? Hash);
}

/// <summary>What the model knows of a file.</summary>
enum Sight
{
    Never,

    /// <summary>The file has changed since.</summary>
    Stale,
    Current,
}
