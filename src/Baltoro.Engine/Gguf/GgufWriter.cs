// Writes a GGUF v3 file: metadata, tensor directory, elements. Knows no model.

using System.Text;

namespace Baltoro.Engine.Gguf;

/// <summary>Collects keys and tensors and writes them in the order in which they were added.</summary>
public sealed class GgufWriter
{
    const int Alignment = 32;

    readonly List<(string Key, GgufKind Kind, Action<BinaryWriter> Write)> _keys = [];
    readonly List<(string Name, TensorType Type, long[] Dimensions, Action<Stream> Write)> _tensors = [];

    public void Add(string key, string value) => Add(key, GgufKind.String, writer => Text(writer, value));

    public void Add(string key, int value) => Add(key, GgufKind.UInt32, writer => writer.Write(value));

    public void Add(string key, float value) => Add(key, GgufKind.Float32, writer => writer.Write(value));

    public void Add(string key, bool value) => Add(key, GgufKind.Bool, writer => writer.Write(value));

    public void Add(string key, IReadOnlyList<string> values) => Add(key, GgufKind.Array, writer =>
    {
        writer.Write((int)GgufKind.String);
        writer.Write((long)values.Count);
        foreach (string value in values) Text(writer, value);
    });

    public void Add(string key, IReadOnlyList<int> values) => Add(key, GgufKind.Array, writer =>
    {
        writer.Write((int)GgufKind.Int32);
        writer.Write((long)values.Count);
        foreach (int value in values) writer.Write(value);
    });

    /// <param name="dimensions">The first is the length of a row.</param>
    /// <param name="write">Writes the elements, as many bytes as the type and sizes ask for.</param>
    public void Add(string name, TensorType type, long[] dimensions, Action<Stream> write) => _tensors.Add((name, type, dimensions, write));

    /// <summary>Writes the file. An existing one is replaced when the new one is whole.</summary>
    /// <param name="progress">Is told the share that is done, 0 to 1.</param>
    /// <exception cref="IOException"></exception>
    /// <exception cref="OperationCanceledException">Between two tensors; nothing is left.</exception>
    public void Write(string path, IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        string partial = path + ".partial";
        try
        {
            using (FileStream stream = new(partial, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20)) Write(stream, progress, cancellation);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    void Write(FileStream stream, IProgress<double>? progress, CancellationToken cancellation)
    {
        using BinaryWriter writer = new(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write("GGUF"u8);
        writer.Write(3);
        writer.Write((long)_tensors.Count);
        writer.Write((long)_keys.Count);
        foreach (var (key, kind, write) in _keys)
        {
            Text(writer, key);
            writer.Write((int)kind);
            write(writer);
        }
        long offset = 0;
        foreach (var (name, type, dimensions, _) in _tensors)
        {
            Text(writer, name);
            writer.Write(dimensions.Length);
            foreach (long size in dimensions) writer.Write(size);
            writer.Write((int)type);
            writer.Write(offset);
            offset = Aligned(offset + Bytes(type, dimensions));
        }
        writer.Flush();
        long data = Aligned(stream.Position), all = offset, done = 0;
        Pad(stream, data);
        foreach (var (name, type, dimensions, write) in _tensors)
        {
            cancellation.ThrowIfCancellationRequested();
            long start = stream.Position;
            write(stream);
            if (stream.Position - start != Bytes(type, dimensions)) throw new InvalidOperationException($"{name}: {stream.Position - start} bytes were written; {Bytes(type, dimensions)} were expected.");
            done = Aligned(done + Bytes(type, dimensions));
            Pad(stream, data + done);
            progress?.Report((double)done / all);
        }
    }

    void Add(string key, GgufKind kind, Action<BinaryWriter> write) => _keys.Add((key, kind, write));

    static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    static long Bytes(TensorType type, long[] dimensions) => TensorTypes.RowBytes(type, dimensions.Aggregate((all, size) => all * size));

    static long Aligned(long offset) => (offset + Alignment - 1) / Alignment * Alignment;

    static void Pad(FileStream stream, long to)
    {
        while (stream.Position < to) stream.WriteByte(0);
    }
}
