// A folder for the files of one test.

namespace Baltoro.Engine.Tests;

sealed class Folder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("baltoro-engine-").FullName;

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
