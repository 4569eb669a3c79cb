// Large texts of a session in files named after their contents; it refuses to know what they say.

using System.Security.Cryptography;
using System.Text;

namespace Baltoro.Agent.Sessions;

/// <summary>
/// A folder of immutable files, each named by the SHA-256 of its UTF-8 text in hex. A blob is on disk before the event that names it.
/// Safe for several threads; equal texts share a file.
/// </summary>
public sealed class Blobs(string folder)
{
    /// <summary>Characters from which on a text becomes a blob.</summary>
    public const int Threshold = 16_384;

    /// <returns>The name under which <see cref="Get"/> finds the text.</returns>
    public string Put(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        string name = Convert.ToHexStringLower(SHA256.HashData(bytes));
        string path = Path.Combine(folder, name);
        if (File.Exists(path) && new FileInfo(path).Length == bytes.Length) return name;
        Directory.CreateDirectory(folder);
        // A half-written blob must not bear the name of a whole one.
        string draft = $"{path}.{Guid.NewGuid():n}.part";
        using (FileStream file = new(draft, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
        return name;
    }

    /// <returns>Null when there is no such blob, or its contents are not what its name says.</returns>
    public string? Get(string name)
    {
        // Names come out of a file that anyone may have edited: only a hash is one.
        if (name.Length != 64 || !name.All(char.IsAsciiHexDigitLower)) return null;
        string path = Path.Combine(folder, name);
        if (!File.Exists(path)) return null;
        byte[] bytes = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == name ? Encoding.UTF8.GetString(bytes) : null;
    }
}
