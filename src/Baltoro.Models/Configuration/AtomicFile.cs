// A small file that is replaced as a whole: whoever reads it sees the old text or the new one. It refuses to know what the text means.

using System.Text;

namespace Baltoro.Models;

public static class AtomicFile
{
    /// <summary>
    /// Writes beside the file, then renames over it. The file's time moves on with every write, also with two within one tick of the system's
    /// clock, so that the time alone tells readers whether there is something new.
    /// </summary>
    /// <exception cref="IOException">The disk, or the folder's rights, are against it; the old file is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        string draft = $"{path}.{Guid.NewGuid():n}";
        try
        {
            using (FileStream file = new(draft, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            DateTime before = File.GetLastWriteTimeUtc(path);
            if (File.GetLastWriteTimeUtc(draft) <= before) File.SetLastWriteTimeUtc(draft, before.AddTicks(10));
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }
}
