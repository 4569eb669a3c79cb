// Where things lie in the checkout that these tests were built from.

using System.Runtime.CompilerServices;

namespace Baltoro.Cli.Tests.EndToEnd;

static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Artifacts { get; } = Path.Combine(Root, "artifacts");

    static string FindRoot([CallerFilePath] string here = "")
    {
        // The built tests lie under artifacts/ of the repository; the source path is the second guess, for moved output.
        foreach (var start in (string?[])[AppContext.BaseDirectory, Path.GetDirectoryName(here)])
            for (var folder = start; folder is not null; folder = Path.GetDirectoryName(folder))
                if (File.Exists(Path.Combine(folder, "Baltoro.slnx"))) return folder;
        throw new DirectoryNotFoundException($"No Baltoro.slnx above {AppContext.BaseDirectory}: the tests run inside the checkout only.");
    }
}
