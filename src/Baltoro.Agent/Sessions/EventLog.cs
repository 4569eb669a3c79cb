// The append-only file of a session and its lock; it refuses to know what the events mean.

using System.Buffers;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Baltoro.Agent.Sessions;

/// <summary>One writer's hold on a log. The lock dies with its process, however that ends. Not thread-safe.</summary>
sealed class EventLog : IDisposable
{
    readonly SafeFileHandle _file;
    readonly FileStream _lock;
    readonly Blobs _blobs;
    readonly ArrayBufferWriter<byte> _line = new(4096);
    long _end;

    EventLog(SafeFileHandle file, FileStream held, Blobs blobs, long end) => (_file, _lock, _blobs, _end) = (file, held, blobs, end);

    /// <summary>Takes the lock of a session's folder.</summary>
    /// <param name="holder">The process that holds it, where it says; null when the lock was taken.</param>
    /// <returns>Null when another process has it.</returns>
    public static FileStream? TakeLock(string folder, out string? holder)
    {
        string path = LockPath(folder);
        holder = null;
        try
        {
            FileStream held = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return held;
        }
        catch (IOException) when (File.Exists(path))
        {
            holder = ReadHolder(path);
            return null;
        }
    }

    /// <param name="held">From <see cref="TakeLock"/>; owned from here on.</param>
    /// <param name="end">Where the good part of the file ends; what lies behind it is cut off.</param>
    public static EventLog Open(string folder, FileStream held, long end)
    {
        SafeFileHandle file = File.OpenHandle(LogPath(folder), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        if (RandomAccess.GetLength(file) > end) RandomAccess.SetLength(file, end);
        return new(file, held, BlobsOf(folder), end);
    }

    public static string LogPath(string folder) => Path.Combine(folder, "events.jsonl");

    public static Blobs BlobsOf(string folder) => new(Path.Combine(folder, "blobs"));

    static string LockPath(string folder) => Path.Combine(folder, "lock");

    /// <summary>Writes one line, and has it on disk when this returns.</summary>
    /// <exception cref="IOException">The disk is full or gone. Nothing of the event counts.</exception>
    public void Append(LoggedEvent logged)
    {
        _line.ResetWrittenCount();
        EventJson.Write(logged, _blobs, _line);
        _line.Write("\n"u8);
        RandomAccess.Write(_file, _line.WrittenSpan, _end);
        RandomAccess.FlushToDisk(_file);
        _end += _line.WrittenCount;
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    static string? ReadHolder(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using StreamReader reader = new(file);
            return reader.ReadToEnd().Trim() is { Length: > 0 } process ? process : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
