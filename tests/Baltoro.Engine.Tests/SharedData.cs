// Finds data that lies beside the repository and is no part of it. Knows no data.

namespace Baltoro.Engine.Tests;

static class SharedData
{
    /// <summary>The path of a file in <c>../shared</c>; where it is not, the test is skipped, and fails in CI.</summary>
    public static string Find(params string[] path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (Path.Combine([folder.FullName, "shared", .. path]) is var found && File.Exists(found)) return found;
        if (Environment.GetEnvironmentVariable("CI") == "true") throw new FileNotFoundException($"{string.Join('/', path)} in ../shared: needed by tests when CI=true");
        Assert.Skip($"{string.Join('/', path)} is not in ../shared.");
        return "";
    }
}
