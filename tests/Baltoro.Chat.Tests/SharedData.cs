// Data for tests that lies beside the repository and is not part of it.

namespace Baltoro.Chat.Tests;

static class SharedData
{
    /// <summary>Files below the folder <c>shared</c> beside the repository; none where there is no such folder, which in CI is a failure.</summary>
    public static string[] Files(string folder, string pattern)
    {
        string? root = AppContext.BaseDirectory;
        while (root is not null && !File.Exists(Path.Combine(root, "Baltoro.slnx"))) root = Path.GetDirectoryName(root);
        string path = Path.Combine(root ?? ".", "..", "shared", folder);
        if (Directory.Exists(path)) return [.. Directory.GetFiles(path, pattern).Order(StringComparer.Ordinal)];
        return Environment.GetEnvironmentVariable("CI") == "true" ? throw new DirectoryNotFoundException($"{path}: needed by tests when CI=true") : [];
    }
}
