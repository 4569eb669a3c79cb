// A timeline on disk: its tokens and what its pages hold. Knows no arithmetic.

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Baltoro.Engine.Cache;

/// <summary>
/// 64 bytes of header (a name, the model's identity, the tokens' number), the tokens as int32, then whole pages as they are in memory. Little-endian.
/// </summary>
static unsafe class TimelineFile
{
    const int HeaderBytes = 64;

    static ReadOnlySpan<byte> Name => "BALTORO CACHE 1\n"u8;

    /// <summary>Writes it to a new file, which replaces an old one when it is whole.</summary>
    /// <param name="identity">32 bytes: of the model and of how its cache is kept.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Save(string path, Timeline line, PagePool pool, byte[] identity)
    {
        string partial = $"{path}.partial";
        try
        {
            using (FileStream file = new(partial, FileMode.Create, FileAccess.Write))
            {
                byte[] header = new byte[HeaderBytes];
                Name.CopyTo(header);
                identity.CopyTo(header, 16);
                BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(48), line.Length);
                file.Write(header);
                file.Write(MemoryMarshal.AsBytes(line.Tokens));
                foreach (int page in line.Pages) file.Write(new ReadOnlySpan<byte>(pool.Block(page, 0), checked((int)pool.PageBytes)));
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Reads into an empty timeline.</summary>
    /// <exception cref="ModelFileException">The file is no such file, of another model, or damaged.</exception>
    /// <exception cref="CacheFullException">There is no room for it.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void Load(string path, Timeline line, PagePool pool, byte[] identity, int vocabulary)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read);
        byte[] header = new byte[HeaderBytes];
        if (file.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes || !header.AsSpan(0, 16).SequenceEqual(Name))
            throw new ModelFileException(path, 0, "is no saved cache");
        if (!header.AsSpan(16, 32).SequenceEqual(identity)) throw new ModelFileException(path, 16, "was saved with another model or precision");
        int length = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(48));
        long pages = (length + (long)PagePool.Positions - 1) / PagePool.Positions, expected = HeaderBytes + 4L * length + pages * pool.PageBytes;
        if (length < 0 || file.Length != expected) throw new ModelFileException(path, 48, $"has {length} tokens and {file.Length} bytes; {expected} bytes were expected for them");
        if (length > line.Context) throw new CacheFullException($"{path}: {length} tokens are beyond the context of {line.Context}.");
        int[] tokens = new int[length];
        file.ReadExactly(MemoryMarshal.AsBytes(tokens.AsSpan()));
        int wrong = Array.FindIndex(tokens, token => (uint)token >= (uint)vocabulary);
        if (wrong >= 0) throw new ModelFileException(path, HeaderBytes + 4L * wrong, $"{tokens[wrong]} is no token; 0 to {vocabulary - 1} was expected");
        if (!line.MakeRoom(length)) throw new CacheFullException($"{path}: there is no memory for its {length} tokens.");
        foreach (int page in line.Pages) file.ReadExactly(new Span<byte>(pool.Block(page, 0), checked((int)pool.PageBytes)));
        line.Append(tokens);
    }
}
