// Memory outside of the collector's heap, for what is large or must stay in place. Knows no contents.

using System.Runtime.InteropServices;

namespace Baltoro.Engine.Kernels;

/// <summary>An array of <see cref="Length"/> elements, zeroed, beginning at a multiple of 64 bytes. Freed by <see cref="Dispose"/>; not before its last reader is done.</summary>
sealed unsafe class Native<T> : IDisposable where T : unmanaged
{
    T* _start;

    public Native(long length)
    {
        Length = length;
        nuint bytes = checked((nuint)(length * sizeof(T)));
        _start = (T*)NativeMemory.AlignedAlloc(bytes + 64, 64);
        NativeMemory.Clear(_start, bytes + 64);
        GC.AddMemoryPressure((long)bytes + 64);
    }

    ~Native() => Free();

    public long Length { get; }

    public T* Start => _start;

    public Span<T> Span => new(_start, checked((int)Length));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    void Free()
    {
        if (_start == null) return;
        NativeMemory.AlignedFree(_start);
        GC.RemoveMemoryPressure(Length * sizeof(T) + 64);
        _start = null;
    }
}
