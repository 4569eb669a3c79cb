// How many tokens an image costs, from the first bytes of its file; it refuses to decode pictures.

using System.Buffers.Binary;

namespace Baltoro.Chat;

/// <summary>
/// Anthropic's rule: width × height / 750, larger images being scaled down to about 1,600 tokens
/// (platform.claude.com/docs/en/build-with-claude/vision). Others charge less or little more.
/// </summary>
static class ImageTokens
{
    public const long Most = 1600;

    /// <summary>Enough to pass the metadata in front of a photograph's size; a multiple of four.</summary>
    const int LongestPrefix = 1 << 17;

    public static long Of(string base64)
    {
        int length = Math.Min(base64.Length, LongestPrefix) / 4 * 4;
        byte[] bytes = new byte[length / 4 * 3];
        return Convert.TryFromBase64Chars(base64.AsSpan(0, length), bytes, out int written) && Size(bytes.AsSpan(0, written)) is { } size
            ? Math.Clamp(((long)size.Width * size.Height) / 750, 1, Most)
            : Most;
    }

    /// <summary>Null when the bytes are no PNG, JPEG or GIF, or end too early.</summary>
    static (int Width, int Height)? Size(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] when file.Length >= 24 =>
            (BinaryPrimitives.ReadInt32BigEndian(file[16..]) & int.MaxValue, BinaryPrimitives.ReadInt32BigEndian(file[20..]) & int.MaxValue),
        [(byte)'G', (byte)'I', (byte)'F', ..] when file.Length >= 10 =>
            (BinaryPrimitives.ReadUInt16LittleEndian(file[6..]), BinaryPrimitives.ReadUInt16LittleEndian(file[8..])),
        [0xFF, 0xD8, ..] => JpegSize(file[2..]),
        _ => null,
    };

    /// <summary>Walks the segments (marker, length, content) to the frame header, which is any C0 to CF but the tables C4, C8 and CC.</summary>
    static (int Width, int Height)? JpegSize(ReadOnlySpan<byte> segments)
    {
        while (segments.Length >= 9 && segments[0] == 0xFF)
        {
            byte marker = segments[1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return (BinaryPrimitives.ReadUInt16BigEndian(segments[7..]), BinaryPrimitives.ReadUInt16BigEndian(segments[5..]));
            int length = 2 + BinaryPrimitives.ReadUInt16BigEndian(segments[2..]);
            if (length > segments.Length) return null;
            segments = segments[length..];
        }
        return null;
    }
}
