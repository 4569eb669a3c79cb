// A part of a text on disk: what the pages of the cache hold for it. Knows no arithmetic.

using System.Security.Cryptography;

namespace Baltoro.Engine.Cache;

/// <summary>80 bytes of header (the format's name, 32 bytes that say which part of which text, a checksum of what follows), then whole pages as they are in memory.</summary>
static unsafe class PrefixFile
{
    const int HeaderBytes = 80;

    public static ReadOnlySpan<byte> Format => "BALTORO PREFIX 2"u8;

    public static long Bytes(int pages, PagePool pool) => HeaderBytes + pages * pool.PageBytes;

    /// <summary>Writes it to a new file, for this user's eyes only, which replaces an old one when it is whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, byte[] name, ReadOnlySpan<int> pages, PagePool pool)
    {
        string partial = $"{path}.{Environment.ProcessId}.partial";
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using (FileStream file = new(partial, options))
            {
                using IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                foreach (int page in pages) sum.AppendData(Contents(page, pool));
                file.Write([.. Format, .. name, .. sum.GetHashAndReset()]);
                foreach (int page in pages) file.Write(Contents(page, pool));
            }
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Reads into pages that nobody else looks at yet.</summary>
    /// <param name="known">How many of the first pages have what the file has, and stay as they are.</param>
    /// <returns>What is wrong with the file, in the words of a message; null when all was read.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static string? Read(string path, byte[] name, ReadOnlySpan<int> pages, int known, PagePool pool)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        if (file.Length != Bytes(pages.Length, pool)) return $"has {file.Length} bytes; {Bytes(pages.Length, pool)} were expected";
        Span<byte> header = stackalloc byte[HeaderBytes];
        file.ReadExactly(header);
        if (!header[..16].SequenceEqual(Format) || !header[16..48].SequenceEqual(name)) return "is not of the text and model that its name says";
        using IncrementalHash sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] unused = known > 0 ? new byte[pool.PageBytes] : [];
        for (int i = 0; i < pages.Length; i++)
        {
            Span<byte> contents = i < known ? unused : Contents(pages[i], pool);
            file.ReadExactly(contents);
            sum.AppendData(contents);
        }
        return header[48..].SequenceEqual(sum.GetHashAndReset()) ? null : "is damaged: its checksum is another";
    }

    static Span<byte> Contents(int page, PagePool pool) => new(pool.Block(page, 0), checked((int)pool.PageBytes));
}
