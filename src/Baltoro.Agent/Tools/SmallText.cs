// Reads a text file that a stranger may have put there, whole or not at all: no pipe, no device, nothing without end. It does not know what the file is for.

using System.Text;

namespace Baltoro.Agent.Tools;

/// <summary>What became of reading it.</summary>
public abstract record SmallText
{
    SmallText() { }

    public sealed record Whole(string Content) : SmallText;

    public sealed record Absent : SmallText;

    /// <param name="Why">A sentence about the file that does not name it.</param>
    public sealed record Refused(string Why) : SmallText;

    /// <param name="path">Absolute.</param>
    /// <param name="most">Bytes; a larger file is refused.</param>
    public static SmallText Read(string path, int most)
    {
        if (!Path.Exists(path)) return new Absent();
        switch (RegularFile.OpenToRead(path))
        {
            case RegularFile.Refused refused: return new Refused(refused.Why);
            case RegularFile.Open { Stream: var stream }:
                using (stream)
                {
                    try
                    {
                        if (stream.Length > most) return new Refused($"It is larger than {most:N0} bytes.");
                        byte[] bytes = new byte[stream.Length];
                        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
                        using StreamReader text = new(new MemoryStream(bytes, 0, read), Encoding.UTF8);
                        return new Whole(text.ReadToEnd());
                    }
                    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                    {
                        return new Refused($"It cannot be read: {e.Message}");
                    }
                }
            default: throw new InvalidOperationException("An unknown kind of file.");
        }
    }
}
