// What a file holds that a call is about to write, to be shown beside what it would hold. It refuses to know who looks.

using Baltoro.Agent.Tools;

namespace Baltoro.Cli.Terminal;

static class FileNow
{
    /// <summary>Nobody reads the difference of longer ones on a terminal.</summary>
    const int MostBytes = 2_000_000;

    /// <returns>Empty where there is no file yet; null for a call that writes none, or several, and for what is no text, too long, or not to be read.</returns>
    public static string? Of(Footprint footprint)
    {
        if (footprint is not Footprint.Writes { Paths: [var path] }) return null;
        try
        {
            FileInfo file = new(path);
            if (!file.Exists) return Path.Exists(path) ? null : "";
            // A pipe or a device has no length either, and would have us wait.
            if (file.Length == 0) return "";
            if (file.Length > MostBytes) return null;
            string text = File.ReadAllText(path);
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The call will say so itself.
            return null;
        }
    }
}
