// A text file held whole, with all that must survive a change to it. It does not decide what may be changed.

namespace Baltoro.Agent.Tools;

/// <summary>What a path was found to hold.</summary>
abstract record FileContent
{
    FileContent() { }

    /// <param name="Path">Absolute, links followed.</param>
    /// <param name="Bytes">All of the file.</param>
    public sealed record Text(string Path, byte[] Bytes, string Content, TextEncoding Encoding) : FileContent;

    /// <summary>Nothing is there, and something may be written there.</summary>
    /// <param name="Path">Absolute, links followed.</param>
    public sealed record Absent(string Path) : FileContent;

    /// <param name="Why">A sentence that names the file.</param>
    public sealed record Refused(string Why) : FileContent;
}

static class TextFile
{
    /// <summary>Larger files are changed with the shell's tools, not by holding them.</summary>
    public const int MaxBytes = 32 << 20;

    /// <summary>Reads a file in order to change it.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="may">As for <see cref="RegularFile.OpenToRead"/>.</param>
    public static async Task<FileContent> Load(string path, string shown, Func<string, bool>? may, CancellationToken cancellation)
    {
        string real;
        try
        {
            real = RealPath.Of(path);
        }
        catch (IOException e)
        {
            return new FileContent.Refused(e.Message);
        }
        if (!Path.Exists(real)) return new FileContent.Absent(real);
        switch (RegularFile.OpenToRead(real, may))
        {
            case RegularFile.Refused refused: return new FileContent.Refused($"{shown}: {refused.Why}");
            case RegularFile.Open { Stream: var stream }:
                await using (stream)
                {
                    if (stream.Length > MaxBytes)
                        return new FileContent.Refused($"{shown}: {stream.Length:N0} bytes is more than the {MaxBytes:N0} that can be changed here. Use Bash (sed, split).");
                    byte[] bytes = new byte[stream.Length];
                    int read = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
                    bytes = bytes[..read];
                    return TextEncodings.Detect(bytes) is { } encoding && encoding.Decode(bytes) is { } content
                        ? new FileContent.Text(real, bytes, content, encoding)
                        : new FileContent.Refused($"{shown}: It is a binary file, not text.");
                }
            default: throw new InvalidOperationException("An unknown kind of file.");
        }
    }

    /// <summary>Replaces a file's content as one step: whoever reads sees all of the old or all of the new. Mode stays; folders are made.</summary>
    /// <param name="real">Absolute, links followed.</param>
    /// <param name="may">Asked about <paramref name="real"/> once its folder is held. Null permits.</param>
    /// <exception cref="IOException">The system refused, or a link was put in the way; nothing has changed.</exception>
    /// <exception cref="UnauthorizedAccessException">As above.</exception>
    public static async Task Replace(string real, byte[] bytes, Func<string, bool>? may, CancellationToken cancellation)
    {
        using HeldFolder held = HeldFolder.Make(Path.GetDirectoryName(real)!);
        if (may is not null && !may(real)) throw new UnauthorizedAccessException("It leads to a place that may not be written.");
        string folder = held.Name;
        real = Path.Join(folder, Path.GetFileName(real));
        string draft = Path.Join(folder, $".{Path.GetFileName(real)[..Math.Min(100, Path.GetFileName(real).Length)]}.{Guid.NewGuid():N}.draft");
        try
        {
            await using (FileStream stream = new(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                if (!OperatingSystem.IsWindows() && File.Exists(real)) File.SetUnixFileMode(stream.SafeFileHandle, File.GetUnixFileMode(real));
                await stream.WriteAsync(bytes, cancellation);
                stream.Flush(flushToDisk: true);
            }
            File.Move(draft, real, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
