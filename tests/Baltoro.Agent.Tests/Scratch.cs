// A folder of one test's own, gone when the test is.

namespace Baltoro.Agent.Tests;

sealed class Scratch : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("baltoro-agent-").FullName;

    public string Folder(string name) => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
