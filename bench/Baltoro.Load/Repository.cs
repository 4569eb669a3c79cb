// Where this repository lies and what state it is in.

using System.Diagnostics;

namespace Baltoro.Load;

static class Repository
{
    public static string Root()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Baltoro.slnx"))) folder = Path.GetDirectoryName(folder);
        return folder ?? throw new DirectoryNotFoundException("Baltoro.slnx: not found above the program's folder");
    }

    /// <summary>The commit's short hash, with a mark when the working tree differs from it; <c>unknown</c> without git.</summary>
    public static string Commit(string root)
    {
        try
        {
            return Git(root, "rev-parse", "--short=10", "HEAD") + (Git(root, "status", "--porcelain", "--", "src").Length > 0 ? " and changes" : "");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "unknown";
        }
    }

    static string Git(string root, params string[] arguments)
    {
        using Process git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = root, RedirectStandardOutput = true })!;
        string output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return output;
    }
}
