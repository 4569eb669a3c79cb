// A model's packed weights in a file beside it, so that the next start packs nothing. Knows no arithmetic.

using System.Buffers.Binary;
using System.IO.MemoryMappedFiles;
using System.Security.Cryptography;
using System.Text;
using Baltoro.Engine.Gguf;
using Baltoro.Engine.Kernels;
using Baltoro.Engine.Threads;

namespace Baltoro.Engine.Weights;

/// <summary>
/// 4,096 bytes of header (a name, the identity, zeros) and then the panels as they are in memory. The identity is a hash over the model's parts (size, time of the
/// last write) and over every matrix's name, layout and sizes: a file of another identity is written anew.
/// </summary>
static unsafe class PanelFile
{
    const int HeaderBytes = 4096;

    /// <summary>How much of the work packing is said to be. The rest is the disk's, which for gigabytes takes seconds: who looks on is not to think that all is done.</summary>
    const double Packing = 0.9;

    /// <summary>Written to the disk between two reports.</summary>
    const long FlushBytes = 256 << 20;

    static ReadOnlySpan<byte> Name => "BALTORO PANELS 1"u8;

    public static byte[] Identity(IEnumerable<string> parts, IEnumerable<Matrices> matrices)
    {
        StringBuilder text = new();
        foreach (FileInfo part in parts.Select(path => new FileInfo(path))) text.Append(null, $"{part.Length} {part.LastWriteTimeUtc.Ticks}\n");
        foreach (StoredMatrices one in matrices.Select(one => one.Stored)) text.Append(null, $"{one.Name} {one.Layout} {one.Count} {one.Rows} {one.Columns}\n");
        return SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The mapped panels; null when there is no such file of this identity and size.</summary>
    /// <exception cref="IOException">The file is there and cannot be read.</exception>
    public static MappedFile? Find(string path, byte[] identity, long bytes)
    {
        if (!File.Exists(path) || new FileInfo(path).Length != HeaderBytes + bytes) return null;
        MappedFile file = new(path);
        if (new ReadOnlySpan<byte>(file.Start, HeaderBytes).SequenceEqual(Header(identity, bytes))) return file;
        file.Dispose();
        return null;
    }

    /// <summary>Packs into a new file, which replaces an old one when it is whole.</summary>
    /// <param name="progress">Is told the share that is done, 0 to 1: 1 when the file is in its place.</param>
    /// <exception cref="IOException">There is no room for it, or no right to write it.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder is not writable.</exception>
    public static void Write(string path, byte[] identity, IReadOnlyList<Matrices> matrices, Crew crew, IProgress<double>? progress, CancellationToken cancellation)
    {
        long bytes = PanelMemory.Bytes(matrices);
        string partial = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            // The room is taken before the first byte: a mapped page that the disk has no place for ends the process.
            using (FileStream stream = new(partial, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, PreallocationSize = HeaderBytes + bytes }))
            {
                stream.SetLength(HeaderBytes + bytes);
                stream.Write(Header(identity, bytes));
                stream.Flush();
                using (MemoryMappedFile map = MemoryMappedFile.CreateFromFile(stream, null, 0, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true))
                using (MemoryMappedViewAccessor view = map.CreateViewAccessor())
                {
                    byte* start = null;
                    view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
                    try
                    {
                        PanelMemory.Pack(matrices, start + HeaderBytes, crew, progress is null ? null : new PackingPart(progress), cancellation);
                    }
                    finally
                    {
                        view.SafeMemoryMappedViewHandle.ReleasePointer();
                    }
                    Flush(map, HeaderBytes + bytes, progress);
                }
                LargePages.Forget(stream);
            }
            File.Move(partial, path, overwrite: true);
            progress?.Report(1);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Writes what was packed to the disk, piece by piece.</summary>
    static void Flush(MemoryMappedFile map, long bytes, IProgress<double>? progress)
    {
        for (long at = 0; at < bytes; at += FlushBytes)
        {
            long count = Math.Min(FlushBytes, bytes - at);
            using MemoryMappedViewAccessor piece = map.CreateViewAccessor(at, count);
            piece.Flush();
            // All of it is said only when the file is there.
            if (at + count < bytes) progress?.Report(Packing + (1 - Packing) * (at + count) / bytes);
        }
    }

    sealed class PackingPart(IProgress<double> whole) : IProgress<double>
    {
        public void Report(double value) => whole.Report(Packing * value);
    }

    public static byte* Panels(MappedFile file) => file.Start + HeaderBytes;

    static byte[] Header(byte[] identity, long bytes)
    {
        byte[] header = new byte[HeaderBytes];
        Name.CopyTo(header);
        identity.CopyTo(header, 32);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(64), bytes);
        return header;
    }
}
