// A whole file mapped into memory for reading. Knows no format.

using System.IO.MemoryMappedFiles;
using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Gguf;

/// <summary>Bytes of a file at a fixed address until disposed. The file must not be shortened meanwhile.</summary>
sealed unsafe class MappedFile : IDisposable
{
    readonly MemoryMappedFile _map;
    readonly MemoryMappedViewAccessor _view;

    public MappedFile(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        if (file.Length == 0) throw new ModelFileException(path, 0, "the file is empty");
        (Path, Length) = (path, file.Length);
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        Start = start + _view.PointerOffset;
        LargePages.Ask(start, Length);
    }

    public string Path { get; }

    public long Length { get; }

    public byte* Start { get; }

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }
}
