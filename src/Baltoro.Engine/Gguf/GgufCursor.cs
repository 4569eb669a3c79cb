// Walks over the bytes of a GGUF header and refuses to leave them. Knows no keys and no tensors.

using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Baltoro.Engine.Gguf;

/// <summary>A position in a mapped file; every read is checked against the file's end. All numbers are little-endian.</summary>
unsafe ref struct GgufCursor(string file, byte* start, long length)
{
    readonly byte* _start = start;

    /// <summary>Bytes from the file's start.</summary>
    public long Offset { get; private set; }

    public readonly long Left => length - Offset;

    /// <summary>Passes over <paramref name="bytes"/> bytes and returns where they begin.</summary>
    public byte* Take(long bytes, string what)
    {
        if (bytes < 0 || bytes > Left) throw Fault($"{what}: needs {(ulong)bytes} bytes, and the file has {Left} left");
        byte* here = _start + Offset;
        Offset += bytes;
        return here;
    }

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(new(Take(4, what), 4));

    public ulong UInt64(string what) => BinaryPrimitives.ReadUInt64LittleEndian(new(Take(8, what), 8));

    /// <summary>A count of things of at least <paramref name="least"/> bytes each, so no more than the rest of the file can hold.</summary>
    public long Count(long least, string what)
    {
        ulong count = UInt64(what);
        if (count > (ulong)(Left / least)) throw new ModelFileException(file, Offset - 8, $"{what}: {count} of them do not fit in the {Left} bytes that are left");
        return (long)count;
    }

    /// <summary>Far above any name that is in use, and far below what the format allows for keys (65,535): a damaged length is not worth a large text.</summary>
    const int LongestName = 1024;

    /// <summary>A name or key: UTF-8, 1 to 1,024 bytes. Which of them it is, <paramref name="number"/>, is made a text only for an error.</summary>
    public string Name(string what, int number)
    {
        ulong bytes = Left >= 8 ? BinaryPrimitives.ReadUInt64LittleEndian(new(_start + Offset, 8)) : 0;
        // What does not even fit is told as any other count is.
        if (Left < 8 || bytes > (ulong)(Left - 8)) Count(1, $"{what} {number}");
        Offset += 8;
        if (bytes is 0 or > LongestName) throw new ModelFileException(file, Offset - 8, $"{what} {number}: a name of {bytes} bytes; 1 to {LongestName} were expected");
        ReadOnlySpan<byte> name = new(_start + Offset, (int)bytes);
        if (!Utf8.IsValid(name)) throw Fault($"{what} {number}: a name in UTF-8 was expected");
        Offset += (long)bytes;
        return Encoding.UTF8.GetString(name);
    }

    /// <summary>An error at this place.</summary>
    public readonly ModelFileException Fault(string problem) => new(file, Offset, problem);

    /// <summary>An error at <paramref name="from"/> bytes from here.</summary>
    public readonly ModelFileException Fault(long from, string problem) => new(file, Offset + from, problem);
}
