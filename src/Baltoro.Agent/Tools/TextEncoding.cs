// How the bytes of a text file are read and written back without changing a byte that nobody meant to change. It knows no files.

using System.Text;

namespace Baltoro.Agent.Tools;

/// <summary>The encodings that text files are found in.</summary>
enum TextEncoding
{
    Utf8,
    Utf8WithMark,
    Utf16LittleEndian,
    Utf16BigEndian,

    /// <summary>Windows-1252 with Latin-1's control characters in its five gaps: every byte has a character, so every file survives.</summary>
    Western,
}

static class TextEncodings
{
    /// <summary>How far a NUL byte is looked for, as git does.</summary>
    public const int BinaryProbe = 8000;

    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    static readonly UnicodeEncoding StrictUtf16LittleEndian = new(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true);

    static readonly UnicodeEncoding StrictUtf16BigEndian = new(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true);

    /// <summary>The characters of the bytes 0x80 to 0x9F (the WHATWG encoding standard's windows-1252 index).</summary>
    const string WesternHigh =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F" +
        "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    /// <summary>The encoding that the bytes are in, null when they are no text.</summary>
    /// <param name="bytes">A file's beginning or all of it; a character that the end cuts is forgiven.</param>
    public static TextEncoding? Detect(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith<byte>([0xEF, 0xBB, 0xBF])) return IsUtf8(bytes) ? TextEncoding.Utf8WithMark : null;
        if (bytes.StartsWith<byte>([0xFF, 0xFE]) && !bytes.StartsWith<byte>([0xFF, 0xFE, 0, 0])) return TextEncoding.Utf16LittleEndian;
        if (bytes.StartsWith<byte>([0xFE, 0xFF])) return TextEncoding.Utf16BigEndian;
        if (bytes[..Math.Min(bytes.Length, BinaryProbe)].Contains((byte)0)) return null;
        return IsUtf8(bytes) ? TextEncoding.Utf8 : TextEncoding.Western;
    }

    /// <summary>Null when the bytes are not of this encoding.</summary>
    /// <param name="bytes">A whole file, with its byte order mark if it has one.</param>
    public static string? Decode(this TextEncoding encoding, ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[encoding.Mark().Length..];
        if (encoding == TextEncoding.Western) return DecodeWestern(bytes);
        try
        {
            return encoding.Strict().GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>The bytes with the byte order mark; null when the text holds a character that the encoding has not.</summary>
    public static byte[]? Encode(this TextEncoding encoding, string text)
    {
        if (encoding == TextEncoding.Western) return EncodeWestern(text);
        try
        {
            return [.. encoding.Mark(), .. encoding.Strict().GetBytes(text)];
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>For a stream of a file too large to hold; what is broken in it becomes U+FFFD.</summary>
    public static Encoding Lenient(this TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf16LittleEndian => Encoding.Unicode,
        TextEncoding.Utf16BigEndian => Encoding.BigEndianUnicode,
        TextEncoding.Western => Encoding.Latin1,
        _ => Encoding.UTF8,
    };

    public static string Name(this TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf8 or TextEncoding.Utf8WithMark => "UTF-8",
        TextEncoding.Western => "Windows-1252",
        _ => "UTF-16",
    };

    static byte[] Mark(this TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf8WithMark => [0xEF, 0xBB, 0xBF],
        TextEncoding.Utf16LittleEndian => [0xFF, 0xFE],
        TextEncoding.Utf16BigEndian => [0xFE, 0xFF],
        _ => [],
    };

    static Encoding Strict(this TextEncoding encoding) => encoding switch
    {
        TextEncoding.Utf16LittleEndian => StrictUtf16LittleEndian,
        TextEncoding.Utf16BigEndian => StrictUtf16BigEndian,
        _ => StrictUtf8,
    };

    static bool IsUtf8(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out _, out int read) is var status and not System.Buffers.OperationStatus.Done)
                return status == System.Buffers.OperationStatus.NeedMoreData;
            bytes = bytes[read..];
            int ascii = bytes.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            bytes = ascii < 0 ? default : bytes[ascii..];
        }
        return true;
    }

    static string DecodeWestern(ReadOnlySpan<byte> bytes) =>
        string.Create(bytes.Length, bytes, static (text, from) =>
        {
            for (int i = 0; i < text.Length; i++) text[i] = from[i] is >= 0x80 and < 0xA0 ? WesternHigh[from[i] - 0x80] : (char)from[i];
        });

    static byte[]? EncodeWestern(string text)
    {
        byte[] bytes = new byte[text.Length];
        for (int i = 0; i < bytes.Length; i++)
        {
            char c = text[i];
            int high = c < 0x80 ? -1 : WesternHigh.IndexOf(c);
            if (high >= 0) bytes[i] = (byte)(0x80 + high);
            else if (c is < (char)0x80 or >= (char)0xA0 and <= (char)0xFF) bytes[i] = (byte)c;
            else return null;
        }
        return bytes;
    }
}
