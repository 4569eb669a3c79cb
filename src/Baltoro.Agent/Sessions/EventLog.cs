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
            // No other way of sharing takes an exclusive lock on Unix; hence the process stands in a file of its own.
            FileStream held = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(HolderPath(folder), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return held;
        }
        catch (IOException) when (File.Exists(path))
        {
            holder = File.Exists(HolderPath(folder)) ? File.ReadAllText(HolderPath(folder)).Trim() : null;
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

    /// <summary>Whether a process works on the session.</summary>
    public static bool IsHeld(string folder)
    {
        if (!File.Exists(LockPath(folder))) return false;
        try
        {
            using FileStream file = new(LockPath(folder), FileMode.Open, FileAccess.Read, FileShare.Read);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    public static string LogPath(string folder) => Path.Combine(folder, "events.jsonl");

    public static Blobs BlobsOf(string folder) => new(Path.Combine(folder, "blobs"));

    static string LockPath(string folder) => Path.Combine(folder, "lock");

    static string HolderPath(string folder) => Path.Combine(folder, "lock.process");

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
}
