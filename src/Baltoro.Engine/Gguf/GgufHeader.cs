// Reads the header of one GGUF v3 file: metadata and tensor directory, every entry checked against the file's end. Knows no model.
// The format: github.com/ggml-org/ggml, docs/gguf.md.

using System.Numerics;

namespace Baltoro.Engine.Gguf;

/// <summary>What stands in front of the tensors' elements.</summary>
sealed unsafe class GgufHeader
{
    const uint Magic = 0x46554747;

    /// <summary>Each some ten times what any model has: what is remembered of an entry is more than what it takes in a file, and a hostile one would make use of that.</summary>
    public const int MostTensors = 1 << 14, MostKeys = 1 << 10;

    public required GgufMetadata Metadata { get; init; }

    public required IReadOnlyList<GgufTensor> Tensors { get; init; }

    /// <summary>Reads the header of the <paramref name="length"/> bytes at <paramref name="start"/>.</summary>
    /// <exception cref="ModelFileException">Anything in it is not as the format says; nothing outside of the bytes was read.</exception>
    public static GgufHeader Read(string file, byte* start, long length)
    {
        GgufCursor at = new(file, start, length);
        uint magic = at.UInt32("magic");
        if (magic != Magic) throw new ModelFileException(file, 0, $"magic: is 0x{magic:x8}; \"GGUF\" was expected");
        uint version = at.UInt32("version");
        if (version != 3) throw new ModelFileException(file, 4, $"version: is {version}; 3 was expected");
        // A tensor's entry has a name of a byte or more, one size or more, a type and an offset; a key has a name and a value.
        int tensors = Few(at.Count(8 + 1 + 4 + 8 + 4 + 8, "tensor count"), MostTensors, "tensor count", at);
        int keys = Few(at.Count(8 + 1 + 4 + 1, "metadata count"), MostKeys, "metadata count", at);
        GgufMetadata metadata = new(file, start, keys, ref at);
        int alignment = metadata.Integer("general.alignment", 32);
        if (alignment < 8 || !BitOperations.IsPow2(alignment)) throw metadata.Fault("general.alignment", $"is {alignment}; a power of two from 8 was expected");

        Entry[] entries = new Entry[tensors];
        for (int i = 0; i < entries.Length; i++) entries[i] = ReadEntry(i, ref at);
        long data = (at.Offset + alignment - 1) / alignment * alignment;
        HashSet<string> names = new(entries.Length, StringComparer.Ordinal);
        GgufTensor[] read = new GgufTensor[entries.Length];
        for (int i = 0; i < read.Length; i++)
        {
            if (!names.Add(entries[i].Name)) throw new ModelFileException(file, entries[i].At, $"{entries[i].Name}: stands in the file twice");
            read[i] = Place(file, start, length, data, alignment, entries[i]);
        }
        CheckOverlap(read);
        return new() { Metadata = metadata, Tensors = read };
    }

    static int Few(long count, int most, string what, GgufCursor behind) => count <= most ? (int)count : throw behind.Fault(-8, $"{what}: is {count}; at most {most} was expected");

    static void CheckOverlap(GgufTensor[] tensors)
    {
        GgufTensor? before = null;
        GgufTensor[] sorted = [.. tensors];
        // None is empty, so of two at one place either is inside of the other.
        Array.Sort(sorted, static (one, other) => one.Offset.CompareTo(other.Offset));
        foreach (GgufTensor tensor in sorted)
        {
            if (before is not null && tensor.Offset < before.Offset + before.Bytes) throw tensor.Fault($"begins inside of {before.Name}, which ends at {before.Offset + before.Bytes}");
            before = tensor;
        }
    }

    /// <summary>An entry as it stands in the directory; <paramref name="At"/> is where.</summary>
    readonly record struct Entry(string Name, long At, TensorType Type, long[] Sizes, ulong Offset);

    static Entry ReadEntry(int i, ref GgufCursor at)
    {
        long place = at.Offset;
        string name = at.Name("name of tensor", i);
        uint dimensions = at.UInt32(name);
        if (dimensions is 0 or > 4) throw at.Fault($"{name}: has {dimensions} dimensions; 1 to 4 were expected");
        long[] sizes = new long[dimensions];
        long elements = 1;
        foreach (ref long size in sizes.AsSpan())
        {
            ulong stored = at.UInt64(name);
            if (stored is 0 or > long.MaxValue || stored > (ulong)(long.MaxValue / 8 / elements)) throw at.Fault($"{name}: a size of {stored} makes no tensor");
            size = (long)stored;
            elements *= size;
        }
        var type = (TensorType)at.UInt32(name);
        if (!TensorTypes.IsKnown(type)) throw at.Fault($"{name}: is of type {(uint)type}, which is not read; the types that are: {TensorTypes.Names}");
        int block = TensorTypes.Block(type).Elements;
        if (sizes[0] % block != 0) throw at.Fault($"{name}: a row of {sizes[0]} elements is not made of blocks of {block} as {type} is");
        return new(name, place, type, sizes, at.UInt64(name));
    }

    static GgufTensor Place(string file, byte* start, long length, long data, int alignment, Entry entry)
    {
        if (entry.Offset % (ulong)alignment != 0) throw new ModelFileException(file, entry.At, $"{entry.Name}: begins at {entry.Offset}, which is no multiple of {alignment}");
        long left = Math.Max(0, length - data);
        GgufTensor tensor = new(file, entry.Name, entry.Type, entry.Sizes, data + (long)Math.Min(entry.Offset, (ulong)left), start + data + (long)Math.Min(entry.Offset, (ulong)left));
        if (entry.Offset > (ulong)left || tensor.Bytes > left - (long)entry.Offset)
            throw new ModelFileException(file, entry.At, $"{entry.Name}: {tensor.Bytes} bytes from {data} + {entry.Offset} end behind the file's {length}");
        return tensor;
    }
}
