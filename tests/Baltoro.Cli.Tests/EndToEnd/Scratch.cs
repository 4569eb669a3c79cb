// A folder of one test's own, gone when the test is.

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("baltoro-test-").FullName;

    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
